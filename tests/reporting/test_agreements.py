"""« Accord de communication »: each party gives its own, once, for a year that is over (C30)."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clauses_portal.core.errors import DomainError
from facilitators.enums import Role
from reporting.enums import Dataset, Party
from reporting.models import PublicationAgreement
from reporting.services.agreements import NOT_OVER, give_agreement, parties_of
from tests.factories.accounts import author
from tests.support.pages import assert_done, assert_refused, document, form_of, submit, table, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

URL = "/accords-de-communication/"
OPEN_DATA = Dataset.OPEN_DATA


def give(party, year=2025, **options):
    return give_agreement(dataset=OPEN_DATA, year=year, party=party, by=author(), **options)


def test_both_parties_must_agree():
    assert not PublicationAgreement.objects.all().allow(OPEN_DATA, 2025)
    give(Party.DEPARTMENT)
    assert not PublicationAgreement.objects.all().allow(OPEN_DATA, 2025)
    give(Party.METROPOLIS)
    assert PublicationAgreement.objects.all().allow(OPEN_DATA, 2025)
    assert not PublicationAgreement.objects.all().allow(OPEN_DATA, 2024)
    assert not PublicationAgreement.objects.all().allow(Dataset.ANNUAL_REPORT, 2025)


def test_an_agreement_is_given_once():
    give(Party.DEPARTMENT)
    with pytest.raises(ValidationError, match="Cet accord est déjà donné."):
        give(Party.DEPARTMENT)


def test_a_year_under_way_is_not_agreed_upon():
    with pytest.raises(DomainError, match=NOT_OVER):
        give(Party.DEPARTMENT, year=2026)


@pytest.mark.parametrize(
    ("role", "parties"),
    [
        (Role.MISSION_OFFICER, [Party.DEPARTMENT]),
        (Role.FACILITATOR, [Party.METROPOLIS]),
        (Role.LEGAL_OFFICER, []),
        (Role.DIRECTOR, []),
    ],
)
def test_who_speaks_for_whom(as_role, role, parties):
    assert parties_of(as_role(role).user) == parties


def test_each_gives_its_own_on_the_page(as_role):
    for role, party, label in (
        (Role.MISSION_OFFICER, Party.DEPARTMENT, "Département"),
        (Role.FACILITATOR, Party.METROPOLIS, "Métropole"),
    ):
        client = as_role(role)
        page = client.get(URL)
        assert form_of(page).inputs["party"].value_options == [party]
        given = submit(client, URL, dataset=OPEN_DATA, year="2025", party=party, note="Réunion du 02/09")
        assert_done(given, "L’accord est enregistré.")
        assert [row[:3] for row in table(given)][-1 if party == Party.METROPOLIS else 0] == [
            "2025",
            "Agrégat annuel en données ouvertes",
            label,
        ]
    assert PublicationAgreement.objects.all().allow(OPEN_DATA, 2025)


def test_nobody_gives_the_agreement_of_the_other_party(as_role):
    client = as_role(Role.FACILITATOR)
    response = client.post(URL, {"dataset": OPEN_DATA, "year": "2025", "party": Party.DEPARTMENT})
    assert response.status_code == 422
    assert not PublicationAgreement.objects.exists()


def test_giving_it_twice_is_told(as_role):
    give(Party.DEPARTMENT)
    response = submit(as_role(Role.MISSION_OFFICER), URL, dataset=OPEN_DATA, year="2025", party=Party.DEPARTMENT)
    assert_refused(response, "Cet accord est déjà donné.")


def test_those_who_do_not_agree_see_what_was_agreed(as_role):
    client = as_role(Role.DIRECTOR)
    assert "Aucun accord" in words(client.get(URL))
    give(Party.DEPARTMENT, note="Courrier du 3 mars")
    page = client.get(URL)
    assert "Courrier du 3 mars" in words(page)
    assert "Donner un accord" not in words(page)
    assert client.post(URL, {"year": "2025"}).status_code == 403


def test_the_pages_beside_are_those_one_may_open(as_role):
    names = [link.text_content() for link in _tabs(as_role(Role.DIRECTOR).get(URL))]
    assert names == ["États et bilans", "Données ouvertes", "Accords de communication"]
    names = [link.text_content() for link in _tabs(as_role(Role.MISSION_OFFICER).get(reverse("reporting:decp")))]
    assert names == [
        *("États et bilans", "Consolidation annuelle", "FSE+"),
        *("Données ouvertes", "Accords de communication", "Cohérence DECP"),
    ]


def _tabs(response):
    return document(response).xpath("//nav[@aria-label='États et bilans']//a")
