"""Which contract a record is about: the natural key (docs/adr/0006-decp-natural-key.md)."""

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass, field, replace

MAX_KEY_HOLDERS = 10
_TITLE_PART = 250  # the 2019 format cut titles at 256 characters


def skeleton(title):
    """Consonants and digits of a title: blind to case, accents, damaged vowels, punctuation and spacing."""
    text = " ".join(html.unescape(title).split())[:_TITLE_PART]
    plain = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"[^b-df-hj-np-tv-xz0-9]", "", plain)


def digest(*parts, size=10):
    """Short fingerprint, the same on every machine."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:size]


def letters(number):
    return re.sub(r"[^A-Z0-9]", "", number.upper())


@dataclass(frozen=True, slots=True)
class Identity:
    """What does not change in a contract. Unknown `holders` or `framework` do not separate two records."""

    buyer: str
    number: str
    title: str
    framework: str = ""
    holders: frozenset[str] = field(default_factory=frozenset)

    @property
    def stem(self):
        return self.buyer, self.number, self.title

    @property
    def key(self):
        """Text form, kept in `Lot.source_key` (at most 170 characters)."""
        holders = "+".join(sorted(self.holders)[:MAX_KEY_HOLDERS])
        return "/".join((self.buyer, self.number, self.title, self.framework, holders))

    @classmethod
    def parse(cls, key):
        buyer, number, title, framework, holders = key.split("/")
        return cls(buyer, number, title, framework, frozenset(filter(None, holders.split("+"))))

    def agrees_with(self, other):
        """Same contract: same buyer, number and title, and nothing that both know tells them apart."""
        return (
            self.stem == other.stem
            and (not self.framework or not other.framework or self.framework == other.framework)
            and (self.holders <= other.holders or other.holders <= self.holders)
        )

    def enriched_by(self, other):
        return replace(self, framework=self.framework or other.framework, holders=self.holders | other.holders)


def identity_of(record):
    """`Identity` of a `DecpRecord`. Identifiers with a wrong key are not trusted to tell contracts apart."""
    holders = sorted({_told_apart(holder) for holder in record.holders} - {""})
    return Identity(
        buyer=record.buyer_siret,
        number=letters(record.number)[:20],
        title=digest(skeleton(record.title)),
        framework=letters(record.framework_id)[:16],
        holders=frozenset(holders[:MAX_KEY_HOLDERS]),
    )


def _told_apart(holder):
    if holder.siren:
        return holder.siren
    declared_french = holder.id_type in {"SIRET", "SIREN", ""}
    return "" if declared_french or not holder.identifier else digest(holder.identifier, size=9)
