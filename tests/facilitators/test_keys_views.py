"""The pages of keys: what each sees, a key shown once, revoked by both sides."""

import pytest
from django.urls import reverse

from facilitators.access_keys import MOST_DAYS, create_key, revoke_key
from facilitators.enums import KeyDirection, KeyScope, Role
from facilitators.models import AccessKey, KeyAddress
from tests.factories.accounts import author
from tests.factories.facilitators import ConventionFactory, TerritoryFactory
from tests.support.pages import assert_done, document, errors, submit, table, tidy, told, words
from tests.support.sql import holders_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

LIST = "/cles-d-acces/"
TO_DEPARTMENT = f"{LIST}nouvelle/vers-le-departement/"
TO_FACILITATOR = f"{LIST}nouvelle/vers-le-facilitateur/"


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def officer(as_role, convention):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def administrator(as_role, convention):
    return as_role(Role.ADMINISTRATOR)


def key_of(structure, **changes):
    fields = {"direction": KeyDirection.TO_DEPARTMENT, "label": "Logiciel de suivi", "scopes": [KeyScope.WRITE_HOURS]}
    return create_key(structure=structure, by=author(), **fields | changes)[0]


def sent(convention, **changes):
    fields = {"structure": convention.structure.pk, "label": "Logiciel de suivi", "days": MOST_DAYS, "networks": ""}
    return fields | {"scopes": [KeyScope.WRITE_HOURS]} | changes


def shown(response):
    """The text of the key in the page, None when there is none."""
    return next(iter(document(response).xpath("//input[@id='cle-creee']/@value")), None)


def test_the_list_is_empty_at_first(facilitator):
    assert "Aucune clé d’accès" in words(facilitator.get(LIST))


def test_the_list_says_what_each_key_is(officer, convention):
    used = key_of(convention.structure, scopes=[KeyScope.READ_HOURS, KeyScope.WRITE_HOURS], days=30)
    AccessKey.objects.filter(pk=used.pk).update(last_used_on="2026-09-15T07:30:00Z")
    KeyAddress.objects.create(key=used, address="192.0.2.10")
    closed = key_of(convention.structure, label="Ancien logiciel")
    revoke_key(key=closed, by=officer.user)
    assert table(officer.get(LIST), f"Clés de {convention.structure}") == [
        [
            f"Ancien logiciel csk_{closed.prefix}…",
            "du facilitateur au Département",
            "Déposer les heures",
            "15/09/2026 par Ada Auteur",
            "15/09/2027",
            "Jamais",
            f"Révoquée le 15/09/2026 par {officer.user}",
        ],
        [
            f"Logiciel de suivi csk_{used.prefix}…",
            "du facilitateur au Département",
            "Lire les contrats et les heures Déposer les heures",
            "15/09/2026 par Ada Auteur",
            "15/10/2026",
            "15/09/2026 09:30 dernière nouvelle adresse : 192.0.2.10",
            "En service",
        ],
    ]


def test_the_keys_of_two_structures_are_apart(officer, facilitator, convention):
    other = ConventionFactory(territories=[TerritoryFactory()]).structure
    key_of(convention.structure)
    key_of(other)
    captions = "//main//table/caption/text()"
    assert len(document(officer.get(LIST)).xpath(captions)) == 2
    assert [str(other) in text for text in document(facilitator.get(LIST)).xpath(captions)] == [False]


def test_a_key_is_created_and_shown_once(facilitator, convention):
    response = facilitator.post(TO_DEPARTMENT, sent(convention, networks="192.0.2.10\n198.51.100.0/24"))
    assert response.status_code == 200
    key, text = AccessKey.objects.get(), shown(response)
    assert (key.structure, key.direction, key.scopes) == (convention.structure, "to_department", ["hours:write"])
    assert (key.created_by, key.networks) == (facilitator.user, ["192.0.2.10/32", "198.51.100.0/24"])
    assert text.startswith(f"csk_{key.prefix}_")
    assert response.content.decode().count(text) == 1
    assert "no-store" in response["Cache-Control"]
    assert holders_of(text.rsplit(key.prefix, 1)[1][1:]) == []
    assert facilitator.get("/api/v1/lots", headers={"authorization": "Bearer x"}).status_code == 401
    for page in (LIST, reverse("facilitators:key", args=[key.pk]), TO_DEPARTMENT, "/"):
        assert text not in facilitator.get(page).content.decode()


def test_the_key_that_was_shown_opens(facilitator, convention, client):
    text = shown(facilitator.post(TO_DEPARTMENT, sent(convention, scopes=[KeyScope.READ_MARKETS])))
    client.writable |= {"facilitators_accesskey", "facilitators_keyaddress", "facilitators_notification"}
    response = client.get("/api/v1/operations", headers={"authorization": f"Bearer {text}"})
    assert response.status_code == 200


