"""The demonstration shows postings in each state, proposals answered or late, calls made and calls to make."""

import pytest
from django.db import transaction
from django.utils import timezone

from participants.enums import PostingState, ReferralState
from participants.models import ExitSituation, JobPosting, Participant, Referral
from participants.wording import discriminatory_words
from reporting.demo.calendar import DemoCalendar
from reporting.demo.seed import build
from reporting.demo.world import SCALES


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(DemoCalendar(timezone.localdate()), SCALES["small"])
        transaction.set_rollback(True)


def values(rows, name):
    return set(rows.values_list(name, flat=True))


@pytest.mark.django_db
def test_what_a_facilitator_does_between_two_months_is_shown(demo):
    today = timezone.localdate()
    assert values(JobPosting.objects, "state") == {PostingState.DRAFT, PostingState.PUBLISHED, PostingState.FILLED}
    assert JobPosting.objects.filter(link__isnull=False, author=None).exists()
    assert values(Referral.objects, "state") >= {ReferralState.PROPOSED, ReferralState.HIRED}
    assert Referral.objects.filter(contract__isnull=False).exists()
    assert Referral.objects.late(today).exists()
    assert ExitSituation.objects.to_ask(today).exists()
    assert ExitSituation.objects.known().exists()
    assert Participant.objects.available(today).exists()
    assert [row for row in JobPosting.objects.all() if discriminatory_words(row.title, row.tasks, row.profile)] == []
