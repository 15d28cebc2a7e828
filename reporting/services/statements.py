"""The life of a paper until it is produced: opened, written, replaced; what was sent never changes (C19)."""

import secrets

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, Min, OuterRef
from django.utils import timezone

from clauses_portal.core.errors import Conflict
from clauses_portal.core.periods import LIFETIME
from clauses_portal.core.services import lock, validated_save
from markets.models import Lot, Market
from participants.models import ClosedPeriod, EmploymentContract
from reporting.enums import StatementKind, StatementState
from reporting.models import Statement
from reporting.statements.recipes import RECIPES

SIGNED = "Ce document signé ne peut plus être modifié."
NOT_SENT = "Ce document n’est pas publié : corrigez son brouillon."
REPLACED = "Ce document est déjà remplacé : partez de sa dernière version."
# Without the letters and digits that are mistaken for one another.
CODE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@transaction.atomic
def open_statement(*, kind, period, by, territory=None, directorate=None, market=None):
    """Return the latest version of this paper, made as a draft when there is none.

    `period` is a Quarter or its text (quarterly), a Year or TwelveMonths (annual); a closing report has none, it goes
    from the first known day of its market to today. `by` is None for the portal itself.
    Raises ValidationError when the kind, the scope and the period do not fit.
    """
    code = LIFETIME if kind == StatementKind.CLOSING else str(period)
    key = {
        "kind": kind,
        "period_code": code,
        "territory": territory,
        "directorate": directorate,
        "market": market,
    }
    if existing := _latest(key):
        return existing
    try:
        with transaction.atomic():
            return validated_save(_draft(key), by=by)
    except (IntegrityError, ValidationError):
        # somebody opened it meanwhile; anything else is told
        if existing := _latest(key):
            return existing
        raise


def _latest(key):
    return Statement.objects.filter(**key).order_by("-version").first()


def _draft(key):
    draft = Statement(**key, verification_code=new_code())
    if draft.kind == StatementKind.CLOSING:
        draft.ends_on = timezone.localdate()
        first = first_day_of(draft.market) if draft.market else draft.ends_on
        draft.starts_on = min(first, draft.ends_on)
    return draft


def first_day_of(market):
    """The earliest day known of a market: a lot begins, somebody is hired; else its notification, or today."""
    lots = Lot.objects.filter(market=market).aggregate(first=Min("starts_on"))["first"]
    hired = EmploymentContract.objects.filter(market=market).aggregate(first=Min("starts_on"))["first"]
    known = [day for day in (lots, hired) if day]
    return min(known) if known else market.notified_on or timezone.localdate()


def markets_within(territories):
    """Markets every lot of which is in these territories: those whose papers their facilitators may publish."""
    lots = Lot.objects.filter(market=OuterRef("pk"))
    inside, outside = lots.filter(territory__in=territories), lots.exclude(territory__in=territories)
    return Market.objects.filter(Exists(inside), ~Exists(outside))


def new_code():
    """A verification code such as « 7K3M-Q9XD-2TBW »: 60 bits, readable aloud."""
    characters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(12))
    return "-".join(characters[i : i + 4] for i in (0, 4, 8))


@transaction.atomic
def write_draft(*, statement, by, **texts):
    """Change the texts of a draft, those its kind has. Raises Conflict (M20) once published."""
    statement = lock(Statement.objects, statement.pk)
    if statement.state == StatementState.PUBLISHED:
        raise Conflict(SIGNED)
    for name, value in texts.items():
        if name not in RECIPES[statement.kind].texts:
            raise ValueError(f"A {statement.kind} statement has no {name}.")
        setattr(statement, name, value)
    return validated_save(statement, by=by)


@transaction.atomic
def new_version(*, statement, reason, by):
    """Return the draft that will replace a published paper, its texts copied; asked twice, the same draft.

    Its figures are those of the day it is published; the former stays as it was sent, and says it is replaced.
    Raises Conflict when it is not published, or replaced already.
    """
    statement = lock(Statement.objects, statement.pk)
    if statement.state != StatementState.PUBLISHED:
        raise Conflict(NOT_SENT)
    successor = Statement.objects.filter(replaces=statement).first()
    if successor is None:
        return validated_save(_successor(statement, reason), by=by)
    if successor.state == StatementState.PUBLISHED:
        raise Conflict(REPLACED)
    return successor


def _successor(statement, reason):
    scope = ("kind", "territory", "directorate", "market", "period_code", "starts_on", "ends_on")
    copied = {name: getattr(statement, name) for name in (*scope, *RECIPES[statement.kind].texts)}
    return Statement(
        **copied,
        version=statement.version + 1,
        version_reason=reason,
        replaces=statement,
        verification_code=new_code(),
    )


def close_quarter(*, territory, quarter, by):
    """Close the hours of a quarter for a territory: from now on they only change by régularisation."""
    ClosedPeriod.objects.get_or_create(
        territory=territory,
        quarter_start=quarter.start,
        defaults={"closed_at": timezone.now(), "closed_by": by},
    )
