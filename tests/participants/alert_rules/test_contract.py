"""Dates, insolvency, conventions: what changes around a market (A12, A14, A24)."""

from datetime import date, timedelta

import pytest

from markets.models import Award
from markets.services.markets import change_lot
from participants.alert_rules import contract
from participants.alert_rules.night import Night
from tests.factories.accounts import author
from tests.factories.facilitators import ConventionFactory
from tests.support.alert_facts import facts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def test_new_dates_after_the_award_are_reported(award):
    lot = award.lot
    lot.ends_on = date(2027, 3, 31)
    change_lot(lot=lot, by=author())
    lot.title = "Gros œuvre et étanchéité"
    change_lot(lot=lot, by=author())
    assert [text for _, text in facts(contract.new_dates)] == [
        "Les dates du lot ont changé : du 01/02/2026 au 31/03/2027 (avant : du 01/02/2026 au 31/01/2027)."
    ]
    assert facts(contract.new_dates, date(2027, 1, 1)) == []


def test_an_insolvent_company_at_work_is_reported(award):
    company = award.company
    company.insolvency, company.insolvency_on = "receivership", date(2026, 9, 1)
    company.save()
    (fact,) = contract.insolvency(Night(date(2026, 9, 15)))
    assert (fact.key, fact.severity) == (f"A14:{award.pk}", "watch")
    company.insolvency = "liquidation"
    company.save()
    assert contract.insolvency(Night(date(2026, 9, 15)))[0].severity == "critical"
    Award.objects.update(ended_on=date(2026, 9, 10), end_reason="liquidation")
    assert facts(contract.insolvency) == []


def test_a_convention_that_ends_is_reported_until_another_follows(convention, territories):
    last = convention.ends_on
    assert facts(contract.convention_ending) == []
    found = contract.convention_ending(Night(last - timedelta(days=180)))
    assert {(fact.territory_id, fact.severity) for fact in found} == {(place.pk, "info") for place in territories}
    assert {fact.severity for fact in contract.convention_ending(Night(last - timedelta(days=90)))} == {"watch"}
    ConventionFactory(territories=territories[:1], signed_on=last)
    found = contract.convention_ending(Night(last))
    assert {fact.territory_id for fact in found} == {place.pk for place in territories[1:]}
