"""Dated reference tables: a new value closes the former one, nothing is deleted, the history says who and when."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils.text import slugify

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from markets.models import PenaltyRule

ONE_DAY = timedelta(days=1)


def only_writer(model):
    """Keep the others from writing in this table until the end of the transaction: these tables hardly ever change.

    Locking the rows in force would let two first values of the same thing through.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")


def free_code(text, taken):
    """A code made of a text (30 characters at most), numbered when it is one of those `taken`."""
    stem = slugify(text)[:30] or "ligne"
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(code for code in numbered if code not in taken)


@transaction.atomic
def add_penalty(rule, *, by):
    """Add a breach to the tariff, under a code of its own."""
    only_writer(PenaltyRule)
    rule.code = free_code(rule.breach, set(PenaltyRule.objects.values_list("code", flat=True)))
    return validated_save(rule, by=by)


@transaction.atomic
def replace_from(new_row, *, same, by):
    """Save a dated row in force from its `valid_from` on; the one in force until then ends the day before.

    `same`: names of the fields that say what a row is about (`["category"]`). Raises DomainError when the new row
    does not begin after the last one, or overlaps one that has an end; ValidationError when it makes no sense.
    """
    model = type(new_row)
    only_writer(model)
    new_row.full_clean()
    rows = model._default_manager.filter(**{name: getattr(new_row, name) for name in same})
    former = rows.order_by("-valid_from").first()
    if former is not None:
        _end_before(former, new_row.valid_from, by)
    return validated_save(new_row, by=by)


def _end_before(former, day, by):
    if day <= former.valid_from:
        raise DomainError(
            f"La dernière valeur s’applique à compter du {french.date(former.valid_from)} : la nouvelle commence après."
        )
    if former.valid_until is None:
        former.valid_until = day - ONE_DAY
        validated_save(former, by=by)
    elif former.valid_until >= day:
        raise DomainError(
            f"La dernière valeur s’applique jusqu’au {french.date(former.valid_until)} : la nouvelle commence après."
        )


@transaction.atomic
def correct(row, *, by):
    """Save a typing error put right: the dates stay, and the history keeps what the row said."""
    saved = lock(type(row)._default_manager, row.pk)
    row.valid_from, row.valid_until = saved.valid_from, saved.valid_until
    return validated_save(row, by=by)


@transaction.atomic
def end_on(row, *, last_day, by):
    """Stop applying a row after a day, without another in its place. Raises Conflict when it has an end already."""
    row = lock(type(row)._default_manager, row.pk)
    if row.valid_until is not None:
        raise Conflict(f"Cette valeur prend déjà fin le {french.date(row.valid_until)}.")
    row.valid_until = last_day
    return validated_save(row, by=by)
