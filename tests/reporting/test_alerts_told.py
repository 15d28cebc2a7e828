"""Alerts and penalties elsewhere than on their pages: « À faire », statements; euros nowhere (C18, C23)."""

from datetime import date

import pytest
import time_machine

from facilitators.enums import Role
from markets.services.alerts import answer_alert, raise_elsewhere
from markets.services.penalties import send_notice
from reporting.indicators.scope import Scope
from reporting.statements.quarterly import build_snapshot
from reporting.todo import tasks_for
from tests.factories.accounts import author
from tests.factories.markets import AlertFactory, LotFactory
from tests.factories.penalties import PenaltyCaseFactory
from tests.factories.reporting import StatementFactory

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]


def waiting(client, label):
    return [(task.number, task.url) for task in tasks_for(client.user) if task.label == label]


def test_an_alert_waits_for_the_answer_of_those_it_was_sent_to(as_role, territory):
    officer, another = as_role(Role.MISSION_OFFICER), as_role(Role.MISSION_OFFICER)
    alert = AlertFactory(lot=LotFactory(territory=territory, awarded=True), recipients=[officer.user])
    label = "alertes à répondre"
    assert waiting(officer, label) == [(1, "/alertes/?opened=open&mine=on")]
    assert waiting(another, label) == waiting(as_role(Role.FACILITATOR), label) == []
    answer_alert(alert=alert, answer="Un avenant suit.", by=officer.user)
    assert waiting(officer, label) == []


def test_a_penalty_waits_for_the_referent_juridique_unless_the_company_still_has_time(as_role):
    jurist, label = as_role(Role.LEGAL_OFFICER), "pénalités à faire avancer"
    case = PenaltyCaseFactory()
    assert waiting(jurist, label) == [(1, "/penalites/")]
    assert waiting(as_role(Role.MISSION_OFFICER), label) == []
    send_notice(case=case, sent_on=date(2026, 9, 15), working_days=15, by=jurist.user)
    assert waiting(jurist, label) == []
    with time_machine.travel("2026-10-07T10:00+02:00"):
        assert waiting(as_role(Role.LEGAL_OFFICER), label) == [(1, "/penalites/")]


def test_an_alert_without_a_lot_is_in_the_statement_of_its_territory_alone(territory, elsewhere):
    lot = LotFactory(territory=territory, awarded=True)
    with time_machine.travel("2026-05-04T10:00+02:00"):
        AlertFactory(lot=lot, description="Sur un lot.")
        raise_elsewhere(
            territory=territory, category="A24", severity="info", description="Sur le territoire.", by=author()
        )
    assert [alert.description for alert in Scope(market_id=lot.market_id).alerts()] == ["Sur un lot."]
    assert not Scope(territory_id=elsewhere.pk).alerts().exists()
    data = build_snapshot(StatementFactory(territory=territory, period_code="2026-T2"), dated_on=date(2026, 7, 10))
    rows = [(row["description"], row["market"], row["lot"]) for row in data["alerts"]]
    assert rows == [("Sur un lot.", lot.market.number, lot.number), ("Sur le territoire.", "", "")]


def test_no_euro_of_a_penalty_is_in_a_statement(territory):
    lot = LotFactory(territory=territory, awarded=True)
    PenaltyCaseFactory(award=lot.awards.get(), decided=True)
    data = build_snapshot(StatementFactory(territory=territory, period_code="2026-T3"), dated_on=date(2026, 10, 10))
    assert "50000" not in str(data).replace("\u00a0", "").replace(" ", "")
    assert "pénalité" not in str(data).lower()
