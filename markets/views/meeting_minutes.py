"""What is done once a meeting took place: attendance, checklist, hires announced, minutes; and the sheet to sign."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.files import PDF, as_download
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import attempt
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible
from markets.forms.meetings import HireForm, RecordForm
from markets.meeting_papers import attendance_pdf, minutes_pdf, stem
from markets.models import Meeting, MeetingMinutes, PlannedHire
from markets.services import meetings, minutes
from markets.views.meetings import act, meeting_form

P = Permission
PLACE = ("lot__market__operation", "territory")
SENT = "Le compte rendu est produit ; il part dans la minute à chaque invité qui a une adresse."


@require_http_methods(["GET", "POST"])
def meeting_record(request, pk):
    """Attendance, checklist, what was said and decided."""
    meeting = get_actionable(Meeting.objects, request.user, P.MANAGE_MEETINGS, pk=pk)
    guests = meeting.guests.visible_to(request.user)
    form = RecordForm(request.POST or None, instance=meeting, guests=guests, seen=version_of(meeting))
    if form.is_valid() and attempt(form, lambda: _record(form, request.user)):
        messages.success(request, "C’est enregistré. Relisez l’aperçu, puis produisez le compte rendu.")
        return redirect("markets:meeting", pk=pk)
    return meeting_form(request, meeting, form, "Saisir le compte rendu")


def _record(form, by):
    seen = form.cleaned_data["seen"]
    meetings.record_meeting(meeting=form.save(commit=False), attendance=form.attendance, seen=seen, by=by)


@require_http_methods(["GET", "POST"])
def hire_add(request, pk):
    meeting = get_actionable(Meeting.objects, request.user, P.MANAGE_MEETINGS, pk=pk)
    form = HireForm(request.POST or None, instance=PlannedHire(meeting=meeting))
    if form.is_valid() and attempt(
        form, lambda: meetings.announce_hires(meeting=meeting, hire=form.save(commit=False), by=request.user)
    ):
        messages.success(request, "Le recrutement annoncé est noté.")
        return redirect("markets:meeting", pk=pk)
    return meeting_form(request, meeting, form, "Noter un recrutement annoncé")


@require_POST
def hire_remove(request, pk):
    hire = get_actionable(PlannedHire.objects.select_related("meeting"), request.user, P.MANAGE_MEETINGS, pk=pk)
    done = "Le recrutement annoncé est retiré."
    return act(request, hire.meeting, lambda: meetings.withdraw_hires(hire=hire, by=request.user), done)


@require_safe
def attendance_sheet(request, pk):
    """The sheet to print and have signed."""
    meeting = get_visible(Meeting.objects.select_related(*PLACE), request.user, pk=pk)
    return as_download(f"{stem(meeting, 'EM')}.pdf", PDF.mime, attendance_pdf(meeting, at=timezone.now()))


@require_safe
def minutes_preview(request, pk):
    """What the minutes would be, kept nowhere."""
    meeting = get_actionable(Meeting.objects.select_related(*PLACE), request.user, P.MANAGE_MEETINGS, pk=pk)
    number = f"{stem(meeting, 'CR')}-apercu"
    content = minutes_pdf(meeting, number=number, author=request.user, at=timezone.now(), is_preview=True)
    return as_download(f"{number}.pdf", PDF.mime, content)


@require_POST
def minutes_produce(request, pk):
    meeting = get_actionable(Meeting.objects, request.user, P.MANAGE_MEETINGS, pk=pk)
    typed = request.POST.get("after", "")
    after = int(typed) if typed.isdecimal() and len(typed) < 5 else -1
    return act(request, meeting, lambda: minutes.produce_minutes(meeting=meeting, after=after, by=request.user), SENT)


@require_safe
def minutes_download(request, pk):
    """A version of the minutes, byte for byte as it was sent."""
    paper = get_visible(MeetingMinutes.objects, request.user, pk=pk)
    return as_download(f"{paper.number}.pdf", PDF.mime, bytes(paper.content))
