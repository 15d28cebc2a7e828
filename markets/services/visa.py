"""The legal visa on an exemption: the référent juridique has the last word, and the reason stays (L. 2112-2-1, II)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from facilitators.notifications import notify
from markets.enums import LotState
from markets.models import ClauseDecision, Lot
from markets.services.clause import tell
from markets.services.opinion import place

NOT_AWAITED = "Ce lot n’attend pas de visa : il a été donné, ou la décision a été reprise."
NOT_BY_THE_SAME = "Le visa est donné par une autre personne que celle qui a décidé."


@transaction.atomic
def give_visa(*, lot, granted, by, note=""):
    """Grant the visa (the lot is set aside) or refuse it for a reason (the lot comes back to be decided).

    Raises Conflict when the lot does not await it, DomainError when the same person decided, ValidationError when a
    refusal has no reason.
    """
    lot = lock(Lot.objects.select_related("market__operation", "territory"), lot.pk)
    if lot.state != LotState.AWAITING_VISA:
        raise Conflict(NOT_AWAITED)
    decision = ClauseDecision.objects.select_related("decided_by").get(lot=lot)
    if decision.decided_by_id == by.pk:
        raise DomainError(NOT_BY_THE_SAME)
    if not granted and not note.strip():
        raise ValidationError({"note": "Indiquez pourquoi la dérogation ne tient pas."})
    decision.lot = lot
    decision.visa_granted, decision.visa_note = granted, note
    decision.visa_at, decision.visa_by = timezone.now(), by
    validated_save(decision, by=by)
    (lot.grant_visa if granted else lot.refuse_visa)()
    lot._change_reason = f"visa {_answer(granted)}"
    validated_save(lot, by=by)
    _tell(decision, by)
    return decision


def _tell(decision, by):
    """The chargée de mission who decided, and the direction once the decision is final."""
    lot = decision.lot
    path, answer = reverse("markets:lot", args=[lot.pk]), _answer(decision.visa_granted)
    notify([decision.decided_by], f"Visa juridique {answer} : {place(lot)}.", path, except_for=by)
    if decision.visa_granted:
        tell(decision, by=by)


def _answer(granted):
    return "accordé" if granted else "refusé"
