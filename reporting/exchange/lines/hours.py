from decimal import Decimal

from django.db.models import F

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict
from clauses_portal.core.periods import month_range
from facilitators.enums import Permission
from participants.models import HoursEntry
from participants.services.hours import REFUSALS
from participants.services.takeover import HoursTakeover
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Refused, Table, read_fields

FIELDS = {
    "contract_id": "contrat",
    "starts_on": "du",
    "ends_on": "au",
    "nature": "nature",
    "declared": "declarees",
    "withheld": "ecartees",
    "withheld_reason": "motif_ecart",
    "booked_in": "regularise_en",
    "correction_reason": "motif_regularisation",
    "counted": "comptees",
}
NO_MONTH = "Du, au : ces jours tiennent dans un seul mois, dans l’ordre."
LATER = "Régularisées au titre de : c’est un mois qui suit celui des heures."
NEGATIVE = "Heures déclarées : seule une régularisation peut être négative."
COUNTED_OTHERWISE = "Comptabilisées ici : {ours} ; dans l’autre logiciel : {theirs}. Les règles du portail décident."
BOOKED = "Une régularisation enregistrée ne change plus : envoyez-en une autre."
NO_EFFECT = "Sans effet : ces jours sont déjà comptés ainsi dans le portail."
MANY_TYPED = "Ces jours portent déjà d’autres heures."


class Hours(Table):
    """Hours of a month or of a part of it, and the régularisations. `comptees` is only compared with our own count."""

    kind, model, permission = ExchangeTable.HOURS, HoursEntry, Permission.ENTER_HOURS
    view_permission = Permission.VIEW_HOURS
    unchecked = frozenset({"comptees", "motif_regularisation"})
    sentences = REFUSALS

    def sent(self, user, territory_ids):
        """The corrections of a month come after the month."""
        rows = super().sent(user, territory_ids)
        return rows.order_by("contract", F("booked_in").asc(nulls_first=True), "starts_on", "pk")

    def of_period(self, rows, starts_on, ends_on):
        rows = rows.filter(month__gte=starts_on.replace(day=1)) if starts_on else rows
        return rows.filter(month__lte=ends_on) if ends_on else rows

    def values(self, row):
        return read_fields(row, FIELDS)

    def check(self, values, book):
        first, last, booked_in = values["du"], values["au"], values["regularise_en"]
        if not (first <= last <= month_range(first.replace(day=1))[1]):
            raise Refused(NO_MONTH)
        if booked_in is not None and booked_in <= last:
            raise Refused(LATER)
        if booked_in is None and values["declarees"] < 0:
            raise Refused(NEGATIVE)

    def find(self, values, book):
        rows = HoursEntry.objects.filter(contract=values["contrat"], starts_on=values["du"], ends_on=values["au"])
        rows = rows.filter(booked_in=values["regularise_en"])
        if values["nature"]:
            rows = rows.filter(nature=values["nature"])
        if values["regularise_en"]:
            rows = rows.filter(declared=values["declarees"])
        return rows.order_by("-nature", "pk").first()  # work before training, where the file does not say

    def begin(self, lines, book):
        """Read at once all the contracts and months of these values: what `create` and `change` then write upon."""
        contracts = {values["contrat"] for values in lines}
        months = {values["du"].replace(day=1) for values in lines}
        book.hours = HoursTakeover(contracts, months, book.user) if lines else None

    def end(self, book):
        if book.hours is not None:
            book.hours.close()

    def create(self, values, book):
        place = {"contract_pk": values["contrat"], "nature": values["nature"], "days": (values["du"], values["au"])}
        if values["regularise_en"]:
            return book.hours.correct(
                declared=values["declarees"],
                booked_in=values["regularise_en"],
                reason=values["motif_regularisation"] or f"Régularisation reprise de {book.system}.",
                **place,
            )
        return book.hours.write(
            declared=values["declarees"],
            withheld=values["ecartees"] or Decimal(0),
            withheld_reason=values["motif_ecart"] or "",
            **place,
        )

    def change(self, row, values, columns, book):
        if row.booked_in or (row.starts_on, row.ends_on) != (values["du"], values["au"]):
            raise Conflict(BOOKED if row.booked_in else MANY_TYPED)
        kept = {"nature": row.nature}
        if values["ecartees"] is None:
            kept |= {"ecartees": min(row.withheld, values["declarees"]), "motif_ecart": row.withheld_reason}
        return self.create(values | kept, book)

    def remark(self, row, values):
        """Our count is told when it is not theirs."""
        if row is None:
            return NO_EFFECT
        theirs = values["comptees"]
        if theirs is None or theirs == row.counted:
            return ""
        return COUNTED_OTHERWISE.format(ours=french.hours(row.counted), theirs=french.hours(theirs))
