"""What is read, once, before hours are written: contracts locked with their persons, months, granted days, workload."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Max, OuterRef, Q

from clauses_portal.core.errors import CHANGED_MEANWHILE, Conflict, DomainError
from clauses_portal.core.periods import Quarter, month_range
from markets.models import OpeningBalance
from markets.services.openings import refuse_taken_over
from participants.counting import ZERO, natures_of
from participants.models import ClosedPeriod, EmploymentContract, HoursEntry, Participant
from participants.services.hours.ceilings import Workload, lock_identities
from participants.services.hours.fates import granted_by_person
from participants.services.hours.months import CLOSED
from participants.services.hours.prehire import is_capped, lock_budgets

NOT_A_TRAINING = "Les heures de formation se saisissent sur un contrat en alternance ou une formation avant embauche."


@dataclass
class Sheet:
    """What is recorded of a contract for a month worked: its parts (several once split by day), its corrections."""

    contract: EmploymentContract
    nature: str
    month: date
    parts: list = field(default_factory=list)
    corrections: list = field(default_factory=list)

    @property
    def version(self):
        """What a person saw: it grows whatever part is written. 0 for an empty month."""
        return sum(entry.version for entry in self.parts)

    @property
    def declared(self):
        """Hours declared for the month, corrections left aside (h); None when nothing is."""
        return sum((entry.declared for entry in self.parts), ZERO) if self.parts else None


class Desk:
    """Some contracts and months, read and locked for this transaction.

    Persons first, in order, as the decisions on their validations do: the hours of a person are written one after the
    other, and never while her validation is being revoked. Then the identities, for the ceilings.
    """

    def __init__(self, contract_ids, months):
        self.months = set(months)
        own = EmploymentContract.objects.filter(pk__in=contract_ids).order_by().values("participant")
        persons = Participant.objects.filter(pk__in=own).order_by("pk").select_for_update(of=("self",))
        self.persons = {person.pk: person for person in persons}
        self.contracts = self._read_contracts(contract_ids)
        lock_identities(self.persons.values())
        lock_budgets(self.contracts.values())
        self.granted = granted_by_person(self.persons)
        self.sheets = self._read_sheets()
        self.workload = Workload(list(self.persons.values()), self.months)

    def _read_contracts(self, contract_ids):
        closed = ClosedPeriod.objects.filter(territory=OuterRef("territory"))
        rows = EmploymentContract.objects.filter(pk__in=contract_ids).select_related("lot__market__counting_rule")
        taken_over = Exists(OpeningBalance.objects.filter(award__lot=OuterRef("lot")))
        rows = rows.annotate(closed=ArraySubquery(closed.values("quarter_start")), has_opening=taken_over)
        contracts = rows.in_bulk()
        for contract in contracts.values():
            if contract.participant_id not in self.persons:
                raise Conflict(CHANGED_MEANWHILE)  # her file was merged into another just now
            contract.participant = self.persons[contract.participant_id]
        return contracts

    def _read_sheets(self):
        within = Q()
        for month in self.months:
            within |= Q(starts_on__range=month_range(month))
        sheets = {}
        for entry in HoursEntry.objects.filter(within, contract__in=self.contracts).order_by("starts_on", "pk"):
            entry.contract = self.contracts[entry.contract_id]
            key = entry.contract_id, entry.nature, entry.starts_on.replace(day=1)
            sheet = sheets.setdefault(key, Sheet(entry.contract, *key[1:]))
            (sheet.corrections if entry.booked_in else sheet.parts).append(entry)
        return sheets

    def sheet(self, contract_pk, month, nature=None):
        """The `Sheet` of a month of a contract; without a nature, the usual one of the contract.

        Raises DomainError when this contract has no hours of this nature.
        """
        contract = self.contracts[contract_pk]
        usual = natures_of(contract.contract_type)
        if nature and nature not in usual:
            raise DomainError(NOT_A_TRAINING)
        key = contract_pk, nature or usual[0], month
        return self.sheets.setdefault(key, Sheet(contract, *key[1:]))

    def refuse_closed(self, contract, month):
        """Raise Conflict (M7) when this month was sent."""
        if Quarter.of(month).start in contract.closed:
            raise Conflict(CLOSED)

    def refuse_taken_over(self, contract, day):
        """Raise DomainError when hours of this day were told before, in an opening balance (ADR 0021)."""
        if contract.has_opening:
            refuse_taken_over(contract.award, day)

    def keep(self, sheet, weight):
        """A month is now this one, and its person works `weight` more hours in it."""
        self.sheets[sheet.contract.pk, sheet.nature, sheet.month] = sheet
        self.workload.add(sheet.contract.participant_id, sheet.month, weight)
        if is_capped(sheet.contract):
            self.sheets = self._read_sheets()  # the others of its award may have changed

    def last_versions(self):
        """{(contract id, nature, month): last version ever written}: a stale page is always told (M6)."""
        rows = HoursEntry.history.filter(
            contract__in=self.contracts,
            booked_in__isnull=True,
            starts_on__range=(min(self.months), month_range(max(self.months))[1]),
        )
        rows = rows.order_by().values_list("contract_id", "nature", "starts_on").annotate(last=Max("version"))
        last = defaultdict(int)
        for contract, nature, day, version in rows:
            key = contract, nature, day.replace(day=1)
            last[key] = max(last[key], version)
        return last


def new_entry(sheet, source, version=0):
    """An entry to fill, in the place of its contract."""
    contract = sheet.contract
    return HoursEntry(
        contract=contract,
        participant_id=contract.participant_id,
        territory_id=contract.territory_id,
        market_id=contract.market_id,
        lot_id=contract.lot_id,
        nature=sheet.nature,
        source=source,
        declared=ZERO,
        version=version,
    )


def read_sheet(contract, month, nature):
    """The `Sheet` of a month, read without any lock: for a page."""
    sheet = Sheet(contract, nature, month)
    rows = HoursEntry.objects.filter(contract=contract, nature=nature, starts_on__range=month_range(month))
    for entry in rows.order_by("starts_on", "pk"):
        entry.contract = contract
        (sheet.corrections if entry.booked_in else sheet.parts).append(entry)
    return sheet
