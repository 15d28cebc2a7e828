"""What comes before the award: references, avant-projet, instruction, documents, consultation, référents."""

from datetime import date, datetime
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from clauses_portal.accounts.models import FormDraft
from facilitators.models import Notification
from markets.models import (
    BidderQuestion,
    CalendarFeed,
    ClauseReview,
    ColumnMapping,
    ContractDocument,
    CpvCode,
    CriteriaGrid,
    Criterion,
    DceDocument,
    DecpWatch,
    DocumentJob,
    DocumentTemplate,
    FacilitatorOpinion,
    LegalThreshold,
    LotPhase,
    PenaltyRule,
    PhaseFinancials,
    ProgrammeImport,
    ReferentAssignment,
    ReviewAnswer,
    RomeCode,
    Trade,
    TradeParameters,
)
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import DirectorateFactory, siret
from tests.factories.markets import LotFactory, MarketFactory

SOME_DIGEST = "0" * 64


def moment():
    return datetime(2026, 9, 1, 9, tzinfo=timezone.get_current_timezone())


class RomeCodeFactory(DjangoModelFactory):
    class Meta:
        model = RomeCode
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"F{1000 + n}")
    label = factory.Sequence(lambda n: f"Métier du bâtiment n° {n}")


class CpvCodeFactory(DjangoModelFactory):
    class Meta:
        model = CpvCode

    code = factory.Sequence(lambda n: f"{45000000 + n}")
    label = factory.Sequence(lambda n: f"Travaux n° {n}")


class TradeFactory(DjangoModelFactory):
    class Meta:
        model = Trade

    code = factory.Sequence(lambda n: f"metier-{n}")
    label = factory.Sequence(lambda n: f"Corps de métier n° {n}")


class TradeParametersFactory(DjangoModelFactory):
    class Meta:
        model = TradeParameters

    trade = factory.SubFactory(TradeFactory)
    labour_share_low = Decimal("0.3719")
    labour_share_high = Decimal("0.4187")
    hourly_cost_low = Decimal("33.17")
    hourly_cost_high = Decimal("36.91")
    insertion_rate_low = Decimal("0.0531")
    insertion_rate_high = Decimal("0.0713")
    valid_from = date(2026, 1, 1)
    source = "Usage du territoire"


class LegalThresholdFactory(DjangoModelFactory):
    class Meta:
        model = LegalThreshold

    category = factory.Sequence(lambda n: f"category_{n}")
    value = Decimal(216_000)
    valid_from = date(2026, 1, 1)
    source = "Avis du 1er janvier 2026"


class PenaltyRuleFactory(DjangoModelFactory):
    class Meta:
        model = PenaltyRule

    code = factory.Sequence(lambda n: f"manquement-{n}")
    breach = "Documents remis en retard"
    basis = "per_day"
    value = Decimal(50)
    text = "50 € par jour ouvré de retard"
    valid_from = date(2026, 1, 1)
    source = "Usage"


class LotPhaseFactory(DjangoModelFactory):
    class Meta:
        model = LotPhase

    lot = factory.SubFactory(LotFactory)
    kind = "option"
    number = factory.Sequence(lambda n: f"{n + 1}")
    label = "Extension du préau"
    months = 3


class PhaseFinancialsFactory(DjangoModelFactory):
    class Meta:
        model = PhaseFinancials

    phase = factory.SubFactory(LotPhaseFactory)
    estimated_amount = Decimal("473829.16")


class DceDocumentFactory(DjangoModelFactory):
    class Meta:
        model = DceDocument

    market = factory.SubFactory(MarketFactory)
    kind = "cctp"
    name = "CCTP.pdf"
    mime = "application/pdf"
    size = 8
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    content = b"%PDF-1.7"
    deposited_at = factory.LazyFunction(moment)
    deposited_by = factory.SubFactory(UserFactory)


class CriteriaGridFactory(DjangoModelFactory):
    """A draft, its lines still open. Trait: in_force, without lines."""

    class Meta:
        model = CriteriaGrid

    class Params:
        in_force = factory.Trait(valid_from=date(2026, 1, 1))

    version = factory.Sequence(lambda n: n + 100)
    note = "Grille d’essai"


class CriterionFactory(DjangoModelFactory):
    class Meta:
        model = Criterion

    grid = factory.SubFactory(CriteriaGridFactory)
    code = factory.Sequence(lambda n: f"critere-{n}")
    label = "Nature des prestations"
    kind = "weighted"
    weight = 15
    position = factory.Sequence(lambda n: n + 1)


