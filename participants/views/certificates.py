"""The attestation a company is given: produced on demand, kept as it was produced, downloaded."""

from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import PDF, as_download
from facilitators.enums import Permission
from facilitators.journal_marks import leaves, reads_names
from facilitators.permissions import get_actionable, get_visible
from participants.models import EligibilityCertificate, EligibilityValidation
from participants.services.certificates import certify


@leaves(JournalAction.VALIDATION, of="participants.eligibilityvalidation")
@require_POST
def validation_certify(request, pk):
    validation = get_actionable(EligibilityValidation.objects, request.user, Permission.VALIDATE_PERSONS, pk=pk)
    try:
        certificate = certify(validation=validation, by=request.user)
        messages.success(request, f"L’attestation n° {certificate.number} est prête : téléchargez-la ci-dessous.")
    except DomainError as error:
        messages.error(request, error.message)
        request.was_refused = True
    return redirect("participants:person", pk=validation.participant_id)


@reads_names("participants.eligibilitycertificate")
@require_safe
def certificate(request, pk):
    row = get_visible(EligibilityCertificate.objects, request.user, pk=pk)
    return as_download(f"attestation-{row.number}.pdf", PDF.mime, bytes(row.content))
