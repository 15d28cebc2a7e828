from django.contrib.postgres.fields import DateRangeField
from django.db.models import Case, Func, Q, Value, When


def days(start="starts_on", end="ends_on"):
    """Expression: the range of days from `start` to `end`, both included."""
    return Func(start, end, Value("[]"), function="daterange", output_field=DateRangeField())


def days_when(condition: Q):
    """Expression: the row's range of days when `condition` holds, NULL otherwise (temporal keys skip NULL)."""
    return Case(When(condition, then=days()), default=None, output_field=DateRangeField())
