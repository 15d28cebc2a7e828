"""A company leaves its lot: withdrawal, termination, cession, liquidation."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from markets.models import Alert, Award
from markets.services.award_ends import ALREADY_LIQUIDATED, cede, end_award, liquidate
from markets.services.awards import HAS_LEFT, PARENT_HAS_LEFT, add_objective, left_to_do, objective_of
from participants.services.consistency import objective_differences, total_differences
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, CompanyFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DAY = date(2026, 9, 10)


def under(award, **fields):
    return AwardFactory(lot=award.lot, role="subcontractor", parent=award, hours_minimum=None, **fields)


def ceded(award, hours, **fields):
    given = {"company": CompanyFactory(), "ceded_on": DAY, "agreed_on": DAY, "reason": "Acte de cession."}
    return cede(award=award, hours=hours, by=author(), **given | fields)


def test_a_subcontractor_withdraws_with_those_under_it():
    holder = AwardFactory()
    first = under(holder)
    second = under(first)
    end_award(award=first, ended_on=DAY, by=author())
    ended = {award.pk: (award.ended_on, award.end_reason) for award in Award.objects.exclude(pk=holder.pk)}
    assert ended == {first.pk: (DAY, "withdrawal"), second.pk: (DAY, "withdrawal")}
    assert list(Award.objects.live()) == [holder]
    with pytest.raises(DomainError, match=PARENT_HAS_LEFT):
        under(first)


def test_a_terminated_market_keeps_its_hours_for_the_departement_to_settle():
    award = AwardFactory()
    ended = end_award(award=award, ended_on=DAY, by=author())
    assert (ended.end_reason, objective_of(award)) == ("termination", 1000)
    more = {"kind": "order", "hours": 10, "effective_on": DAY, "reason": "Bon"}
    with pytest.raises(DomainError, match=HAS_LEFT):
        add_objective(award=award, by=author(), **more)
    add_objective(award=award, by=author(), **more | {"kind": "neutralised", "hours": -1000})
    assert objective_of(award) == 0


def test_a_company_leaves_once_and_on_a_day_that_came():
    award = AwardFactory()
    with pytest.raises(ValidationError, match="date passée"):
        end_award(award=award, ended_on=date(2026, 9, 16), by=author())
    with pytest.raises(ValidationError, match="précède la notification"):
        end_award(award=award, ended_on=date(2026, 1, 1), by=author())
    end_award(award=award, ended_on=DAY, by=author())
    with pytest.raises(Conflict, match=HAS_LEFT):
        end_award(award=award, ended_on=DAY, by=author())
    with pytest.raises(Conflict, match="soldé"):
        end_award(award=LotFactory(closed=True).awards.get(), ended_on=DAY, by=author())


def test_a_cession_hands_over_what_is_left_and_those_who_subcontract():
    award = AwardFactory(role="lead", grouping="joint")
    gone, there = under(award), under(award)
    end_award(award=gone, ended_on=DAY, by=author())
    contract = EmploymentContractFactory(award=award, validated=True)
    HoursEntryFactory(contract=contract, month=date(2026, 7, 1), declared=Decimal(100))
    heir = ceded(award, 900)
    award.refresh_from_db()
    assert (award.ended_on, award.end_reason) == (DAY, "assignment")
    assert (heir.role, heir.grouping, heir.succeeds, heir.notified_on) == ("lead", "joint", award, DAY)
    assert (objective_of(award), objective_of(heir), left_to_do(award)) == (100, 900, 0)
    assert set(heir.subcontracts.all()) == {there}
    assert objective_differences() == total_differences() == []


def test_a_cession_is_between_two_companies_and_of_what_is_left():
    award = AwardFactory()
    for wrong, sentence in [
        ({"company": award.company}, "une autre entreprise"),
        ({"hours": 1001}, "Il ne reste que"),
        ({"award": under(award)}, "ne se cède pas"),
    ]:
        with pytest.raises(DomainError, match=sentence):
            ceded(**{"award": award, "hours": 10} | wrong)
    with pytest.raises(ValidationError):
        ceded(award, 10, ceded_on=date(2026, 9, 16))
    assert Award.objects.principal().get() == award
    ceded(award, 0)
    with pytest.raises(Conflict, match=HAS_LEFT):
        ceded(award, 0)


def test_a_liquidation_ends_awards_alerts_at_once_and_leaves_hours_to_take_over():
    company, other = CompanyFactory(name="Alpha"), LotFactory(calibrated=True)
    award = AwardFactory(company=company)
    subcontract = AwardFactory(lot=other, company=company, role="subcontractor", parent=AwardFactory(lot=other))
    closed = LotFactory(closed=True)
    liquidate(company=company, awards=[award, subcontract], judged_on=DAY, by=author())
    company.refresh_from_db()
    assert (company.insolvency, company.insolvency_on) == ("liquidation", DAY)
    ended = Award.objects.filter(company=company).values_list("ended_on", "end_reason")
    assert list(ended) == [(DAY, "liquidation")] * 2
    alerts = {alert.lot: (alert.category, alert.severity, alert.description) for alert in Alert.objects.all()}
    assert {lot: told[:2] for lot, told in alerts.items()} == dict.fromkeys([award.lot, other], ("A14", "critical"))
    assert closed not in alerts
    assert "Alpha (titulaire), jugement du 10/09/2026" in alerts[award.lot][2]
    assert "1 000" in alerts[award.lot][2].replace("\u202f", " ").replace("\u00a0", " ")
    assert left_to_do(award) == 1000
    heir = ceded(award, 1000)
    award.refresh_from_db()
    assert (award.end_reason, objective_of(award), objective_of(heir)) == ("liquidation", 0, 1000)


def test_a_liquidation_is_recorded_once_and_ends_only_what_one_may_end():
    company = CompanyFactory()
    mine, theirs = AwardFactory(company=company), AwardFactory(company=company)
    with pytest.raises(ValidationError):
        liquidate(company=company, awards=[mine], judged_on=date(2026, 9, 16), by=author())
    liquidate(company=company, awards=[mine], judged_on=DAY, by=author())
    assert list(Award.objects.live()) == [theirs]
    assert Alert.objects.count() == 2
    with pytest.raises(Conflict, match=ALREADY_LIQUIDATED):
        liquidate(company=company, awards=[theirs], judged_on=DAY, by=author())
