"""What a rule reports: each fact once, graver when it gets worse, closed when it is gone, never opened again (C18)."""

from dataclasses import replace
from datetime import date

import pytest

from facilitators.enums import Role
from facilitators.models import Notification, OutgoingMail
from facilitators.permissions import grant
from markets.alert_facts import Fact
from markets.models import Alert
from markets.services.alert_rules import close_gone, raise_by_rule
from markets.services.alerts import answer_alert, close_alert
from markets.services.referents import assign
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import AlertFactory, LotFactory
from tests.support.paperwork import facilitator_of
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def lot(territory, convention):
    return LotFactory(territory=territory, awarded=True)


@pytest.fixture
def officer(territory):
    user = UserFactory()
    grant(user=user, role=Role.MISSION_OFFICER, by=None)
    return user


def fact(lot, number=1, **changes):
    award = lot.awards.get()
    fields = {
        "key": f"A02:{number}",
        "category": "A02",
        "severity": "watch",
        "territory_id": lot.territory_id,
        "lot_id": lot.pk,
        "company_id": award.company_id,
        "description": "Aucun recrutement au quart du délai.",
        "path": f"/lots/{lot.pk}/",
        "due_on": date(2026, 10, 1),
    }
    return Fact(**fields | changes)


def test_a_fact_is_reported_to_those_it_is_for(lot, officer):
    referent = facilitator_of(lot.territory)
    assign(lot=lot, referent=referent, by=author())
    Notification.objects.all().delete()
    (alert,) = raise_by_rule([fact(lot)])
    alert.refresh_from_db()
    alert.full_clean()
    assert (alert.lot, alert.company, alert.author) == (lot, lot.awards.get().company, None)
    assert (alert.due_on, alert.path, alert.closed_on) == (date(2026, 10, 1), f"/lots/{lot.pk}/", None)
    assert set(alert.recipients.all()) == {officer, referent}
    assert alert.history.get().history_type == "+"
    told = Notification.objects.values_list("recipient", "text")
    sentence = "Le portail signale 1 nouvelle alerte."
    assert set(told) == {(officer.pk, sentence), (referent.pk, sentence)}


def test_a_fact_without_a_lot_is_for_the_facilitators_of_the_place(lot, officer, territory):
    here = facilitator_of(territory)
    (alert,) = raise_by_rule([fact(lot, lot_id=None, company_id=None)])
    assert set(alert.recipients.all()) == {officer, here}


def test_the_same_fact_is_reported_once(lot, officer):
    facts = [fact(lot, number) for number in range(3)]
    assert len(raise_by_rule(facts)) == 3
    assert raise_by_rule([*facts, fact(lot, 9)]) == [Alert.objects.get(rule_key="A02:9")]
    assert raise_by_rule([]) == []


def test_what_somebody_reported_is_not_reported_again_while_it_is_open(lot, officer):
    by_hand = AlertFactory(lot=lot, category="A02")
    missing = [fact(lot, key=f"A03:1:2026-0{month}", category="A03") for month in (6, 7)]
    AlertFactory(lot=lot, category="A03")
    assert raise_by_rule([fact(lot)]) == []
    assert len(raise_by_rule(missing)) == 2
    close_alert(alert=by_hand, answer="Relance faite.", by=author())
    assert len(raise_by_rule([fact(lot)])) == 1


def test_a_fact_that_got_worse_is_the_same_alert_graver(lot, officer):
    (alert,) = raise_by_rule([fact(lot, severity="info")])
    worse = fact(lot, severity="critical", description="Toujours rien.")
    assert raise_by_rule([worse]) == []
    alert.refresh_from_db()
    assert (alert.severity, alert.description, Alert.objects.count()) == ("critical", "Toujours rien.", 1)
    assert OutgoingMail.objects.get().recipient == officer.email
    raise_by_rule([worse])
    raise_by_rule([replace(worse, severity="info")])
    alert.refresh_from_db()
    assert (alert.severity, OutgoingMail.objects.count()) == ("critical", 1)


def test_a_closed_alert_does_not_get_graver(lot, officer):
    (alert,) = raise_by_rule([fact(lot, severity="info")])
    close_alert(alert=alert, answer="Réglé.", by=author())
    raise_by_rule([fact(lot, severity="critical")])
    alert.refresh_from_db()
    assert (alert.severity, OutgoingMail.objects.count()) == ("info", 0)


def test_many_critical_facts_are_one_mail(lot, officer):
    raise_by_rule([fact(lot, number, severity="critical") for number in range(23)])
    mail = OutgoingMail.objects.get()
    assert mail.subject == "Clauses sociales : 23 alertes critiques"
    assert "… et 3 autres" in mail.body


def test_an_alert_whose_fact_is_gone_closes_and_never_opens_again(lot, officer):
    kept, gone = raise_by_rule([fact(lot, 1), fact(lot, 2)])
    (another_rule,) = raise_by_rule([fact(lot, key="A04:1", category="A04")])
    assert close_gone("A02", {"A02:1"}) == 1
    gone.refresh_from_db()
    assert gone.answer == "Le fait signalé a disparu : alerte close par le portail le 15/09/2026."
    assert gone.history.count() == 2
    assert set(Alert.objects.open()) == {kept, another_rule}
    assert raise_by_rule([fact(lot, 2)]) == []
    assert close_gone("A02", {"A02:1"}) == 0
    gone.refresh_from_db()
    assert gone.closed_on is not None


def test_the_answer_of_the_maitre_d_ouvrage_stays_when_the_fact_goes(lot, officer):
    (alert,) = raise_by_rule([fact(lot)])
    answer_alert(alert=alert, answer="Une relance part.", by=officer)
    close_gone("A02", set())
    alert.refresh_from_db()
    assert alert.answer.startswith("Une relance part.\n\nClôture le 15/09/2026 : Le fait signalé a disparu")


def test_reporting_costs_the_same_whatever_the_number(lot, officer, count_queries):
    two, forty = ([fact(lot, number) for number in numbers] for numbers in (range(2), range(100, 140)))
    assert count_queries(lambda: raise_by_rule(two)) == count_queries(lambda: raise_by_rule(forty))
    assert count_queries(lambda: close_gone("A02", set())) < 10


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_the_same_instant_raise_one_alert(territory, convention):
    lot = LotFactory(territory=territory, awarded=True)
    grant(user=UserFactory(), role=Role.MISSION_OFFICER, by=None)
    for round_number in range(5):
        facts = [fact(lot, f"{round_number}-{number}") for number in range(4)]
        raised, failed = sort_out(race(*[lambda facts=facts: raise_by_rule(facts)] * 2))
        assert failed == []
        assert sorted(map(len, raised)) == [0, 4]
    assert Alert.objects.count() == 20
    assert Alert.recipients.through.objects.count() == 20
