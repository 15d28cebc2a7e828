"""Hours as a program deposits them, and what becomes of them."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from clauses_portal.core.periods import Quarter
from markets.models import MarketTotal
from participants.models import HoursEntry
from participants.services.hours import record_month
from reporting.services.statements import close_quarter
from tests.factories.accounts import author

MARCH = date(2026, 3, 1)


def sent(contract, declared="100", **fields):
    """A line to deposit: hours of March 2026."""
    return {"contract": contract.pk, "month": "2026-03", "declared": declared} | fields


def refusal(response):
    """(status, code, sentence) of a problem."""
    body = response.json()
    return response.status_code, body["code"], body["detail"]


def grid_line(contract, hours=100):
    """Somebody types these hours in the grid."""
    record_month(contract=contract, month=MARCH, declared=Decimal(hours), by=author())


def counted():
    """(hours counted by the lines, by the totals of the markets)."""
    lines = HoursEntry.objects.aggregate(sum=Sum("counted", default=0))["sum"]
    return lines, MarketTotal.objects.aggregate(sum=Sum("counted", default=0))["sum"]


def close(contract):
    """The statement of the first quarter is sent."""
    close_quarter(territory=contract.territory, quarter=Quarter(2026, 1), by=author())
