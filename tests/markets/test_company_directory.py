"""What the public directory completes, and what it leaves alone: asked on a real socket of this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from clauses_portal.celery import app
from clauses_portal.core.errors import DomainError
from markets.directory import DirectoryAway
from markets.models import Company
from markets.services import company_directory
from markets.services.companies import known_company
from markets.tasks import check_companies, check_company
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import CommuneFactory, siret
from tests.factories.markets import CompanyFactory

pytestmark = pytest.mark.django_db


class Directory(BaseHTTPRequestHandler):
    """Answers about one company, or as `server.status` says."""

    def do_GET(self):
        self.server.asked.append(self.path)
        body = json.dumps({"results": [self.server.company] if self.server.company else []}).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Nothing on the console."""


@pytest.fixture
def server(settings, monkeypatch):
    made = HTTPServer(("127.0.0.1", 0), Directory)
    made.asked, made.company, made.status = [], None, 200
    settings.COMPANY_DIRECTORY_URL = f"http://127.0.0.1:{made.server_port}"
    monkeypatch.setattr(company_directory, "PAUSE", 0)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def told_of(company, **changes):
    """What the directory says of a company, open unless said otherwise."""
    establishment = {
        "siret": company.siret,
        "etat_administratif": "A",
        "activite_principale": "43.21A",
        "commune": "13001",
    }
    return {
        "siren": company.siret[:9],
        "nom_raison_sociale": "PROVENCE BATIMENT",
        "nom_complet": "PROVENCE BATIMENT",
        "categorie_entreprise": "PME",
        "etat_administratif": "A",
        "siege": establishment | changes,
        "matching_etablissements": [],
        "complements": {"est_siae": False},
    }


def test_what_is_missing_is_completed(server):
    company, commune = CompanyFactory(name=""), CommuneFactory(insee_code="13001")
    server.company = told_of(company)
    check_company(company.pk)
    company.refresh_from_db()
    assert (company.name, company.size, company.naf, company.commune) == (
        "PROVENCE BATIMENT",
        "small",
        "43.21A",
        commune,
    )
    assert (company.directory_state, company.verified_at) == ("confirmed", None)


def test_what_is_known_stays(server):
    company = CompanyFactory(
        name="Bâtisseurs", size="large", naf="41.20B", verified_at=timezone.now(), verified_by=author()
    )
    server.company = told_of(company)
    company_directory.check(company=company, by=UserFactory())
    company.refresh_from_db()
    assert (company.name, company.size, company.naf) == ("Bâtisseurs", "large", "41.20B")


def test_a_closed_establishment_is_told(server):
    company = CompanyFactory()
    server.company = told_of(company, etat_administratif="F")
    assert company_directory.check(company=company).directory_state == "closed"


def test_an_unknown_siret_is_told(server):
    assert company_directory.check(company=CompanyFactory()).directory_state == "unknown"


def test_a_directory_that_is_away_leaves_the_company_to_check(server):
    company, server.status = CompanyFactory(), 500
    CompanyFactory()
    with pytest.raises(DirectoryAway):
        company_directory.check(company=company)
    check_companies()
    assert len(server.asked) == 2  # the round stops at the first one
    assert Company.objects.to_check().count() == 2


def test_the_night_checks_those_nobody_asked_about(server):
    CompanyFactory(directory_state="confirmed")
    CompanyFactory.create_batch(2)
    wrong = CompanyFactory()
    Company.objects.filter(pk=wrong.pk).update(siret="12345678901234")
    assert company_directory.check_waiting() == 2
    assert list(Company.objects.to_check()) == [wrong]


def test_nothing_leaves_the_portal_unless_the_office_says_so(server, settings):
    settings.COMPANY_DIRECTORY_URL = ""
    company = CompanyFactory()
    check_companies()
    with pytest.raises(DomainError, match="n’est pas branché"):
        company_directory.check(company=company)
    assert server.asked == []


@pytest.mark.parametrize(("on", "sent"), [(True, ["markets.tasks.check_company"]), (False, [])])
def test_a_new_company_is_checked_once_committed(on, sent, settings, monkeypatch, django_capture_on_commit_callbacks):
    asked = []
    settings.COMPANY_DIRECTORY_URL = "http://annuaire.example" if on else ""
    monkeypatch.setattr(app, "send_task", lambda name, **options: asked.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        known_company(siret=siret(902), name="", by=author())
        known_company(siret=siret(902), name="", by=author())
    assert asked == sent
