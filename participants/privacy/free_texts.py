"""The free texts of the portal, where somebody may be named though she should not: each table, and what is done there.

An app above adds its own with `register`, when it is ready: this one knows no other name than those below.
"""

import re
from dataclasses import dataclass, field
from enum import Enum

from django.apps import apps
from django.db import connection
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from clauses_portal.core.services import save_columns

ERASED = "[effacé]"


class Act(Enum):
    """What becomes of a row that names a person who is forgotten."""

    REDACT = "redact"  # her name, her telephone… become « [effacé] »
    BLANK = "blank"  # the whole row says nothing any more
    DELETE = "delete"
    KEEP = "keep"  # a document that never changes: it is told to whoever decides


@dataclass(frozen=True)
class FreeText:
    """Columns of a table that a person types freely. `blank`: what BLANK writes. `only`: a filter on the rows."""

    model: str
    fields: tuple[str, ...]
    act: Act = Act.REDACT
    blank: dict = field(default_factory=dict)
    only: Q = field(default_factory=Q)

    def rows(self):
        return apps.get_model(self.model).objects.filter(self.only)

    def naming(self, pattern):
        """The rows that match a pattern; none when it is empty."""
        if not pattern:
            return self.rows().none()
        said = {f"said_{place}": Cast(name, TextField()) for place, name in enumerate(self.fields)}
        matches = (Q(**{f"{name}__iregex": pattern}) for name in said)
        return self.rows().annotate(**said).filter(Q(*matches, _connector=Q.OR))


FREE_TEXTS = [
    FreeText("accounts.FormDraft", ("data",), Act.DELETE),
    FreeText("facilitators.RepeatableRequest", ("answer",), Act.DELETE),
    FreeText("facilitators.Notification", ("text",)),
    FreeText(
        "facilitators.OutgoingMail",
        ("recipient", "subject", "body", "attachment_name"),
        Act.BLANK,
        {
            "recipient": "",
            "subject": "Courriel effacé",
            "body": "",
            "attachment_name": "",
            "attachment_type": "",
            "attachment": None,
        },
    ),
    FreeText("markets.MeetingMinutes", ("meeting__title", "meeting__discussion", "meeting__decisions"), Act.KEEP),
    FreeText("markets.PenaltyLetter", ("case__facts", "case__observations", "case__reason"), Act.KEEP),
    FreeText("markets.Alert", ("description", "answer")),
    FreeText("markets.BidderQuestion", ("question", "answer")),
    FreeText("markets.Meeting", ("title", "discussion", "decisions")),
    FreeText("markets.PenaltyCase", ("facts", "observations", "reason")),
    FreeText("participants.JobPosting", ("tasks", "profile", "tutor")),
    FreeText("participants.EligibilityValidation", ("opinion", "missing", "reason")),
    FreeText("participants.EmploymentContract", ("job_title",)),
    FreeText("participants.HoursEntry", ("correction_reason",), only=~Q(correction_reason="")),
    FreeText("participants.MonthlyDeclaration", ("comment",)),
    FreeText("participants.DeclarationLine", ("note", "answer")),
    FreeText("participants.HoursImport", ("file_name", "report")),
    FreeText("participants.ImportedLine", ("person", "message")),
    FreeText("participants.Referral", ("comment",)),
    FreeText("participants.DataRequest", ("requester", "details", "answer")),
]
# What an app above has to do first: functions of (the numbers of the files forgotten, their `Marks`).
PASSES = []


def register(*texts, passes=()):
    """Add the free texts, and the passes, of an app above; once, when it is ready."""
    FREE_TEXTS.extend(texts)
    PASSES.extend(passes)


@dataclass(frozen=True)
class Marks:
    """Two regular expressions, of PostgreSQL and of Python: what names somebody, and what is erased where she is named.

    The second has her dates of birth besides. Both are empty when nothing names her any more.
    """

    naming: str
    erased: str


def marks_of(ids):
    """The `Marks` of these files: all they ever said of who she is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT mark FROM unnest(%s) person, participants_marks(person) mark", [list(ids)])
        marks = sorted((mark for (mark,) in cursor.fetchall()), key=len, reverse=True)
        cursor.execute("SELECT participants_births(person) FROM unnest(%s) person", [list(ids)])
        births = [birth for (birth,) in cursor.fetchall() if birth]
    return Marks("|".join(marks), "|".join([*marks, *births]))


def redacted(value, pattern):
    """The same text, list or structure, what says who somebody is replaced."""
    if isinstance(value, str):
        return re.sub(pattern, ERASED, value, flags=re.IGNORECASE)
    if isinstance(value, list):
        return [redacted(item, pattern) for item in value]
    if isinstance(value, dict):
        return {redacted(key, pattern): redacted(item, pattern) for key, item in value.items()}
    return value


def scrub(text, marks, *, by):
    """Do what `text` says to the rows that name somebody; return the sentences that tell what was kept."""
    rows = list(text.naming(marks.naming).order_by("pk"))
    if text.act == Act.KEEP:
        return [f"{row._meta.verbose_name} {row}" for row in rows]
    if text.act == Act.DELETE:
        text.rows().filter(pk__in=[row.pk for row in rows]).delete()
        return []
    for row in rows:
        changes = text.blank or {name: redacted(getattr(row, name), marks.erased) for name in text.fields}
        save_columns(row, by=by, **{name: _within(row, name, value) for name, value in changes.items()})
    return []


def _within(row, name, value):
    """A text that was redacted may be longer: it is cut at the length of its column."""
    most = getattr(row._meta.get_field(name), "max_length", None)
    return value[:most] if most and isinstance(value, str) else value
