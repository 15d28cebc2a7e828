"""The attestation the worker is given: produced on demand, kept as it was produced, downloaded."""

from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from clauses_portal.core.files import PDF, as_download
from clauses_portal.core.web import tell
from facilitators.enums import Permission
from facilitators.journal_marks import reads_names
from facilitators.permissions import get_actionable, get_visible
from participants.models import Participant, WorkCertificate
from participants.services.work_certificates import produce_work_certificate

DONE = "L’attestation de parcours est prête : téléchargez-la ci-dessous, puis remettez-la à la personne."


@require_POST
def work_certificate_produce(request, pk):
    person = get_actionable(Participant.objects, request.user, Permission.MANAGE_PERSONS, pk=pk)
    tell(request, lambda: produce_work_certificate(person=person, by=request.user), DONE)
    return redirect("participants:person", pk=pk)


@reads_names("participants.workcertificate")
@require_safe
def work_certificate(request, pk):
    row = get_visible(WorkCertificate.objects, request.user, pk=pk)
    return as_download(f"attestation-{row.number}.pdf", PDF.mime, bytes(row.content))
