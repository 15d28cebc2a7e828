"""Small words for templates: the tone of a state, a value of a dictionary."""

from django import template

from clauses_portal.core import scanning

register = template.Library()

# The colour that helps a state's words; never the only sign of it.
TONES = {
    "programmed": "neutral",
    "to_review": "warning",
    "awaiting_visa": "warning",
    "set_aside": "neutral",
    "retained": "info",
    "calibrated": "info",
    "awarded": "info",
    "running": "success",
    "closed": "neutral",
    "proposed": "warning",
    "incomplete": "neutral",
    "granted": "success",
    "refused": "danger",
    "revoked": "danger",
    "draft": "warning",
    "published": "success",
    "mandatory": "warning",
    "unknown": "danger",
    "exempt": "info",
    "awaited": "info",
    "late": "warning",
    "favourable": "success",
    "reserved": "warning",
    "unfavourable": "danger",
    "nobody": "warning",
    "unchecked": "warning",
    "confirmed": "success",
    "info": "info",
    "watch": "warning",
    "critical": "danger",
    "found": "warning",
    "notice_sent": "info",
    "observed": "warning",
    "decided": "success",
    "dropped": "neutral",
    "asked": "neutral",
    "done": "success",
    "failed": "danger",
    "created": "success",
    "updated": "info",
    "unchanged": "neutral",
    "to_check": "warning",
    "silent": "danger",
    "typed": "success",
    "checked": "success",
    "accepted": "success",
    "corrected": "info",
    "ready": "success",
    "forced": "info",
    "ambiguous": "warning",
    "differs": "warning",
    "double": "warning",
    "ceiling": "danger",
    "no_contract": "danger",
    "outside": "danger",
    "unreadable": "danger",
    "recorded": "success",
    "new": "success",
    "changed": "info",
    "conflict": "warning",
    "replace": "info",
    "planned": "info",
    "held": "success",
    "cancelled": "neutral",
    "present": "success",
    "excused": "neutral",
    "absent": "warning",
    "filled": "info",
    "meeting": "info",
    "hired": "success",
    "declined": "neutral",
    "withdrawn": "neutral",
    "to_correct": "danger",
    "to_declare": "warning",
    "agrees": "success",
    "undecided": "neutral",
}


@register.filter
def tone(state):
    """Tone of a badge: neutral, info, success, warning or danger."""
    return TONES.get(str(state), "neutral")


@register.filter
def scan_state(row):
    """What the antivirus said of what this row keeps (ScanState), None when nobody deposited it."""
    return scanning.shown_state(row)


@register.filter
def entry(mapping, key):
    """mapping[key], or None."""
    return mapping.get(key)