class ClauseReviewFactory(DjangoModelFactory):
    class Meta:
        model = ClauseReview

    lot = factory.SubFactory(LotFactory)
    grid = factory.SubFactory(CriteriaGridFactory)


class ReviewAnswerFactory(DjangoModelFactory):
    class Meta:
        model = ReviewAnswer

    review = factory.SubFactory(ClauseReviewFactory)
    criterion = factory.SubFactory(CriterionFactory, grid=factory.SelfAttribute("..review.grid"))
    grade = 3


class FacilitatorOpinionFactory(DjangoModelFactory):
    """An opinion that is awaited."""

    class Meta:
        model = FacilitatorOpinion

    lot = factory.SubFactory(LotFactory)
    asked_at = factory.LazyFunction(moment)
    asked_by = factory.SubFactory(UserFactory)
    due_on = date(2026, 9, 29)


class DocumentTemplateFactory(DjangoModelFactory):
    class Meta:
        model = DocumentTemplate

    kind = "ccap"
    version = factory.Sequence(lambda n: n + 100)
    file_name = "ccap.docx"
    content = b"PK"
    sha256 = SOME_DIGEST


class ContractDocumentFactory(DjangoModelFactory):
    class Meta:
        model = ContractDocument

    lot = factory.SubFactory(LotFactory, calibrated=True)
    kind = "ccap"
    version = factory.Sequence(lambda n: n + 1)
    template = factory.SubFactory(DocumentTemplateFactory)
    hours = 1000
    docx = b"PK"
    pdf = b"%PDF-1.7"
    sha256 = SOME_DIGEST
    produced_at = factory.LazyFunction(moment)
    produced_by = factory.SubFactory(UserFactory)


class DocumentJobFactory(DjangoModelFactory):
    class Meta:
        model = DocumentJob

    lot = factory.SubFactory(LotFactory, calibrated=True)
    asked_at = factory.LazyFunction(moment)
    asked_by = factory.SubFactory(UserFactory)


class BidderQuestionFactory(DjangoModelFactory):
    class Meta:
        model = BidderQuestion

    market = factory.SubFactory(MarketFactory)
    asked_on = date(2026, 9, 1)
    company = "Bâtisseurs du Sud"
    question = "Les heures d’un apprenti sont-elles comptées ?"
    recorded_at = factory.LazyFunction(moment)
    recorded_by = factory.SubFactory(UserFactory)


class ReferentAssignmentFactory(DjangoModelFactory):
    class Meta:
        model = ReferentAssignment

    lot = factory.SubFactory(LotFactory)
    referent = factory.SubFactory(UserFactory)
    valid_from = date(2026, 1, 1)


class DecpWatchFactory(DjangoModelFactory):
    """The published data of a buyer, read every night."""

    class Meta:
        model = DecpWatch

    buyer_siret = factory.Sequence(lambda n: siret(700_000 + n))
    started_at = factory.LazyFunction(timezone.now)
    started_by = factory.LazyFunction(author)


class ProgrammeImportFactory(DjangoModelFactory):
    """A file that waits for the worker. Trait: done, tried and reported without a line."""

    class Meta:
        model = ProgrammeImport

    class Params:
        done = factory.Trait(
            state="done",
            report={
                "summary": "Aucune ligne.",
                "notes": [],
                "counts": dict.fromkeys(("created", "updated", "unchanged", "refused"), 0),
                "lines": [],
                "headers": ["Objet", "Opération"],
                "missing": [],
            },
        )

    directorate = factory.SubFactory(DirectorateFactory)
    file_name = "programme 2027.xlsx"
    content = b"PK"
    sha256 = SOME_DIGEST
    mapping = {"title": 0}
    asked_at = factory.LazyFunction(moment)
    asked_by = factory.SubFactory(UserFactory)


class ColumnMappingFactory(DjangoModelFactory):
    class Meta:
        model = ColumnMapping

    directorate = factory.SubFactory(DirectorateFactory)
    signature = factory.Sequence(lambda n: f"{n:064x}")
    mapping = {"title": 0}


class CalendarFeedFactory(DjangoModelFactory):
    class Meta:
        model = CalendarFeed

    user = factory.SubFactory(UserFactory)
    digest = factory.Sequence(lambda n: f"{n:064x}")


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = Notification

    recipient = factory.SubFactory(UserFactory)
    text = "Le calendrier d’une opération a changé."
    path = "/operations/"


class FormDraftFactory(DjangoModelFactory):
    class Meta:
        model = FormDraft

    user = factory.SubFactory(UserFactory)
    key = "market-new"
    data = {"title": "Réfection"}
