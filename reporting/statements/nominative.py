"""What a nominative list says: one line for each contract of each person, from the declared figures (C21)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Min

from participants.enums import SENSITIVE_PRESCRIBERS, ExitHorizon, outward_prescriber
from participants.models import EligibilityValidation, EmploymentContract, ExitSituation
from reporting.indicators import beneficiaries
from reporting.indicators.definition import compute

RSA = "RSA"  # code of the category whose evidence is the attestation (domain.md §4.2)
AT_WORK, NOT_KNOWN = "Contrat en cours", "Non connue"


@dataclass(frozen=True)
class Line:
    """A contract of a person: hours are those counted in the period (h); `evidence_on` is None without RSA evidence."""

    person: int
    last_name: str
    first_name: str
    birth_date: date
    commune: str
    prescriber: str
    referent: str
    evidence_on: date | None
    market: str
    lot: str
    employer: str
    contract_type: str
    starts_on: date
    ends_on: date | None
    hours: Decimal
    situation: str


@dataclass(frozen=True)
class Content:
    """The lines by name, how many distinct persons they are of, and their hours (h)."""

    lines: list
    persons: int
    hours: Decimal

    @property
    def holds_together(self):
        """False when the hours moved while they were read: the lines are no longer those of the figures."""
        same_persons = len({line.person for line in self.lines}) == self.persons
        return same_persons and sum(line.hours for line in self.lines) == self.hours


def read(scope, period, *, today):
    """Return the `Content` of a scope and a period, as known `today`; six queries."""
    figures = compute([beneficiaries.PERSONS, beneficiaries.HOURS], scope, period)
    hours = beneficiaries.hours_by_contract(scope, period)
    contracts = list(_contracts(hours))
    persons = {contract.participant_id for contract in contracts}
    evidence, situations = _evidence(persons), _situations(persons)
    return Content(
        lines=[_line(contract, hours[contract.pk], evidence, situations, today) for contract in contracts],
        persons=figures[beneficiaries.PERSONS.code],
        hours=figures[beneficiaries.HOURS.code],
    )


def _contracts(keys):
    rows = EmploymentContract.objects.filter(pk__in=keys)
    rows = rows.select_related("participant__commune", "market", "lot", "employer")
    return rows.order_by("participant__search_name", "participant", "starts_on", "pk")


def _evidence(persons):
    """{person id: day of the RSA evidence seen for her first validation as a beneficiary}."""
    granted = EligibilityValidation.objects.granted().filter(participant__in=persons, category__code=RSA)
    rows = granted.order_by().values_list("participant")
    return dict(rows.annotate(first=Min("evidence_dated_on")))


def _situations(persons):
    """{(person id, award id): what she became at the end of her work there}, those that are known."""
    rows = ExitSituation.objects.known().filter(participant__in=persons, horizon=ExitHorizon.END)
    rows = rows.filter(dropped_on__isnull=True)
    return {(row.participant_id, row.award_id): row.get_situation_display() for row in rows}


def _line(contract, hours, evidence, situations, today):
    person = contract.participant
    return Line(
        person=person.pk,
        last_name=person.last_name,
        first_name=person.first_name,
        birth_date=person.birth_date,
        commune=person.commune.name,
        prescriber=outward_prescriber(person.prescriber).label,
        referent="" if person.prescriber in SENSITIVE_PRESCRIBERS else person.prescriber_name,
        evidence_on=evidence.get(person.pk),
        market=contract.market.number,
        lot=contract.lot.number,
        employer=str(contract.employer),
        contract_type=contract.get_contract_type_display(),
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        hours=hours,
        situation=_situation(contract, situations, today),
    )


def _situation(contract, situations, today):
    known = situations.get((contract.participant_id, contract.award_id))
    if known:
        return known
    return AT_WORK if contract.ends_on is None or contract.ends_on >= today else NOT_KNOWN
