from datetime import timedelta

from django.utils import timezone

from clauses_portal.core.errors import Conflict
from facilitators.enums import Permission
from participants.enums import ValidationState as S
from participants.models import EligibilityCategory, EligibilityValidation
from participants.services.takeover import standing_validation, take_over_validation
from participants.services.validations import propose, revoke, shorten
from reporting.enums import ExchangeTable
from reporting.exchange.lines.base import Refused, Table, put, read_fields

FIELDS = {
    "participant_id": "personne",
    "starts_on": "du",
    "ends_on": "au",
    "evidence_kind": "justificatif",
    "evidence_dated_on": "justificatif_du",
    "iae_number": "pass_iae",
    "iae_ends_on": "pass_iae_fin",
    "extension_reason": "prolongation",
    "reason": "motif",
}
ONE_DAY = timedelta(days=1)
WAITING = (S.PROPOSED, S.INCOMPLETE)
NO_CATEGORY = "Code de la catégorie : cette catégorie est inconnue."
FOLLOWS = "Une validation accordée ne s’allonge pas : sa prolongation est une autre validation, qui la suit."
DECIDED_HERE = "Cette validation a reçu ici une autre décision : elle ne se remplace pas."
REVOKED_THERE = "Révoquée dans {system}."
SHORTENED_THERE = "Écourtée dans {system}."


class Validations(Table):
    """A decision of the facilitator, taken in the program it comes from: written as it was decided, on its day."""

    kind, model, permission = ExchangeTable.VALIDATIONS, EligibilityValidation, Permission.VALIDATE_PERSONS
    view_permission = Permission.VIEW_PERSONS
    # the reason is written again with the day and the program of the decision
    unchecked = frozenset({"motif", "decidee_le", "justificatif", "prolongation"})

    def read(self):
        return EligibilityValidation.objects.select_related("category")

    def sent(self, user, territory_ids):
        rows = super().sent(user, territory_ids).filter(participant__merged_into=None)
        return rows.order_by("participant", "starts_on", "pk")

    def values(self, row):
        decided = row.decided_elsewhere_on or (timezone.localdate(row.decided_at) if row.decided_at else None)
        return read_fields(row, FIELDS) | {"categorie": row.category.code, "etat": row.state, "decidee_le": decided}

    def check(self, values, book):
        if values["categorie"] not in book.remembered("categories", _categories):
            raise Refused(NO_CATEGORY)
        if values["etat"] not in WAITING and values["decidee_le"] is None:
            raise Refused("Décidée le : une décision porte sa date.")

    def find(self, values, book):
        category = book.remembered("categories", _categories)[values["categorie"]]
        row = standing_validation(values["personne"], category, values["du"])
        return None if row is None else self.read().get(pk=row.pk)

    def create(self, values, book):
        validation = put(EligibilityValidation(), values, FIELDS)
        validation.category = book.remembered("categories", _categories)[values["categorie"]]
        if values["etat"] in WAITING:
            return propose(validation=validation, by=book.user)
        return self._take_over(validation, values, book)

    def _take_over(self, validation, values, book):
        return take_over_validation(
            validation=validation,
            state=values["etat"],
            decided_on=values["decidee_le"],
            system=book.system,
            by=book.user,
        )

    def change(self, row, values, columns, book):
        """Only a decision that goes on: taken on what waited here, shortened or withdrawn there."""
        if row.state in WAITING and values["etat"] not in WAITING:
            row.starts_on, row.ends_on = values["du"], values["au"]
            if row.state == S.INCOMPLETE:
                row.complete()
            return self._take_over(row, values, book)
        if row.state != S.GRANTED or values["etat"] in {*WAITING, S.REFUSED}:
            raise Conflict(DECIDED_HERE)
        if values["etat"] == S.REVOKED:
            reason = values["motif"] or REVOKED_THERE.format(system=book.system)
            return revoke(validation=row, reason=reason, by=book.user)
        return self._shorten(row, values, book)

    def _shorten(self, row, values, book):
        if values["au"] > row.ends_on:
            raise Conflict(FOLLOWS)
        if values["au"] < row.ends_on:
            reason = SHORTENED_THERE.format(system=book.system)
            shorten(validation=row, from_day=values["au"] + ONE_DAY, reason=reason, by=book.user)
        return row


def _categories():
    return {category.code: category for category in EligibilityCategory.objects.all()}
