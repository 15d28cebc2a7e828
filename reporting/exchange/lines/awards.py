from django.db.models import F, Q, Sum

from clauses_portal.core.errors import DomainError
from facilitators.enums import Permission
from markets.enums import AwardRole, ObjectiveKind
from markets.models import Award, Company, Lot
from markets.services.awards import award_lot, change_award
from markets.services.takeover import bring_objective, take_over_departure
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Table, put, read_fields

FIELDS = {
    "lot_id": "lot",
    "company_id": "entreprise",
    "role": "role",
    "parent_id": "sous_traitant_de",
    "hours_minimum": "heures_minimales",
    "hours_offered": "heures_offertes",
    "notified_on": "notifie_le",
    "ended_on": "quitte_le",
    "end_reason": "motif_depart",
}
CHANGED = {"role": "role", "notified_on": "notifie_le"}
NO_END_REASON = "Un départ porte son motif."


class Awards(Table):
    """A company on a lot. The hours due are the sum of its ledger, what was done before the portal not taken away."""

    kind, model, permission = ExchangeTable.AWARDS, Award, Permission.MANAGE_AWARDS
    # the minimum and the offer belong to the day of the award: what changed since is in the hours due
    unchecked = frozenset({"heures_minimales", "heures_offertes"})
    finishes = True

    def read(self):
        due = Sum("objective_entries__hours", filter=~Q(objective_entries__kind=ObjectiveKind.OPENING), default=0)
        return Award.objects.annotate(due=due)

    def sent(self, user, territory_ids):
        """Principal companies first: a subcontractor refers to its own."""
        return super().sent(user, territory_ids).order_by(F("parent").asc(nulls_first=True), "pk")

    def rank(self, data):
        return 1 if data.get("sous_traitant_de") else 0

    def values(self, row):
        due = None if row.role == AwardRole.SUBCONTRACTOR else row.due
        return read_fields(row, FIELDS) | {"heures_dues": due}

    def find(self, values, book):
        same = {"lot": values["lot"], "company": values["entreprise"], "role": values["role"]}
        parent = values["sous_traitant_de"]
        return self.read().filter(**same, parent=parent).first()

    def create(self, values, book):
        award = award_lot(
            lot=Lot.objects.get(pk=values["lot"]),
            company=Company.objects.get(pk=values["entreprise"]),
            role=values["role"],
            parent=_award(values["sous_traitant_de"]),
            hours_minimum=values["heures_minimales"],
            hours_offered=values["heures_offertes"],
            notified_on=values["notifie_le"],
            by=book.user,
        )
        self._objective(award, values, book)
        return award

    def change(self, row, values, columns, book):
        if {"role", "notifie_le"} & set(columns):
            change_award(award=put(Award.objects.get(pk=row.pk), values, CHANGED), by=book.user)
        self._objective(row, values, book)
        return row

    def _objective(self, award, values, book):
        due = values["heures_dues"]
        if due is not None and award.role != AwardRole.SUBCONTRACTOR:
            bring_objective(award=award, hours=due, system=book.system, by=book.user)

    def finish(self, row, values, book):
        """The company leaves once its people and their hours are there."""
        if values["quitte_le"] and row.ended_on != values["quitte_le"]:
            if not values["motif_depart"]:
                raise DomainError(NO_END_REASON)
            take_over_departure(award=row, ended_on=values["quitte_le"], reason=values["motif_depart"], by=book.user)


def _award(pk):
    return None if pk is None else Award.objects.get(pk=pk)
