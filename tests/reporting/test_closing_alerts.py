"""A market that is over without a closing report is reported (A23); what became known since asks for a version 2."""

from datetime import date

import pytest
import time_machine
from django.utils import timezone

from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.notifications import mark_read
from facilitators.permissions import grant
from markets.models import Alert, Lot
from participants.alert_rules import run_rules
from participants.alert_rules.night import Night
from participants.enums import ExitHorizon, ExitSituationKind, ExitSource
from participants.services.exits import record_exit
from reporting.alert_rules import RULES, no_closing_report
from reporting.indicators import exits
from reporting.services.closing import suggest_new_versions
from reporting.tasks import raise_closing_alerts
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import LotFactory
from tests.factories.reporting import StatementFactory
from tests.factories.work import ExitSituationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


@pytest.fixture
def lot(territory):
    """Awarded, over on 31 July 2026."""
    return LotFactory(awarded=True, territory=territory, ends_on=date(2026, 7, 31))


def report_of(market, **fields):
    place = {"kind": "closing", "territory": None, "market": market, "period_code": "solde"}
    return StatementFactory(starts_on=date(2026, 2, 1), ends_on=timezone.localdate(), **place, **fields)


def found(day):
    return [fact.key for fact in no_closing_report(Night(day))]


def test_a_market_without_a_report_is_reported_after_thirty_days(lot):
    assert found(date(2026, 8, 29)) == []
    (fact,) = no_closing_report(Night(date(2026, 8, 30)))
    assert fact.key == f"A23:{lot.market_id}"
    assert (
        fact.description
        == f"Le marché {lot.market.number} est terminé depuis le 31/07/2026 : son bilan n’est pas publié."
    )
    assert (fact.lot_id, fact.territory_id, fact.path) == (lot.pk, lot.territory_id, f"/marches/{lot.market_id}/")


def test_all_the_lots_must_be_over(lot, today):
    other = LotFactory(awarded=True, market=lot.market, territory=lot.territory)
    assert found(today) == []
    Lot.objects.filter(pk=other.pk).update(ends_on=None)
    assert found(today) == []
    Lot.objects.filter(pk=other.pk).update(ends_on=date(2026, 8, 1))
    (fact,) = no_closing_report(Night(today))
    assert fact.lot_id == other.pk


def test_lots_without_a_clause_and_markets_that_owe_nothing_are_left_alone(lot, today):
    LotFactory(market=lot.market, territory=lot.territory, set_aside=True)
    LotFactory(calibrated=True, territory=lot.territory, ends_on=date(2026, 7, 31))
    assert found(today) == [f"A23:{lot.market_id}"]


def test_a_draft_is_no_report(lot, today):
    report_of(lot.market)
    assert found(today) == [f"A23:{lot.market_id}"]


def test_it_is_raised_once_and_closes_when_the_report_is_published(lot):
    raise_closing_alerts()
    assert run_rules(rules=RULES) == (0, 0)
    alert = Alert.objects.get(category="A23")
    assert alert.closed_on is None
    report_of(lot.market, published=True)
    raise_closing_alerts()
    alert.refresh_from_db()
    assert alert.closed_on is not None


# Version 2


@pytest.fixture
def facilitator(territory):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


@pytest.fixture
def exit_row(territory):
    """What is to be asked three months after a contract that ended on 15 June."""
    return ExitSituationFactory(contract__award__lot__territory=territory, horizon=ExitHorizon.THREE_MONTHS)


@pytest.fixture
def report(exit_row):
    nothing = [{"label": horizon.label, "known": 0} for horizon in exits.BY_HORIZON]
    return report_of(exit_row.market, published=True, snapshot={"exits": nothing})


def answer(row):
    record_exit(
        exit_row=row,
        situation=ExitSituationKind.CDI_OTHER,
        source=ExitSource.PERSON,
        observed_on=timezone.localdate(),
        by=author(),
    )


def test_what_became_known_suggests_a_version_once(exit_row, report, facilitator):
    assert suggest_new_versions() == 0
    answer(exit_row)
    assert suggest_new_versions() == 1
    mark_read(user=facilitator)
    assert suggest_new_versions() == 0
    told = Notification.objects.get(recipient=facilitator)
    assert told.text == (
        f"Les situations à trois mois sont connues : préparez la version 2 du bilan du marché {report.market.number}."
    )
    assert told.path == f"/etats/{report.pk}/"


def test_six_months_are_told_after_three(exit_row, report, facilitator):
    answer(exit_row)
    suggest_new_versions()
    last = exit_row.contract.exits.get(horizon=ExitHorizon.SIX_MONTHS)
    with time_machine.travel("2026-12-20T10:00:00+01:00"):
        assert suggest_new_versions() == 0
        answer(last)
        assert suggest_new_versions() == 1
    assert Notification.objects.filter(text__startswith="Les situations à six mois").count() == 1


def test_a_version_under_way_is_not_suggested_again(exit_row, report, facilitator):
    answer(exit_row)
    report_of(exit_row.market, version=2, replaces=report, version_reason="Situations connues.")
    assert suggest_new_versions() == 0
