"""The paper a company is given: this person is validated, from then to then. Never why (domain.md §8, §9.7)."""

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from clauses_portal.core.branding import logos_on
from clauses_portal.core.errors import Conflict
from clauses_portal.core.french import date as in_french
from clauses_portal.core.papers import freeze
from clauses_portal.core.pdf import letterhead, render_pdf
from clauses_portal.core.services import lock
from participants.enums import ValidationState
from participants.models import EligibilityCertificate, EligibilityValidation

NOT_VALID = "Une attestation se produit pour une validation accordée et en cours, ou à venir."
GENERAL = "tous les marchés à clause sociale"


@transaction.atomic
def certify(*, validation, by):
    """Produce and keep the attestation of a granted validation (`EligibilityCertificate`, about a second).

    Raises Conflict when the validation is not granted or is over.
    """
    rows = EligibilityValidation.objects.select_related("participant__territory", "lot__market")
    validation = lock(rows, validation.pk)
    if validation.state != ValidationState.GRANTED or validation.ends_on < timezone.localdate():
        raise Conflict(NOT_VALID)
    number = f"{validation.number or f'V-{validation.pk}'}-{validation.certificates.count() + 1}"
    certificate = EligibilityCertificate(participant=validation.participant, validation=validation, number=number)
    return freeze(certificate, render_certificate(validation, number, by=by), by=by)


def render_certificate(validation, number, *, by):
    """Return the PDF (bytes) of the attestation: identity, validity, market, author. No category, no birth date."""
    moment = timezone.now()
    day = timezone.localdate(moment)
    context = {
        "person": f"{validation.participant.first_name} {validation.participant.last_name}",
        "starts_on": validation.starts_on,
        "ends_on": validation.ends_on,
        "market": market_of(validation),
        "facts": [
            ("Attestation", f"n° {number}"),
            ("Territoire", str(validation.participant.territory)),
            ("Établie le", in_french(day)),
            ("Par", str(by)),
        ],
        "letterhead": letterhead(logos_on(day)[:1], "none"),
    }
    title = "Attestation d’éligibilité à la clause sociale"
    return render_pdf("pdf/eligibility_certificate.html", context, title=title, identifier=number, created_at=moment)


def with_certificates(validations):
    """These validations with their attestations, the bytes of the papers left where they are."""
    return validations.prefetch_related(
        Prefetch("certificates", EligibilityCertificate.objects.defer("content").order_by("pk"))
    )


def market_of(validation):
    """The market of a validation, or that it holds for all."""
    if validation.lot_id is None:
        return GENERAL
    lot = validation.lot
    return f"{lot.market.number} – {lot.market.title}, lot {lot.number}"
