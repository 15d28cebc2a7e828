"""Papers, what goes with them, and the quarters asked for together."""

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from clauses_portal.core.jobs import JobState
from reporting.enums import FileKind, StatementState
from reporting.models import ProductionBatch, Statement, StatementComment, StatementFile
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


class StatementFileFactory(DjangoModelFactory):
    """The annex of a draft, as it will be published with it."""

    class Meta:
        model = StatementFile

    statement = factory.SubFactory(StatementFactory)
    kind = FileKind.ANNEX
    name = "annexe.xlsx"
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    content = b"lots"
    size = 4
    sha256 = "1" * 64


class StatementCommentFactory(DjangoModelFactory):
    """A remark on a draft."""

    class Meta:
        model = StatementComment

    statement = factory.SubFactory(StatementFactory)
    text = "Précisez les fins de contrat."
    written_at = datetime(2026, 7, 12, 9, tzinfo=UTC)
    written_by = factory.LazyFunction(author)


class ProductionBatchFactory(DjangoModelFactory):
    """A quarter asked for, its drafts opened."""

    class Meta:
        model = ProductionBatch

    period_code = "2026-T2"
    asked_at = datetime(2026, 7, 12, 9, tzinfo=UTC)
    asked_by = factory.LazyFunction(author)
    state = JobState.DONE
