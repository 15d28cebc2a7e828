"""Companies and awards of imported lots: added, never removed nor re-ranked."""

from markets.enums import AwardRole
from markets.importers.decp.told import principal_roles
from markets.importers.decp.writing import Overlay, insert
from markets.models import Award, Company


class AwardWriter:
    """Adds to each lot the companies its record names and it does not have yet.

    A company that is already on the lot keeps its role: the order of the holders changes from one publication
    to the next, and a person may have corrected it.
    """

    def __init__(self, state, by):
        self.state, self.by = state, by
        self.dates, self.names = Overlay(Award), Overlay(Company)

    def write(self, placed_contracts):
        """Mark as changed each contract that gained a company."""
        self._add_companies(placed_contracts)
        insert([award for placed in placed_contracts for award in self._principals(placed)], self.by)
        insert([award for placed in placed_contracts for award in self._subcontractors(placed)], self.by)
        written, _ = self.dates.settle(self.by)
        for placed in placed_contracts:
            placed.changed |= any(award.pk in written for award in self.state.awards[placed.lot.pk])

    def _add_companies(self, placed_contracts):
        fresh = {}
        for placed in placed_contracts:
            for holder in named(placed.contract.record):
                known = self.state.companies.get(holder.siret)
                if known is not None:
                    self.names.offer(known, fill_only=True, name=holder.name)
                elif holder.siret not in fresh or not fresh[holder.siret].name:
                    fresh[holder.siret] = Company(siret=holder.siret, name=holder.name)
        insert(list(fresh.values()), self.by)
        self.state.companies |= fresh
        self.names.settle(self.by)

    def _principals(self, placed):
        awards = self.state.awards[placed.lot.pk]
        present = {award.company.siret: award for award in awards if award.role != AwardRole.SUBCONTRACTOR}
        for holder, role, day in principal_roles(placed.contract.record):
            if holder.siret in present:
                if present[holder.siret].pk:
                    self.dates.offer(present[holder.siret], fill_only=True, notified_on=day)
            elif holder.siret:
                award = self._award(placed, holder, role, day)
                present[holder.siret] = award
                yield award

    def _subcontractors(self, placed):
        awards = self.state.awards[placed.lot.pk]
        present = {award.company.siret for award in awards if award.role == AwardRole.SUBCONTRACTOR}
        parent = _parent_of(awards)
        for act in placed.contract.record.subcontracts:
            if not act.siret or act.siret in present:
                continue
            present.add(act.siret)
            if parent is None:
                placed.notes.append("sous-traitance non reprise : aucun titulaire n’a de SIRET")
                return
            award = self._award(placed, act.holder, AwardRole.SUBCONTRACTOR, act.notified_on)
            award.parent = parent
            yield award

    def _award(self, placed, holder, role, day):
        award = Award(lot=placed.lot, company=self.state.companies[holder.siret], role=role, notified_on=day)
        self.state.awards[placed.lot.pk].append(award)
        placed.changed = True
        return award


def named(record):
    """Every company with a SIRET that a record names: holders, later holders, subcontractors."""
    holders = [*record.holders, *(act.holder for act in record.subcontracts)]
    holders += [holder for change in record.modifications for holder in change.holders]
    return [holder for holder in holders if holder.siret]


def _parent_of(awards):
    """Who answers for the subcontractors: the mandataire, else the first holder."""
    principals = [award for award in awards if award.role != AwardRole.SUBCONTRACTOR]
    principals.sort(key=lambda award: award.role != AwardRole.LEAD)
    return next(iter(principals), None)
