"""Double declarations: the lender and the user company both declare the hours of a person (domain.md §12 n° 12)."""

from itertools import combinations

from participants.enums import HoursNature
from participants.models import HoursEntry
from participants.services.hours.fates import READ_WITH


def double_declarations(lot, *months):
    """[(entry of the lender, entry of the user company)]: same lot, same person, days in common, not set aside.

    `months`: first days. One query.
    """
    rows = HoursEntry.objects.typed().filter(lot=lot, month__in=months, nature=HoursNature.WORKED, declared__gt=0)
    rows = rows.select_related(READ_WITH, "contract__award", "contract__employer", "participant")
    return doubles_among(rows.order_by("participant_id", "starts_on", "pk"))


def doubles_among(entries):
    """As `double_declarations`, among entries read with their contract, its award and its employer."""
    by_person = {}
    for entry in entries:
        if entry.declared > entry.withheld and entry.nature == HoursNature.WORKED and not entry.booked_in:
            by_person.setdefault((entry.lot_id, entry.participant_id), []).append(entry)
    pairs = [pair for rows in by_person.values() for one in combinations(rows, 2) for pair in (one, one[::-1])]
    return [(lender, user) for lender, user in pairs if _share_days(lender, user) and _is_lent_to(lender, user)]


def _share_days(one, other):
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _is_lent_to(lender, user):
    """Does the first contract lend the person to the employer of the second?"""
    return lender.contract.user_company_id == user.contract.employer_id
