"""Twelve texts that a page must show and never obey (security.md §3, A12), and every place where they may be kept."""

from django.apps import apps
from django.db import DatabaseError, models, transaction

OURS = {"accounts", "facilitators", "operations", "markets", "participants", "reporting"}
# The page tells it has been obeyed: a dialog, a frame, a style, a name in the window.
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    '"><svg onload=alert(3)>',
    "'-alert(4)-'",
    "</title><script>alert(5)</script>",
    "</textarea><img src=x onerror=alert(6)>",
    "<iframe srcdoc='<script>alert(7)</script>'>",
    "javascript:alert(8)",
    "{{constructor.constructor('alert(9)')()}}",
    "</script><script>alert(10)</script>",
    "<a href=javascript:alert(11)>x</a>",
    "<style>@import'//evil.example'</style>",
)
SHORTEST = 25
# What the portal writes itself: without them nobody stays signed in.
NOT_WRITTEN_BY_PEOPLE = {"password", "secret", "digest", "sha256", "session_key"} | {"path", "key", "code", "route"}


def free_texts():
    """(model, field) of every text that somebody writes as she wants: no choices, no digest, no code."""
    for model in apps.get_models():
        if model._meta.app_label in OURS and not model.__name__.startswith("Historical") and model._meta.managed:
            for field in model._meta.concrete_fields:
                text = isinstance(field, models.CharField | models.TextField) and not field.choices
                text = text and not field.unique and field.name not in NOT_WRITTEN_BY_PEOPLE
                if text and (field.max_length or 10**6) >= SHORTEST:
                    yield model, field


def store(turn, texts=PAYLOADS):
    """Write these texts in every row of every free text: all where there is room, else one, another for each field.

    What the database refuses (a code, an address) is left as it is. Returns {(table, field)} that were written.
    """
    written = set()
    for number, (model, field) in enumerate(free_texts()):
        text = " ".join(texts)
        if field.max_length and len(text) > field.max_length:
            fitting = [one for one in texts if len(one) <= field.max_length]
            text = fitting[(number + turn) % len(fitting)]
        try:
            with transaction.atomic():
                if model._base_manager.update(**{field.name: text}):
                    written.add((model._meta.db_table, field.name))
        except DatabaseError:
            continue
    return written
