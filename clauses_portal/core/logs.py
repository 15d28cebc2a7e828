"""What a log keeps: when, how serious, from where, of which request, and nothing of what people typed or are.

No name, no amount, no key, no address (security.md §6, 47; ASVS 16.2.5): a message of ours holds none, but those of
others may. So every line goes through `hide`, and an exception tells its kind and its place, not its message.
"""

import json
import logging
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

from celery import current_task

# {"reference": …} of the request this thread answers.
request_seen = ContextVar("request_seen", default=None)

# /agenda/<secret>.ics, /entreprise/lien/<token>/, /invitation/<token>/, the link of a forgotten password, and an access
# key somebody put where it does not belong
SECRET = re.compile(
    r"(/agenda/)[^/\s\"']+(?=\.ics)|(/(?:entreprise/lien|invitation)/)[^/\s\"']+"
    r"|(/mot-de-passe/oubli/)[0-9A-Za-z]+-[^/\s\"']+"
    r"|((?:cle|cl%C3%A9|clé|key|api_key|apikey|access_key|token|authorization)=)[^&\s\"']+|(csk_)[A-Za-z0-9_-]+",
    re.IGNORECASE,
)
# What follows « ? » in an address: what somebody looked for, often a name.
QUERY = re.compile(r"(?<=[\w/.\-])\?[^\s\"'<>]+")
MAIL_ADDRESS = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# « DETAIL:  Key (email)=(…) already exists. », « LINE 1: … WHERE last_name = '…' » and the mark under it.
ROW_VALUES = re.compile(r"(D[EÉ]TAIL|CONTEXT|CONTEXTE|HINT|QUERY|STATEMENT|LINE \d+|LIGNE \d+)\s?:[^\n]*(\n\s*\^)?")

# Their messages come from Python, and name what is in the source.
SAFE_MESSAGES = (AttributeError, ImportError, NameError, NotImplementedError)
SAYS_TOO_MUCH = {"args", "kwargs", "return_value", "traceback"}


def hide(text):
    """The text without secret, without what follows « ? » in an address, without e-mail address nor value of a row."""
    text = SECRET.sub(lambda found: f"{next(filter(None, found.groups()))}…", text)
    text = ROW_VALUES.sub(r"\1: …", QUERY.sub("?…", text))
    return MAIL_ADDRESS.sub("…@…", text)


def kind_of(error):
    """« IntegrityError [23505 account_email_is_one] »: the kind of an exception, and where the database refused."""
    cause = error if hasattr(error, "pgcode") else error.__cause__
    code = getattr(cause, "pgcode", None)
    if code:
        constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
        return f"{type(error).__name__} [{' '.join(filter(None, (code, constraint)))}]"
    if isinstance(error, SAFE_MESSAGES):
        return f"{type(error).__name__}: {hide(str(error))}"
    return type(error).__name__


def trace_of(error):
    """The calls that led to an exception, and to what caused it: places in the source, kinds, no value."""
    lines = []
    while error is not None:
        places = traceback.extract_tb(error.__traceback__)
        lines[:0] = [*(f"{place.filename}:{place.lineno} {place.name}" for place in places), kind_of(error)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


class NoSecretFormatter(logging.Formatter):
    """A line for people: one line a message, whatever line ends it holds, then the trace when there is one."""

    def formatMessage(self, record):
        return hide(super().formatMessage(record)).replace("\r", "\\r").replace("\n", "\\n")

    def formatException(self, exc_info):
        return trace_of(exc_info[1])


class JsonFormatter(logging.Formatter):
    """A line for programs: one JSON object an event, in UTC; what an event does not have is left out."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": hide(record.getMessage()),
            **(request_seen.get() or {}),
            **getattr(record, "event", {}),
            **_task(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["error"], line["trace"] = kind_of(record.exc_info[1]), trace_of(record.exc_info[1])
        return json.dumps({name: value for name, value in line.items() if value is not None}, ensure_ascii=False)


def _task():
    """The task under way, by its name and number."""
    task = current_task
    return {"task": task.name, "task_id": task.request.id} if task and task.request.id else {}


class WithoutValues(logging.Filter):
    """What the worker says of a task: its name and its fate, not what it was given nor what it answered."""

    def filter(self, record):
        if isinstance(record.args, dict):
            record.args = {**record.args, **dict.fromkeys(SAYS_TOO_MUCH & record.args.keys(), "")}
            if "exc" in record.args:
                record.args["exc"] = str(record.args["exc"]).partition("(")[0]
        return True
