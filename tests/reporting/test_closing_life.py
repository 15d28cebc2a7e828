"""A closing report from its draft to its publication: what it waits for, and the version of each company."""

from datetime import date

import pytest

from facilitators.enums import Role
from facilitators.permissions import grant
from markets.models import Lot
from reporting.enums import FileKind, StatementKind
from reporting.models import Statement
from reporting.services.production import ask
from reporting.services.statements import open_statement, write_draft
from reporting.statements.closing_readiness import readiness
from reporting.tasks import produce_statement
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import AlertFactory, AwardFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory
from tests.factories.work import ExitSituationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


@pytest.fixture
def award(territory):
    """Two companies on a lot that ended in July; the first did 100 h with a person who left in June."""
    award = AwardFactory(lot__territory=territory, lot__calibrated=True, lot__ends_on=date(2026, 7, 31))
    AwardFactory(lot=award.lot, role="member", hours_minimum=500)
    contract = EmploymentContractFactory(award=award, validated=True, ended=True)
    HoursEntryFactory(contract=contract)
    ExitSituationFactory(contract=contract)
    return award


@pytest.fixture
def draft(award):
    return open_statement(kind=StatementKind.CLOSING, period=None, market=award.lot.market, by=author())


@pytest.fixture
def facilitator(territory):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


def said(draft, user):
    return [item.sentence for item in readiness(draft, user=user)]


def test_what_is_missing_is_said_until_it_is_there(draft, award, facilitator):
    assert said(draft, facilitator) == [
        "2 situations sont à demander aux personnes.",
        "1 situation sera connue plus tard, la dernière le 15/12/2026.",
        "L’avis du facilitateur n’est pas écrit.",
    ]
    write_draft(statement=draft, opinion="Favorable.", by=author())
    AlertFactory(lot=award.lot)
    Lot.objects.filter(pk=award.lot_id).update(ends_on=date(2026, 12, 31))
    draft.refresh_from_db()
    assert said(draft, facilitator) == [
        "1 lot n’est pas terminé.",
        "2 situations sont à demander aux personnes.",
        "1 situation sera connue plus tard, la dernière le 15/12/2026.",
        "1 alerte est ouverte.",
    ]


def test_each_reader_is_led_only_where_she_may_go(draft, facilitator):
    links = [item.url for item in readiness(draft, user=facilitator)]
    assert links == ["/appels/", "", ""]
    assert [item.url for item in readiness(draft, user=UserFactory())] == ["", "", ""]


def test_its_page_says_what_it_waits_for(draft, as_role):
    page = as_role(Role.FACILITATOR).get(f"/etats/{draft.pk}/").content.decode()
    assert "Ce que ce bilan attend encore" in page
    assert "la dernière le 15/12/2026" in page


def test_it_is_published_with_one_version_a_company(draft, facilitator):
    write_draft(statement=draft, opinion="Favorable.", by=facilitator)
    produce_statement(ask(statement=draft, by=facilitator, publish=True).pk)
    published = Statement.objects.get(pk=draft.pk)
    assert published.published_at, published.jobs.get().error
    assert published.snapshot["hours"]["counted"] == "100.00"
    assert [row["due"] for row in published.snapshot["companies"]] == ["1000.00", "500.00"]
    files = published.files.all()
    assert {file.kind for file in files} == {FileKind.COMPANY}
    assert {file.company_id for file in files} == {
        award.company_id for award in published.market.lots.get().awards.all()
    }
