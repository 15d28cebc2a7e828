"""`{% load french %}`: the helpers of clauses_portal.core.french as template filters."""

from django import template

from clauses_portal.core import french

register = template.Library()

register.filter("hours", french.hours)
register.filter("number", french.number)
register.filter("hundredths", french.hundredths)
register.filter("percent", french.percent)
register.filter("euros", french.euros)
register.filter("fr_date", french.date)
register.filter("file_size", french.file_size)
register.filter("weeks_and_fte", french.weeks_and_fte)
# The result is plain text again: a template escapes it as any text.
register.filter("typo", french.typographic)
