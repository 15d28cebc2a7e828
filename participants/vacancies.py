"""« Postes à pourvoir et personnes disponibles »: both lists side by side, occupation by occupation (C10, C16)."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.utils import timezone

from markets.models import RomeCode
from participants.enums import RefusalReason
from participants.models import Participant
from participants.services.referrals import EXPLAINED

# Names shown for an occupation; the rest is counted.
MOST_NAMES = 8


@dataclass
class Occupation:
    """An occupation: postings with posts to fill, persons who look for it. `left` is what is not listed."""

    code: str
    label: str
    postings: list = field(default_factory=list)
    persons: list = field(default_factory=list)
    seeking: int = 0

    @property
    def posts(self):
        """Posts still to fill."""
        return sum(max(posting.positions - posting.hired, 0) for posting in self.postings)

    @property
    def left(self):
        return self.seeking - len(self.persons)


def occupations(postings, persons):
    """[Occupation] of these scoped querysets, the occupations with posts to fill first. Three queries."""
    today = timezone.localdate()
    rows = {}
    for posting in postings.to_fill().with_hired().select_related("award__company", "rome"):
        _row(rows, posting.rome_id, posting.rome.label).postings.append(posting)
    ready = persons.available(today).validated_on(today)
    links = Participant.wanted_jobs.through.objects.filter(participant__in=ready)
    links = links.select_related("participant", "romecode").order_by("participant__available_from", "participant")
    for link in links:
        row = _row(rows, link.romecode_id, link.romecode.label)
        row.seeking += 1
        if len(row.persons) < MOST_NAMES:
            row.persons.append(link.participant)
    return sorted(rows.values(), key=lambda row: (not row.postings, row.code))


def _row(rows, code, label):
    return rows.setdefault(code, Occupation(code, label))


def refusals_by_occupation(referrals, since):
    """[(RomeCode, total, [(reason label, number), …])] of refusals since a day, the most refused occupation first.

    What makes recruitments fail feeds the training to prepare (domain.md §12 n° 49). One query beside the labels.
    """
    refused = referrals.filter(state__in=EXPLAINED, answered_on__gte=since).order_by()
    counts = refused.values_list("posting__rome", "refusal").annotate(number=Count("pk"))
    by_code = {}
    for code, reason, number in counts:
        by_code.setdefault(code, []).append((number, RefusalReason(reason).label))
    codes = RomeCode.objects.in_bulk(by_code)
    rows = [(codes[code], sum(number for number, _ in found), _most_first(found)) for code, found in by_code.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0].pk))


def _most_first(found):
    return [(label, number) for number, label in sorted(found, key=lambda pair: (-pair[0], pair[1]))]
