"""What the reader gives: one dataclass per thing a DECP record tells. No Django here.

Codes (`nature`, `procedure`, `technique`, `kind`, `social_considerations`) are the values of `markets.enums`;
an empty string means « not told, or told in words we do not know ».
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


class UnreadableFile(Exception):
    """The whole file is not what it says. `str(error)` is one French sentence for the user."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A company as declared. `siret` is set only when its key is right; `identifier` is always kept."""

    identifier: str
    id_type: str
    siret: str | None = None
    siren: str | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Modification:
    """A change made to the contract after its notification, as published: its `amount` (€ before tax) and
    `duration_months` are now the new total, now the difference (ADR 0006)."""

    number: int
    notified_on: date | None = None
    published_on: date | None = None
    amount: Decimal | None = None
    duration_months: int | None = None
    holders: tuple[Holder, ...] = ()
    object: str = ""


@dataclass(frozen=True, slots=True)
class Subcontract:
    """An act of subcontracting, as last modified. Amount in € before tax."""

    number: int
    holder: Holder
    amount: Decimal | None = None
    duration_months: int | None = None
    notified_on: date | None = None

    @property
    def siret(self):
        return self.holder.siret

    @property
    def id_type(self):
        return self.holder.id_type


@dataclass(frozen=True, slots=True)
class Concession:
    """What a concession tells instead of an amount (€ before tax)."""

    global_value: Decimal | None = None
    public_subsidy: Decimal | None = None
    started_on: date | None = None


@dataclass(frozen=True, slots=True)
class DecpRecord:
    """One record of a DECP file, cleaned. Amounts are in € before tax, durations in months."""

    position: int
    buyer_siret: str
    market_id: str
    number: str
    title: str
    buyer_name: str = ""
    nature: str = ""
    kind: str = ""
    procedure: str = ""
    technique: str = ""
    group_type: str = ""
    cpv: str = ""
    buyer_postal_code: str = ""
    place_code: str = ""
    place_type: str = ""
    duration_months: int | None = None
    notified_on: date | None = None
    published_on: date | None = None
    amount: Decimal | None = None
    amount_warning: str = ""
    holders: tuple[Holder, ...] = ()
    social_considerations: tuple[str, ...] = ()
    framework_id: str = ""
    subcontracting_declared: bool | None = None
    modifications: tuple[Modification, ...] = ()
    subcontracts: tuple[Subcontract, ...] = ()
    concession: Concession | None = None
    lot_number: str = ""
    lot_title: str = ""
    source: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that could not be read. `reason` is a French sentence without any amount."""

    position: int
    identifier: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read to its end: `items` are `DecpRecord` or `Refusal`, in the order of the file."""

    layout: str
    items: tuple[DecpRecord | Refusal, ...]
    notes: tuple[str, ...] = field(default=())

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    @property
    def records(self):
        return [item for item in self.items if isinstance(item, DecpRecord)]

    @property
    def refusals(self):
        return [item for item in self.items if isinstance(item, Refusal)]
