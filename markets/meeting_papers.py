"""The papers of a meeting: the sheet that people sign, and the minutes, with the logo of the Département (C9, C25).

They go to companies: their contexts are built here field by field, and none of them is confidential (C27).
"""

from dataclasses import dataclass, field

from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.branding import logos_on
from clauses_portal.core.french import NBSP
from clauses_portal.core.pdf import letterhead, render_pdf
from markets.enums import MeetingKind

BLANK_LINES = 6
# What the Département and the facilitator expressly ask for at the first meeting (C9), and the rule of article 2-2.
ASKS = (
    ("asked_job_sheets", "Fiches de poste"),
    ("asked_terms", "Modalités de mise en œuvre de la clause"),
    ("asked_follow_up", "Fiches de suivi des heures réalisées"),
    ("asked_lasting_jobs", "Retour à l’emploi durable"),
    ("stated_validation_rule", "Validation préalable des personnes par le facilitateur"),
)


@dataclass(frozen=True)
class MinutesContext:
    """What the minutes print. `guests`: (name, organisation, quality, attendance); `hours`: (company, role, hours)."""

    facts: list
    guests: list
    hours: list = field(default_factory=list)
    asks: list = field(default_factory=list)
    hires: list = field(default_factory=list)
    follow_up: list = field(default_factory=list)
    discussion: str = ""
    decisions: str = ""
    next_meeting: str = ""
    author: str = ""


def minutes_context(meeting, *, number, author):
    """Return the `MinutesContext` of a meeting, as it is now."""
    return MinutesContext(
        facts=[*_facts(meeting), ("Numéro", number)],
        guests=[
            (guest.name, guest.organisation, guest.get_kind_display(), guest.get_attendance_display())
            for guest in meeting.guests.all()
        ],
        hours=_hours(meeting.lot),
        asks=_asks(meeting),
        hires=[(hire.rome.label, hire.rome_id, hire.number, hire.starts_on) for hire in _hires(meeting)],
        follow_up=_follow_up(meeting),
        discussion=meeting.discussion,
        decisions=meeting.decisions,
        next_meeting=french.date(meeting.next_meeting_on) if meeting.next_meeting_on else "",
        author=str(author),
    )


def _facts(meeting):
    """Pairs (name, value) under the title of a paper."""
    moment = timezone.localtime(meeting.begins_on)
    lot = meeting.lot
    place = []
    if lot:
        named = lot.number if lot.title == meeting.title else f"{lot.number} – {lot.title}"
        place = [("Marché", lot.market.number), ("Lot", named)]
    return [
        ("Objet", meeting.title),
        ("Date", f"{french.date(moment)} à {moment:%H}{NBSP}h{NBSP}{moment:%M}"),
        ("Lieu", meeting.place),
        *place,
        ("Territoire", meeting.territory.name),
    ]


def _hours(lot):
    """Hours due today by each company of the lot: the companies know theirs, they are in the contract."""
    if lot is None:
        return []
    rows = lot.awards.live().with_objective().select_related("company")
    return [(str(award.company), award.get_role_display(), award.objective) for award in rows if award.objective]


def _asks(meeting):
    if meeting.kind == MeetingKind.PARTNERS:
        return []
    return [(label, "Oui" if getattr(meeting, name) else "Non abordé") for name, label in ASKS]


def _hires(meeting):
    return meeting.hires.select_related("rome")


def _follow_up(meeting):
    day = f"le {meeting.statement_day} du mois suivant" if meeting.statement_day else ""
    rows = [("Relevé mensuel des heures", day), ("Contact paie", meeting.payroll_contact)]
    return [(name, value) for name, value in rows if value]


def minutes_pdf(meeting, *, number, author, at, is_preview=False):
    """Return the PDF (bytes) of the minutes of a meeting, under this number, dated `at` (aware)."""
    context = {"minutes": minutes_context(meeting, number=number, author=author), "is_preview": is_preview}
    title = f"Compte rendu – {meeting.get_kind_display()}"
    return _render("pdf/minutes.html", context, meeting, title=title, identifier=number, at=at)


def attendance_pdf(meeting, *, at):
    """Return the PDF (bytes) of the sheet to sign: those invited, and blank lines for who comes beside them."""
    context = {
        "facts": _facts(meeting),
        "guests": [(guest.name, guest.organisation, guest.get_kind_display()) for guest in meeting.guests.all()],
        "blank_lines": range(BLANK_LINES),
        "states_the_rule": meeting.kind != MeetingKind.PARTNERS,
    }
    title = f"Feuille d’émargement – {meeting.get_kind_display()}"
    return _render("pdf/attendance_sheet.html", context, meeting, title=title, identifier=stem(meeting, "EM"), at=at)


def _render(template, context, meeting, *, title, identifier, at):
    operation = meeting.lot.market.operation if meeting.lot else None
    logo = logos_on(timezone.localdate(at))[0]
    head = letterhead([logo], operation.funding_period if operation else "none")
    context |= {"letterhead": head, "verification_code": ""}
    return render_pdf(template, context, title=title, identifier=identifier, created_at=at)


def stem(meeting, prefix):
    """« CR-2026-00012 »: how the papers of a meeting are numbered."""
    return f"{prefix}-{timezone.localtime(meeting.begins_on):%Y}-{meeting.pk:05d}"
