"""Nominative lists, their rows without the second it takes to make their files."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from clauses_portal.core.jobs import JobState
from reporting.models import ListDownload, NominativeList
from tests.factories.accounts import UserFactory, author


class NominativeListFactory(DjangoModelFactory):
    """A list of every territory, asked and waiting. Traits: done (downloadable for a day), expired (files erased)."""

    class Meta:
        model = NominativeList

    class Params:
        done = factory.Trait(
            state=JobState.DONE,
            finished_on=factory.LazyFunction(timezone.now),
            persons=1,
            pdf=b"%PDF-1.7",
            xlsx=b"PK",
            expires_on=factory.LazyFunction(lambda: timezone.now() + timedelta(days=1)),
        )
        expired = factory.Trait(
            state=JobState.DONE,
            finished_on=factory.LazyFunction(timezone.now),
            persons=1,
            expires_on=factory.LazyFunction(timezone.now),
        )

    number = factory.Sequence(lambda n: f"LN-2026-{n + 1:06}")
    starts_on = date(2026, 4, 1)
    ends_on = date(2026, 6, 30)
    reason = "Valorisation du trimestre."
    asked_at = factory.LazyFunction(timezone.now)
    asked_by = factory.SubFactory(UserFactory)


class ListDownloadFactory(DjangoModelFactory):
    class Meta:
        model = ListDownload

    asked_list = factory.SubFactory(NominativeListFactory, done=True)
    file = "pdf"
    downloaded_at = factory.LazyFunction(timezone.now)
    downloaded_by = factory.LazyFunction(author)
