"""What an import did, line by line. Nothing here ever carries an amount (C27)."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import TextChoices


class Outcome(TextChoices):
    CREATED = "created", "créé"
    UPDATED = "updated", "mis à jour"
    UNCHANGED = "unchanged", "déjà présent"
    REFUSED = "refused", "refusé"


@dataclass(frozen=True, slots=True)
class Line:
    """One record of the file: what became of it, why if it was refused, what deserves a look."""

    position: int
    identifier: str
    outcome: Outcome
    reason: str = ""
    notes: tuple[str, ...] = ()

    def __str__(self):
        details = "".join(f" ; {note}" for note in filter(None, (self.reason, *self.notes)))
        return f"{self.position} · {self.identifier or 'sans numéro'} : {self.outcome.label}{details}"


@dataclass(slots=True)
class ImportReport:
    """`skipped` counts the records of other buyers, when the import was limited to one."""

    layout: str
    dry_run: bool
    notes: tuple[str, ...] = ()
    skipped: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def counts(self):
        """{Outcome: number of records}, every outcome present."""
        told = Counter(line.outcome for line in self.lines)
        return {outcome: told[outcome] for outcome in Outcome}

    @property
    def summary(self):
        """One French sentence."""
        told = [counted(number, outcome.label) for outcome, number in self.counts.items()]
        if self.skipped:
            told.append(f"{self.skipped} d’autres acheteurs, laissés de côté")
        ending = " Essai à blanc : rien n’est enregistré." if self.dry_run else ""
        return f"{counted(len(self.lines), 'enregistrement lu')} ({self.layout}) : {', '.join(told)}.{ending}"


def counted(number, words):
    """« 1 refusé », « 2 refusés », « 0 mis à jour »: words that can take an s take it from two on."""
    plural = " ".join(word if word in _FIXED else f"{word}s" for word in words.split())
    return f"{number} {plural if number > 1 else words}"


_FIXED = {"mis", "à", "jour", "déjà"}
