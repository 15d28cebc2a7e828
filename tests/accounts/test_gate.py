"""Between the sign-in and the portal: the charter, then the second factor, each once a session."""

import pytest
from django.test import Client
from django.urls import reverse

from clauses_portal.accounts import charter
from clauses_portal.accounts.charter import accept_charter
from clauses_portal.accounts.models import CharterAcceptance, JournalAction, JournalEntry
from facilitators.enums import Role
from facilitators.permissions import grant
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.gate import passed_gate
from tests.support.pages import form_of, submit, words
from tests.support.second_factor import telephone_of
from tests.support.strictness import StrictClient

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

CHARTER, APP = "/compte/charte/", "/compte/second-facteur/application/"
CODE_AGAIN = "/compte/confirmation/code/"


@pytest.fixture
def newcomer(client, territory):
    """Signed in by password, nothing more. Her account is `.user`."""
    client.user = UserFactory(email="nouvelle@example.test")
    grant(user=client.user, role=Role.MISSION_OFFICER, by=None)
    client.post("/compte/connexion/", {"login": client.user.email, "password": PASSWORD})
    return client


def forget(client, *keys):
    session = client.session
    for key in keys:
        session.pop(key, None)
    session.save()


def test_the_charter_comes_first_then_the_second_factor(newcomer):
    assert newcomer.get("/marches/?etat=clos").url == f"{CHARTER}?next=%2Fmarches%2F%3Fetat%3Dclos"
    answer = submit(newcomer, f"{CHARTER}?next=/marches/", action="")
    assert answer.redirect_chain == [("/marches/", 302), (f"{APP}?next=%2Fmarches%2F", 302)]
    assert "Protégez votre compte" in words(answer)


@pytest.mark.parametrize(
    "path", ["/", "/marches/", "/personnes/", "/compte/", "/compte/mot-de-passe/", "/mes-coordonnees/"]
)
def test_nothing_opens_before_the_second_factor(newcomer, path):
    accept_charter(by=newcomer.user)
    assert newcomer.get(path).url.startswith(APP)
    assert newcomer.post(path, {}).url == f"{APP}?next=%2F"


@pytest.mark.parametrize("path", ["/aide/", "/accessibilite/", "/mentions-legales/", "/compte/deconnexion/", CHARTER])
def test_the_way_out_and_the_public_pages_stay_open(newcomer, path):
    assert newcomer.get(path).status_code == 200


def test_a_superuser_passes_the_gate_too(client):
    user = UserFactory(is_superuser=True, is_staff=True)
    client.post("/compte/connexion/", {"login": user.email, "password": PASSWORD})
    assert client.get("/").url.startswith(CHARTER)
    accept_charter(by=user)
    assert client.get("/").url.startswith(APP)


def test_once_passed_the_gate_costs_no_query(as_role, count_queries):
    officer = as_role(Role.MISSION_OFFICER)
    officer.get("/notifications/")
    inside = count_queries(lambda: officer.get("/notifications/"))
    forget(officer, charter.SESSION_KEY)
    accept_charter(by=officer.user)
    assert count_queries(lambda: officer.get("/notifications/")) > inside
    assert count_queries(lambda: officer.get("/notifications/")) == inside


def test_a_new_version_of_the_charter_is_read_again(as_role, monkeypatch):
    officer = as_role(Role.MISSION_OFFICER)
    accept_charter(by=officer.user)
    monkeypatch.setattr(charter, "CHARTER_VERSION", "2027-1")
    assert officer.get("/").url.startswith(CHARTER)
    submit(officer, CHARTER, action="")
    assert officer.get("/").status_code == 200
    assert set(CharterAcceptance.objects.values_list("version", flat=True)) == {"2026-1", "2027-1"}


def test_accepting_leaves_one_row_and_one_line(newcomer):
    for _ in range(2):
        newcomer.post(CHARTER)
    acceptance = CharterAcceptance.objects.get(user=newcomer.user)
    assert JournalEntry.objects.get(action=JournalAction.CHARTER).actor == newcomer.user
    accept_charter(by=newcomer.user)
    assert f"{acceptance.accepted_on:%d/%m/%Y}" in words(newcomer.get(CHARTER))


def test_the_charter_says_the_secret_and_leads_nowhere_else(newcomer):
    page = newcomer.get(f"{CHARTER}?next=https://ailleurs.example/")
    assert "secret professionnel" in words(page)
    assert form_of(page, action="").fields["next"] == ""
    assert newcomer.post(CHARTER, {"next": "https://ailleurs.example/"}).url == "/"


def test_a_factor_set_up_elsewhere_is_shown_never_replaced(newcomer):
    """Somebody who knows the password and came in before her owner set a factor up does not set up hers."""
    accept_charter(by=newcomer.user)
    telephone = telephone_of(newcomer.user)
    for path in ("/marches/", APP, "/compte/second-facteur/cles/nouvelle/"):
        assert newcomer.get(path).url.startswith(CODE_AGAIN), path
    answer = newcomer.post(f"{CODE_AGAIN}?next=/marches/", {"code": telephone.code()})
    assert answer.url == "/marches/"
    assert newcomer.get("/marches/").status_code == 200


def test_the_proof_of_one_account_opens_no_other(as_role):
    officer, other = as_role(Role.MISSION_OFFICER), UserFactory()
    session = officer.session
    session.update(passed_gate(other))
    session.save()
    assert officer.get("/").url.startswith(APP)


def test_without_the_obligation_a_password_is_enough(newcomer, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    accept_charter(by=newcomer.user)
    assert newcomer.get("/").status_code == 200
    assert "En service, un second facteur est obligatoire" in words(newcomer.get(reverse("account")))


def test_a_fragment_is_led_to_the_gate_as_a_whole_page(newcomer):
    accept_charter(by=newcomer.user)
    answer = newcomer.get("/notifications/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, f"{APP}?next=%2F")


def test_a_client_of_django_alone_stays_at_the_gate():
    """Tests pass it because StrictClient does; nothing else of theirs does."""
    client, user = Client(), UserFactory()
    client.force_login(user)
    assert client.get("/").url.startswith(CHARTER)
    strict = StrictClient()
    strict.force_login(user)
    assert strict.get("/").status_code == 200
