"""Meetings: the list, the page of one, and what is done before it takes place."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.exports import criteria_of, export
from clauses_portal.core.versions import version_of
from clauses_portal.core.web import answer_form, attempt, page_of, tell, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible, requires, scope_of, territories_for
from markets.enums import MeetingKind
from markets.exports import MEETINGS
from markets.forms.meetings import GuestForm, MeetingForm, PartnersMeetingForm
from markets.meeting_filter import MeetingFilter
from markets.meeting_page import companies_of, page_of_meeting
from markets.models import Lot, Meeting, MeetingGuest
from markets.services import invitations, meetings

P = Permission
HOME = ("Réunions", "/reunions/")
PLANNED = "La réunion est prévue. Vérifiez les invités proposés, puis envoyez les invitations."


def _listed(request):
    """The meetings this account may see, as the address filters them: those to come when it says nothing."""
    rows = Meeting.objects.visible_to(request.user).select_related("lot__market", "territory")
    territories = territories_for(request.user, P.VIEW_MARKETS)
    return MeetingFilter({"when": "ahead", **request.GET.dict()}, queryset=rows, territories=territories)


@require_safe
@requires(P.VIEW_MARKETS)
def meeting_list(request):
    filters = _listed(request)
    context = {
        "filters": filters,
        "page": page_of(request, filters.qs),
        "may_call_partners": scope_of(request.user).allows(P.MANAGE_MEETINGS),
        "breadcrumbs": trail(HOME),
    }
    return render(request, "markets/meeting_list.html", context)


@require_safe
@requires(P.VIEW_MARKETS)
def meeting_export(request, file_format):
    filters = _listed(request)
    return export(request, file_format, MEETINGS, filters.qs, criteria=criteria_of(filters.form))


@require_safe
def meeting_detail(request, pk):
    rows = Meeting.objects.select_related("lot__market", "territory", "created_by")
    meeting = get_visible(rows, request.user, pk=pk)
    context = page_of_meeting(meeting, request.user)
    context["breadcrumbs"] = trail(HOME, (meeting.get_kind_display(), None))
    return render(request, "markets/meeting.html", context)


@require_http_methods(["GET", "POST"])
def meeting_create(request, pk):
    """A meeting of a lot: the first one of the site, then those that follow."""
    lot = get_actionable(Lot.objects.select_related("market"), request.user, P.MANAGE_MEETINGS, pk=pk)
    is_first = not lot.meetings.visible_to(request.user).filter(kind=MeetingKind.FIRST_SITE).exists()
    kind = MeetingKind.FIRST_SITE if is_first else MeetingKind.FOLLOW_UP
    blank = Meeting(lot=lot, territory_id=lot.territory_id, kind=kind, title=lot.title[:200])
    form = MeetingForm(request.POST or None, instance=blank)
    return _plan(request, form, f"Réunion du lot {lot.number}", str(lot), reverse("markets:lot", args=[pk]))


@require_http_methods(["GET", "POST"])
@requires(P.MANAGE_MEETINGS)
def partners_meeting_create(request):
    """A cellule opérationnelle, of a territory."""
    territories = territories_for(request.user, P.MANAGE_MEETINGS)
    form = PartnersMeetingForm(
        request.POST or None,
        instance=Meeting(kind=MeetingKind.PARTNERS, title=MeetingKind.PARTNERS.label),
        initial={"territory": territories.first()},
        territories=territories,
    )
    return _plan(request, form, "Cellule opérationnelle", "", reverse("markets:meetings"))


def _plan(request, form, title, lede, back):
    if form.is_valid() and attempt(
        form, lambda: meetings.plan_meeting(meeting=form.save(commit=False), by=request.user)
    ):
        messages.success(request, PLANNED)
        return redirect("markets:meeting", pk=form.instance.pk)
    context = {"title": title, "lede": lede, "cancel_url": back, "breadcrumbs": trail(HOME, (title, None))}
    return answer_form(request, "components/form_page.html", form, context)


@require_http_methods(["GET", "POST"])
def meeting_edit(request, pk):
    meeting = get_actionable(Meeting.objects.select_related("lot"), request.user, P.MANAGE_MEETINGS, pk=pk)
    form = MeetingForm(request.POST or None, instance=meeting, seen=version_of(meeting))
    if form.is_valid() and attempt(form, lambda: _change(form, request.user)):
        messages.success(request, "La réunion est enregistrée ; les personnes déjà invitées sont prévenues.")
        return redirect("markets:meeting", pk=pk)
    lede = "Un changement envoie une nouvelle invitation aux personnes déjà invitées."
    return meeting_form(request, meeting, form, "Modifier la réunion", lede)


def _change(form, by):
    meetings.change_meeting(meeting=form.save(commit=False), seen=form.cleaned_data["seen"], by=by)


@require_POST
def meeting_cancel(request, pk):
    meeting = get_actionable(Meeting.objects, request.user, P.MANAGE_MEETINGS, pk=pk)
    done = "La réunion est annulée ; les personnes invitées sont prévenues."
    return act(request, meeting, lambda: meetings.cancel_meeting(meeting=meeting, by=request.user), done)


@require_POST
def meeting_invite(request, pk):
    meeting = get_actionable(Meeting.objects, request.user, P.MANAGE_MEETINGS, pk=pk)
    done = "Les invitations partent dans la minute."
    return act(request, meeting, lambda: invitations.invite(meeting=meeting, by=request.user), done)


@require_http_methods(["GET", "POST"])
def guest_add(request, pk):
    meeting = get_actionable(Meeting.objects.select_related("lot"), request.user, P.MANAGE_MEETINGS, pk=pk)
    form = GuestForm(request.POST or None, instance=MeetingGuest(meeting=meeting), companies=companies_of(meeting))
    if form.is_valid() and attempt(
        form, lambda: meetings.add_guest(meeting=meeting, guest=form.save(commit=False), by=request.user)
    ):
        messages.success(request, "La personne est ajoutée.")
        return redirect("markets:meeting", pk=pk)
    return meeting_form(request, meeting, form, "Ajouter une personne")


@require_POST
def guest_remove(request, pk):
    rows = MeetingGuest.objects.select_related("meeting")
    guest = get_actionable(rows, request.user, P.MANAGE_MEETINGS, pk=pk)
    done = f"{guest.name} n’est plus sur la liste."
    return act(request, guest.meeting, lambda: meetings.remove_guest(guest=guest, by=request.user), done)


def act(request, meeting, action, done):
    """Do what a button of the page asks, and come back to it with how it went."""
    tell(request, action, done)
    return redirect("markets:meeting", pk=meeting.pk)


def meeting_form(request, meeting, form, title, lede=""):
    """A page that is one form about a meeting."""
    url = reverse("markets:meeting", args=[meeting.pk])
    moment = timezone.localtime(meeting.begins_on)
    context = {
        "title": title,
        "lede": lede or f"{meeting}, le {moment:%d/%m/%Y}",
        "cancel_url": url,
        "breadcrumbs": trail(HOME, (meeting.get_kind_display(), url), (title, None)),
    }
    return answer_form(request, "components/form_page.html", form, context)
