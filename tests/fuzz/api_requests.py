"""Requests to the interface, spoilt one, two or three times, the same ones at each run."""

import copy
import json
from dataclasses import dataclass, field

from tests.fuzz.values import HEADERS, PLACES, RAW_NUMBERS, TEXTS, TYPES, VALUES


@dataclass
class Sent:
    """A request before it leaves: `body` is what JSON will write, or bytes once it is spoilt for good."""

    method: str
    path: str
    body: object = None
    kind: str = "application/json"
    query: list = field(default_factory=list)
    headers: dict = field(default_factory=dict)

    def data(self):
        """The bytes of the body."""
        if isinstance(self.body, bytes):
            return self.body
        text = json.dumps(self.body) if self.body is not None else ""
        for mark, number in RAW_NUMBERS.items():
            text = text.replace(f'"{mark}"', number)
        return text.encode()


def spoilt(rng, good):
    """A copy of this request, one to three of its parts changed."""
    sent = copy.deepcopy(good)
    changes = [_value, _value, _value, _raw, _kind, _header] if sent.body is not None else [_header]
    for change in rng.choices([*changes, _query, _query, _place], k=rng.randint(1, 3)):
        change(rng, sent)
    return sent


def _value(rng, sent):
    """A value somewhere in the body becomes another, disappears, or comes under another name."""
    if isinstance(sent.body, bytes):
        return
    spots = list(_spots(sent.body))
    if not spots or rng.random() < 0.05:
        sent.body = _any(rng)
        return
    holder, name = rng.choice(spots)
    act = rng.random()
    if act < 0.75:
        holder[name] = _any(rng)
    elif act < 0.85:
        del holder[name]
    elif isinstance(holder, dict):
        holder[rng.choice(["id", "pk", "territory", "state", "version", "\0", "x" * 300, ""])] = _any(rng)
    else:
        holder.extend(copy.deepcopy(holder) * rng.choice([1, 50]))


def _any(rng):
    """A value of ours alone: the next change may enter it."""
    return copy.deepcopy(rng.choice(VALUES))


def _spots(value):
    """(holder, name or position) of every value of this body."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in pairs:
        yield value, name
        yield from _spots(inner)


def _raw(rng, sent):
    """The bytes themselves: cut short, doubled, with another byte inside, in another alphabet, too deep."""
    data = sent.data()
    spot = rng.randrange(len(data) + 1)
    sent.body = rng.choice(
        [
            data[:spot],
            data + data,
            data[:spot] + bytes([rng.randrange(256)]) + data[spot:],
            data[:spot] + data[spot + 1 :],
            data.decode("utf-8", "replace").encode("utf-16"),
            b"\xef\xbb\xbf" + data,
            b'{"a":' * 3000 + b"1" + b"}" * 3000,
            b"[" * 3000,
            b"\xff" * 50,
            data.replace(b":", b":" + b"[" * 30, 1),
            b"",
        ]
    )


def _kind(rng, sent):
    sent.kind = rng.choice(TYPES)


def _header(rng, sent):
    name = rng.choice(list(HEADERS))
    sent.headers[name] = rng.choice(HEADERS[name])


def _query(rng, sent):
    names = ["limit", "after", "modified_since", "external_reference", "lot", "ordering", "format", "q", "\0", "état"]
    sent.query.append((rng.choice(names), rng.choice(TEXTS)))


def _place(rng, sent):
    """Another identifier in the address."""
    path, _, query = sent.path.partition("?")
    steps = path.split("/")
    numbers = [spot for spot, step in enumerate(steps) if step.isdecimal()]
    if numbers:
        steps[rng.choice(numbers)] = rng.choice(PLACES)
        sent.path = "/".join(steps) + (f"?{query}" if query else "")
