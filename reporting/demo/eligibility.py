"""Validations: what the facilitators said of each person, dated when they would have said it (C14)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from clauses_portal.core.periods import month_end
from participants.enums import CategoryRequirement, ValidationState
from participants.models import EligibilityCategory, EligibilityValidation
from reporting.demo.calendar import at
from reporting.demo.cases import Case
from reporting.demo.history import create_many

S = ValidationState
# A validation usually opens 24 months (domain.md §4.3).
USUAL_MONTHS = 24
REFUSALS = [
    "Le justificatif ne correspond à aucune des catégories du marché.",
    "Personne déjà en emploi durable à la date de la demande.",
    "Justificatif trop ancien, non renouvelé malgré la relance.",
]
REVOCATION = "Attestation rectifiée par l’organisme : la situation n’ouvrait pas droit à la clause."


@dataclass(frozen=True)
class Word:
    """What a facilitator says: a state from one day to another, decided on a day (None: not yet)."""

    state: ValidationState
    starts_on: date
    ends_on: date
    decided_on: date | None
    reason: str = ""


def months_later(day, months):
    """The last day of a period of so many months that begins on `day`."""
    rank = day.year * 12 + day.month - 1 + months
    first = date(rank // 12, rank % 12 + 1, 1)
    return min(first.replace(day=min(day.day, month_end(first).day)), month_end(first)) - timedelta(days=1)


class Voice:
    """Says the word on each person, and remembers the granted days."""

    def __init__(self, world):
        self.world, self.dice, self.today = world, world.dice, world.calendar.today
        self.categories = {category.code: category for category in EligibilityCategory.objects.all()}
        self.rows = []
        self.granted = {}

    def word_on_worker(self, worker):
        """What was said of somebody at work, by the case."""
        self._say(worker.person, worker.category, self._by_case(worker))

    def word_on_candidate(self, person, category, rank):
        """What was said of somebody without a contract: waiting for most, validated or refused for the others."""
        if rank % 5 == 3:
            word = self._refused(self.today - timedelta(days=self.dice.randint(8, 90)), rank)
        elif rank % 5 == 4:
            soon = self.today + timedelta(days=20 + rank) if rank % 10 == 4 else None
            word = self._granted(self.today - timedelta(days=self.dice.randint(0, 20)), ends_on=soon)
        else:
            word = self._proposed()
        self._say(person, category, word)

    def create(self):
        """Write everything that was said."""
        self._number()
        create_many(self.rows, by=self.world.officer)
        self.world.made["validations"] += len(self.rows)

    def _number(self):
        """Those that were granted have a number, in the order of the decisions of a year."""
        granted = [row for row in self.rows if row.state in {S.GRANTED, S.REVOKED}]
        years = Counter()
        for row in sorted(granted, key=lambda row: row.decided_at):
            year = row.decided_at.year
            years[year] += 1
            row.number = f"V-{year}-{years[year]:06}"

    def _by_case(self, worker):
        stint = worker.first
        before = stint.starts_on - timedelta(days=self.dice.randint(0, 12))
        if worker.case == Case.AWAITING:
            return self._proposed()
        if worker.case == Case.REFUSED:
            return self._refused(min(stint.last_day + timedelta(days=6), self.today), len(self.rows))
        if worker.case == Case.MID_MONTH:
            return self._granted(stint.starts_on + timedelta(days=9))
        if worker.case == Case.LATE:
            return self._granted(stint.months[self.dice.choice([1, 1, 2])][0])
        if worker.case == Case.EXPIRED:
            return self._granted(before, ends_on=stint.months[-2][1])
        if worker.case == Case.REVOKED:
            revoked_on = min(stint.last_day + timedelta(days=4), self.today)
            return Word(S.REVOKED, before, months_later(before, USUAL_MONTHS), revoked_on, REVOCATION)
        return self._granted(before)

    def _granted(self, starts_on, ends_on=None):
        decided_on = starts_on - timedelta(days=self.dice.randint(0, 3))
        return Word(S.GRANTED, starts_on, ends_on or months_later(starts_on, USUAL_MONTHS), decided_on)

    def _refused(self, decided_on, rank):
        ends_on = months_later(decided_on, USUAL_MONTHS)
        return Word(S.REFUSED, decided_on, ends_on, decided_on, REFUSALS[rank % len(REFUSALS)])

    def _proposed(self):
        """A request for the days to come: a validation never takes effect before its decision."""
        starts_on = self.today + timedelta(days=self.dice.randint(2, 12))
        return Word(S.PROPOSED, starts_on, months_later(starts_on, USUAL_MONTHS), None)

    def _say(self, person, category, word):
        by = self.world.facilitators[person.territory.code]
        asked_on = (word.decided_on or self.today) - timedelta(days=self.dice.randint(1, 7))
        row = EligibilityValidation(
            participant=person,
            category=self.categories[category],
            starts_on=word.starts_on,
            ends_on=word.ends_on,
            state=word.state,
            reason=word.reason,
        )
        row.requested_at, row.requested_by = at(asked_on), by
        if word.decided_on or self.dice.random() < 0.7:
            row.evidence_kind = row.category.evidence
            row.evidence_dated_on = asked_on - timedelta(days=self.dice.randint(2, 60))
            row.evidence_seen_at, row.evidence_seen_by = at(asked_on), by
        self._say_what_the_category_asks(row)
        if word.decided_on:
            row.decided_at, row.decided_by = at(word.decided_on, 15), by
        row._history_date, row._history_user = at(word.decided_on or asked_on, 15), by
        self.rows.append(row)
        if word.state == S.GRANTED:
            self.granted[person.pk] = [(word.starts_on, word.ends_on)]

    def _say_what_the_category_asks(self, row):
        """A PASS IAE for who works in a structure, the opinion of the prescriber for who fits in no other category."""
        if row.category.requirement == CategoryRequirement.STRUCTURE:
            row.iae_number = f"99999{len(self.rows):07}"
            row.iae_ends_on = months_later(row.starts_on, USUAL_MONTHS)
        elif row.category.requirement == CategoryRequirement.OPINION:
            row.opinion_from = row.participant.get_prescriber_display()
            row.opinion = "Parcours suivi depuis un an : un emploi encadré est la prochaine étape."
