"""Who is on a nominative list, counted by hand: the residents of the 13 who received RSA and worked (C21)."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.periods import Lifetime, Quarter
from participants.enums import ExitSituationKind, ExitSource, PrescriberKind
from participants.models import EligibilityValidation
from participants.services.exits import record_exit
from participants.services.hours import regularise
from participants.services.merging import merge_persons
from reporting.indicators import beneficiaries
from reporting.indicators.definition import compute
from reporting.indicators.scope import Scope
from reporting.services.statements import close_quarter
from reporting.statements import nominative
from tests.factories.accounts import author
from tests.factories.facilitators import CommuneFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.factories.work import ExitSituationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

SECOND = Quarter(2026, 2)
DAY = date(2026, 9, 15)


def award_of(territory):
    return AwardFactory(lot=LotFactory(territory=territory, calibrated=True))


@pytest.fixture
def award(territory):
    return award_of(territory)


def worker(award, hours=None, *, validated=True, signed=None, **person):
    """A person of this award with hours of May, 10 unless told, {month: hours} otherwise."""
    person = ParticipantFactory(territory=award.lot.territory, **person)
    contract = EmploymentContractFactory(award=award, participant=person, validated=validated, **(signed or {}))
    for month, declared in (hours or {5: 10}).items():
        HoursEntryFactory(contract=contract, month=date(2026, month, 1), declared=Decimal(declared))
    return contract


def read(scope=None, period=SECOND):
    return nominative.read(scope or Scope(), period, today=DAY)


def names(content):
    return [line.last_name for line in content.lines]


def test_only_residents_of_the_department_are_listed(award):
    pertuis = CommuneFactory(name="Pertuis", insee_code="84089", department="84", territory=award.lot.territory)
    zacharie = CommuneFactory(name="Saint-Zacharie", insee_code="83120", department="83", territory=award.lot.territory)
    worker(award, last_name="Aix")
    worker(award, last_name="Pertuis", commune=pertuis)
    worker(award, last_name="Zacharie", commune=zacharie)
    assert names(read()) == ["Aix"]


def test_only_those_who_received_rsa_at_entry_are_listed(award):
    worker(award, last_name="Oui")
    worker(award, last_name="Non", receives_rsa=False)
    worker(award, last_name="Inconnu", receives_rsa=None)
    assert names(read()) == ["Oui"]


def test_only_those_whose_hours_count_in_the_period_are_listed(award):
    worker(award, {4: 10}, last_name="Avril")
    worker(award, {3: 10, 7: 10}, last_name="Avant et après")
    worker(award, last_name="Non validée", validated=False)
    worker(award, {5: 0}, last_name="Sans heure")
    assert names(read()) == ["Avril"]


def test_a_person_of_two_contracts_counts_once_and_has_two_lines(award, territory):
    contract = worker(award, {4: 10, 6: 5}, last_name="Deux")
    second = EmploymentContractFactory(
        award=award_of(territory), participant=contract.participant, starts_on=date(2026, 5, 1)
    )
    HoursEntryFactory(contract=second, month=date(2026, 5, 1), declared=Decimal("7.5"))
    content = read()
    assert [(line.last_name, line.hours) for line in content.lines] == [("Deux", 15), ("Deux", Decimal("7.5"))]
    assert (content.persons, content.hours) == (1, Decimal("22.5"))
    assert content.holds_together


def test_two_files_made_one_are_one_person(award):
    kept, merged = worker(award, {4: 10}, last_name="Gardée"), worker(award, {5: 20}, last_name="Réunie")
    merge_persons(kept=kept.participant, merged=merged.participant, by=author())
    content = read()
    assert names(content) == ["Gardée", "Gardée"]
    assert (content.persons, content.hours) == (1, 30)


def test_a_correction_booked_in_the_period_is_in_its_hours(award, territory):
    contract = worker(award, {2: 100, 5: 10})
    gone = worker(award, {2: 100, 5: 10}, last_name="Reprise")
    close_quarter(territory=territory, quarter=Quarter(2026, 1), by=author())
    for row, hours in ((contract, 95), (gone, 80)):
        regularise(contract=row, month=date(2026, 2, 1), hours=Decimal(hours), reason="Erreur de relevé.", by=author())
    assert [line.hours for line in read().lines] == [5]
    assert sorted(line.hours for line in read(period=Lifetime(date(2026, 1, 1), date(2026, 9, 30))).lines) == [90, 105]


def test_the_list_of_a_territory_is_that_of_its_lots(award, elsewhere):
    worker(award, last_name="Ici")
    worker(award_of(elsewhere), last_name="Ailleurs")
    assert names(read(Scope(award.lot.territory_id))) == ["Ici"]
    assert names(read()) == ["Ailleurs", "Ici"]


def test_the_figures_are_the_declared_ones(award):
    worker(award, {4: 10, 5: 12})
    worker(award, {6: 7})
    content = read()
    figures = compute([beneficiaries.PERSONS, beneficiaries.HOURS], Scope(), SECOND)
    assert figures == {"persons_rsa_at_work": 2, "hours_of_rsa_at_work": 29}
    assert (content.persons, content.hours) == (2, 29)


def test_a_list_whose_hours_moved_meanwhile_is_known(award):
    worker(award)
    content = read()
    assert content.holds_together
    assert not nominative.Content(content.lines, content.persons, content.hours + 1).holds_together
    assert not nominative.Content([], 1, Decimal(0)).holds_together


def test_the_evidence_is_that_of_the_rsa_and_of_no_other_category(award):
    contract = worker(award, last_name="Autre motif")
    assert [line.evidence_on for line in read().lines] == [None]
    rsa = EligibilityCategoryFactory(code="RSA")
    EligibilityValidation.objects.filter(participant=contract.participant).update(
        category=rsa, evidence_dated_on=date(2025, 12, 20)
    )
    refused = EligibilityValidationFactory(
        participant=contract.participant, category=rsa, refused=True, evidence_dated_on=date(2025, 11, 2)
    )
    assert refused.evidence_dated_on < date(2025, 12, 20)
    assert [line.evidence_on for line in read().lines] == [date(2025, 12, 20)]


def test_a_prescriber_that_tells_too_much_is_masked(award):
    told = {"prescriber": PrescriberKind.PLIE, "prescriber_name": "PLIE du Pays d’Aix, M. Ali"}
    worker(award, last_name="A", **told)
    worker(award, last_name="B", prescriber=PrescriberKind.SPIP, prescriber_name="SPIP de Marseille")
    assert [(line.prescriber, line.referent) for line in read().lines] == [
        ("PLIE", "PLIE du Pays d’Aix, M. Ali"),
        ("Autre", ""),
    ]


def test_the_situation_is_known_unknown_or_still_a_contract(award):
    worker(award, last_name="A")
    worker(award, {4: 10}, last_name="B", signed={"ended": True})
    contract = worker(award, {4: 10}, last_name="C", signed={"ended": True})
    asked = ExitSituationFactory(contract=contract)
    answer = {"situation": ExitSituationKind.CDI_OTHER, "source": ExitSource.PERSON, "observed_on": date(2026, 7, 1)}
    record_exit(exit_row=asked, by=author(), **answer)
    assert [line.situation for line in read().lines] == [
        "Contrat en cours",
        "Non connue",
        "CDI chez un autre employeur",
    ]


def test_reading_costs_the_same_whatever_the_number_of_lines(award, count_queries):
    worker(award)
    first = count_queries(read)
    for _ in range(4):
        worker(award)
    assert count_queries(read) == first == 6
