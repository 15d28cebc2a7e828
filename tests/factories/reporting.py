"""Statements."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from reporting.enums import StatementState
from reporting.models import Statement
from tests.factories.accounts import author
from tests.factories.facilitators import TerritoryFactory


class StatementFactory(DjangoModelFactory):
    """The draft of a territory's quarter. Trait: published, with a document of convenience."""

    class Meta:
        model = Statement

    class Params:
        published = factory.Trait(
            state=StatementState.PUBLISHED,
            published_at=datetime(2026, 7, 10, 9, tzinfo=UTC),
            published_by=factory.LazyFunction(author),
            snapshot=factory.LazyFunction(lambda: {"schema": 1}),
            pdf="statements/2026/etat.pdf",
            pdf_size=4,
            sha256="0" * 64,
        )

    territory = factory.SubFactory(TerritoryFactory)
    period_code = "2026-T2"
    starts_on = date(2026, 4, 1)
    ends_on = date(2026, 6, 30)
    verification_code = factory.Sequence(lambda n: f"TEST-CODE-{n:04d}")