def test_the_form_offers_what_the_direction_and_the_person_may_give(facilitator, administrator):
    def offered(client, url):
        return set(document(client.get(url)).xpath("//input[@name='scopes']/@value"))

    assert offered(facilitator, TO_DEPARTMENT) == set(KeyScope.of(KeyDirection.TO_DEPARTMENT))
    everything = set(KeyScope.of(KeyDirection.TO_FACILITATOR))
    assert offered(administrator, TO_FACILITATOR) == everything
    assert offered(facilitator, TO_FACILITATOR) == everything - {KeyScope.WRITE_MARKETS}


def test_only_the_administrator_creates_the_key_that_deposits_markets(facilitator, administrator, convention):
    wanted = sent(convention, scopes=[KeyScope.WRITE_MARKETS])
    response = facilitator.post(TO_FACILITATOR, wanted)
    assert (response.status_code, AccessKey.objects.count()) == (422, 0)
    assert shown(administrator.post(TO_FACILITATOR, wanted))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"label": ""}, "Ce champ est obligatoire."),
        ({"scopes": []}, "Ce champ est obligatoire."),
        ({"days": 366}, "Assurez-vous que cette valeur est inférieure ou égale à 365."),
        ({"days": 0}, "Assurez-vous que cette valeur est supérieure ou égale à 1."),
        (
            {"networks": "partout"},
            "« partout » n’est ni une adresse, ni un réseau (par exemple 192.0.2.10 ou 192.0.2.0/24).",
        ),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(facilitator, convention, changes, sentence):
    response = facilitator.post(TO_DEPARTMENT, sent(convention, **changes))
    assert (response.status_code, errors(response)) == (422, [sentence])
    assert not AccessKey.objects.exists()


def test_what_belongs_to_the_other_direction_is_refused(facilitator, convention):
    response = facilitator.post(TO_FACILITATOR, sent(convention))
    assert (response.status_code, AccessKey.objects.count()) == (422, 0)


def test_the_structure_of_others_is_refused(facilitator, convention):
    other = ConventionFactory(territories=[TerritoryFactory()]).structure
    response = facilitator.post(TO_DEPARTMENT, sent(convention, structure=other.pk))
    assert (response.status_code, AccessKey.objects.count()) == (422, 0)


def test_a_third_key_is_refused_with_the_way_out(facilitator, convention):
    for _ in range(2):
        assert shown(facilitator.post(TO_DEPARTMENT, sent(convention)))
    response = facilitator.post(TO_DEPARTMENT, sent(convention))
    assert errors(response) == ["Cette structure a déjà deux clés dans ce sens : révoquez-en une d’abord."]


def test_a_direction_that_does_not_exist_is_not_found(facilitator):
    assert facilitator.get(f"{LIST}nouvelle/vers-ailleurs/").status_code == 404


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.MISSION_OFFICER, Role.ADMINISTRATOR])
def test_a_key_is_revoked_by_both_sides(as_role, convention, role):
    client, key = as_role(role), key_of(convention.structure)
    url = reverse("facilitators:key", args=[key.pk])
    response = submit(client, url, reverse("facilitators:key_revoke", args=[key.pk]))
    assert_done(response, "La clé de Logiciel de suivi est révoquée : elle n’ouvre plus rien.")
    assert f"Révoquée par {client.user}" in words(response)
    assert not document(response).xpath("//dialog")


def test_a_key_already_revoked_says_so(officer, convention):
    key = key_of(convention.structure)
    revoke_key(key=key, by=author())
    response = officer.post(reverse("facilitators:key_revoke", args=[key.pk]), follow=True)
    assert told(response) == ["Cette clé est déjà révoquée."]


def test_the_page_of_a_key_tells_its_life(officer, convention):
    key = key_of(convention.structure, networks=["192.0.2.0/24"], days=30)
    KeyAddress.objects.create(key=key, address="192.0.2.10")
    page = officer.get(reverse("facilitators:key", args=[key.pk]))
    assert table(page, "Adresses d’utilisation") == [["192.0.2.10", "15/09/2026 10:00"]]
    life = [tidy(line.text_content()) for line in document(page).xpath("//ol[@class='timeline']/li")]
    assert life == ["15/09/2026 10:00 Créée par Ada Auteur", "15/10/2026 10:00 Expiration"]
    assert {"192.0.2.0/24", "Déposer les heures", f"csk_{key.prefix}…", "En service"} <= set(
        document(page).xpath("//main//*/text()")
    )


def test_the_menu_leads_to_the_keys_of_who_follows_them(officer, as_role):
    assert LIST in document(officer.get("/")).xpath("//nav[@id='menu']//a/@href")
    assert LIST not in document(as_role(Role.LEGAL_OFFICER).get("/")).xpath("//nav[@id='menu']//a/@href")
