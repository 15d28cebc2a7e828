"""Everything the portal says of a person, read from its models: the copy she may ask for (RGPD art. 15)."""

from dataclasses import dataclass, field

from django.contrib.auth import get_user_model
from django.db.models import BinaryField, Count
from django.utils import timezone

from clauses_portal.accounts.models import JournalAction, JournalEntry
from clauses_portal.core import french
from facilitators.enums import Role
from facilitators.models import Membership
from participants.privacy.free_texts import FREE_TEXTS, marks_of
from participants.privacy.rows import files_of, rows_of

AN_AGENT = "un agent du portail"
ENCLOSED = "fichier joint à cette copie"
NOBODY = "le portail lui-même"


@dataclass
class Table:
    """A table that speaks of her: what it holds in French, its columns {name: label} and its rows [{name: text}]."""

    label: str
    model: str
    columns: dict
    rows: list


@dataclass
class Copy:
    """What is given: tables, texts that name her [(table, text)], who looked at her file, and papers {name: bytes}."""

    tables: list
    mentions: list
    readings: list
    papers: dict = field(default_factory=dict)


def copy_of(person):
    """Return the `Copy` of a person and of the files merged into hers. Reads every model: some fifty queries."""
    ids = files_of(person)
    known, papers, tables = {}, {}, []
    for model, rows in rows_of(ids):
        columns = {column.name: str(column.verbose_name) for column in model._meta.concrete_fields}
        lines = [_line(row, known, papers) for row in rows]
        tables.append(Table(str(model._meta.verbose_name_plural), model._meta.label, columns, lines))
    return Copy(tables, _mentions(ids), _readings(ids), papers)


def _line(row, known, papers):
    return {column.name: _said(row, column, known, papers) for column in row._meta.concrete_fields}


def _said(row, column, known, papers):
    """The text of a column: labels of lists, names of what is referred to; the names of agents are theirs."""
    value = getattr(row, column.attname)
    if value is None or value == "":
        return ""
    if isinstance(column, BinaryField):
        return _enclosed(row, bytes(value), papers)
    if column.is_relation:
        return _named(column, value, known)
    if column.choices:
        return str(getattr(row, f"get_{column.name}_display")())
    if isinstance(value, bool):
        return "oui" if value else "non"
    if hasattr(value, "tzinfo"):
        return timezone.localtime(value).strftime("%d/%m/%Y %H:%M")
    return french.date(value) if hasattr(value, "isoformat") else str(value)


def _enclosed(row, content, papers):
    """Her own papers go with the copy; a former copy does not: it holds nothing more."""
    if not content.startswith(b"%PDF"):
        return "fichier"
    papers[f"pieces/{row}.pdf"] = content
    return ENCLOSED


def _named(column, value, known):
    target = column.related_model
    if target is get_user_model():
        return AN_AGENT
    if (target, value) not in known:
        row = target._base_manager.filter(pk=value).first()
        known[target, value] = f"{row} (n° {value})" if row is not None else f"n° {value}"
    return known[target, value]


def _mentions(ids):
    """[(table, text)] of the mails, alerts, minutes… where she is named."""
    naming, found = marks_of(ids).naming, []
    for text in FREE_TEXTS:
        for row in text.naming(naming).order_by("pk"):
            said = " – ".join(str(value) for name in text.fields if (value := _value(row, name)))
            found.append((str(row._meta.verbose_name), said))
    return found


def _value(row, name):
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _readings(ids):
    """[(role, act, number)]: who looked at her file or acted on it, by role, over the year that the journal keeps."""
    lines = JournalEntry.objects.filter(object_kind="participants.participant", object_id__in=ids)
    counts = lines.order_by().values_list("actor", "action").annotate(Count("pk"))
    roles = dict(Membership.objects.filter(user__in=lines.values("actor")).order_by("pk").values_list("user", "role"))
    totals = {}
    for actor, action, number in counts:
        who = Role(roles[actor]).label if actor in roles else NOBODY if actor is None else AN_AGENT
        key = who, JournalAction(action).label
        totals[key] = totals.get(key, 0) + number
    return [(who, what, number) for (who, what), number in sorted(totals.items())]
