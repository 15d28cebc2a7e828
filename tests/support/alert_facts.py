"""What the rules look at: people at work, their hours, posts, refusals; and what they find."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from participants.alert_rules.night import Night
from participants.models import JobPosting, Referral
from tests.factories.accounts import author
from tests.factories.participants import (
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.factories.preparation import RomeCodeFactory


def at_work(award, **fields):
    return EmploymentContractFactory(award=award, validated=True, **fields)


def hours(contract, *months, declared=100):
    for month in months:
        HoursEntryFactory(contract=contract, month=date(2026, month, 1), declared=Decimal(declared))


def facts(rule, today=date(2026, 9, 15)):
    """[(award, lot or person of the key, description)]."""
    return [(fact.key, fact.description) for fact in rule(Night(today))]


def posting(award, **fields):
    whole = {"award": award, "lot": award.lot, "territory": award.lot.territory, "rome": RomeCodeFactory()}
    whole |= {"title": "Maçon", "contract_type": "cdd", "starts_on": date(2026, 9, 1), "tasks": "Maçonnerie."}
    return JobPosting.objects.create(**whole | {"author": author()} | fields)


def refuse(post, reason):
    Referral.objects.create(
        participant=ParticipantFactory(territory=post.territory),
        posting=post,
        state="refused",
        refusal=reason,
        proposed_at=timezone.now(),
        proposed_by=author(),
        answer_due_on=date(2026, 9, 1),
        escalate_on=date(2026, 9, 8),
        answered_on=date(2026, 9, 1),
    )


def likely_pair(*places):
    names = ("Martin", "Martinn")
    return [
        ParticipantFactory(territory=place, last_name=name, first_name="Zoé", birth_date=date(1990, 5, 4))
        for place, name in zip(places, names, strict=True)
    ]
