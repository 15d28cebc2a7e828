"""What the database holds about an instruction, a decision, documents, a consultation and the référent of a lot."""

from datetime import date

import pytest

from markets.enums import ClauseOutcome, ConsiderationNature, LegalBasis, OpinionOutcome
from markets.legal import Duty, Exemption
from markets.models import (
    BidderQuestion,
    ClauseDecision,
    ClauseReview,
    ContractDocument,
    Criterion,
    DocumentJob,
    DocumentTemplate,
    FacilitatorOpinion,
    Lot,
    ReferentAssignment,
    ReviewAnswer,
)
from tests.factories.preparation import ClauseReviewFactory, CriterionFactory, DocumentTemplateFactory
from tests.support.constraints import Rule, assert_accepted, assert_refused, rows
from tests.support.world import DAY, NOW, World, pair, the

pytestmark = pytest.mark.django_db

BEFORE = date(2026, 9, 14)


def another_lot(world):
    return Lot.objects.create(market=world.market, number="98", title="Vitres", territory=world.territory)


def a_criterion(world):
    review = ClauseReview.objects.first() or ClauseReviewFactory(lot=world.lot)
    return Criterion.objects.first() or CriterionFactory(grid=review.grid)


def another_criterion(world):
    return CriterionFactory(grid=a_criterion(world).grid)


def review(world, **changes):
    return ClauseReview(**{"lot": world.lot, "grid": CriterionFactory().grid} | changes)


def answer(world, **changes):
    criterion = a_criterion(world)
    return ReviewAnswer(**{"review": ClauseReview.objects.get(), "criterion": criterion} | changes)


def opinion(world, **changes):
    fields = {"lot": world.lot, "asked_at": NOW, "asked_by": world.author, "due_on": DAY, "text": "Bons publics."}
    return FacilitatorOpinion(**fields | changes)


def decision(world, **changes):
    fields = {"lot": world.lot, "outcome": ClauseOutcome.NO_CLAUSE, "reason": "Fourniture pure."}
    return ClauseDecision(**fields | {"decided_at": NOW, "decided_by": world.author} | changes)


def template(world, **changes):
    fields = {"kind": "ccap", "version": 1, "file_name": "ccap.docx", "content": b"PK", "sha256": "0" * 64}
    return DocumentTemplate(**fields | changes)


def document(world, **changes):
    fields = {"lot": world.lot, "kind": "ccap", "version": 1, "hours": 10, "docx": b"PK", "pdf": b"%"}
    model = DocumentTemplate.objects.first() or DocumentTemplateFactory()
    made = {"template": model, "sha256": "0" * 64, "produced_at": NOW, "produced_by": world.author}
    return ContractDocument(**fields | made | changes)


def production(world, **changes):
    return DocumentJob(**{"lot": world.lot, "asked_at": NOW, "asked_by": world.author} | changes)


def question(world, **changes):
    fields = {"market": world.market, "asked_on": DAY, "question": "Un apprenti compte-t-il ?"}
    return BidderQuestion(**fields | {"recorded_at": NOW, "recorded_by": world.author} | changes)


def assignment(world, **changes):
    return ReferentAssignment(**{"lot": world.lot, "referent": world.user, "valid_from": DAY} | changes)


GIVEN = {"given_at": NOW, "given_by": the("author"), "outcome": OpinionOutcome.FAVOURABLE}
INSTRUCTION = [
    Rule("clausereview_reviewed_pair", review, **pair("reviewed")),
    Rule(
        "review_score_credible",
        review,
        accepted=[{"score": None}, {"score": 0}, {"score": 100}],
        refused=[{"score": -1}, {"score": 101}],
    ),
    Rule("answer_once", answer, existing={}, accepted=[{"criterion": another_criterion}], refused=[{"grade": 2}]),
    Rule(
        "answer_grade_credible",
        answer,
        accepted=[{"grade": None}, {"grade": 0}, {"grade": 4}],
        refused=[{"grade": 5}],
    ),
    Rule("facilitatoropinion_asked_pair", opinion, **pair("asked"), seen_by_forms=False),
    Rule(
        "facilitatoropinion_given_pair",
        opinion,
        accepted=[GIVEN, {}],
        refused=[GIVEN | {"given_by": None}, {"given_by": the("author")}],
    ),
    Rule(
        "one_opinion_awaited",
        opinion,
        existing={},
        accepted=[GIVEN, {"lot": another_lot}],
        refused=[{"text": "Une deuxième demande."}],
    ),
    Rule(
        "opinion_given_whole",
        opinion,
        accepted=[{}, GIVEN],
        refused=[GIVEN | {"outcome": ""}, {"outcome": OpinionOutcome.FAVOURABLE}],
    ),
    Rule(
        "opinion_reserves_explained",
        opinion,
        accepted=[
            GIVEN | {"text": ""},
            *(GIVEN | {"outcome": outcome} for outcome in (OpinionOutcome.RESERVED, OpinionOutcome.UNFAVOURABLE)),
        ],
        refused=[
            GIVEN | {"outcome": outcome, "text": ""}
            for outcome in (OpinionOutcome.RESERVED, OpinionOutcome.UNFAVOURABLE)
        ],
    ),
]
CLAUSE = {"outcome": ClauseOutcome.CLAUSE, "legal_basis": LegalBasis.EXECUTION}
EXEMPT = {"exemption": Exemption.NO_LINK, "exemption_reason": "Aucun lien avec l’objet."}
VISA = {"visa_granted": True, "visa_at": NOW, "visa_by": the("author")}
MANDATORY = {"duty": Duty.MANDATORY}
DECISION = [
    Rule(
        "clausedecision_visa_pair",
        decision,
        accepted=[EXEMPT | VISA, {}],
        refused=[EXEMPT | VISA | {"visa_by": None}, {"visa_by": the("author")}],
    ),
    Rule(
        "exemption_says_why",
        decision,
        accepted=[{}, EXEMPT],
        refused=[
            EXEMPT | {"exemption_reason": ""},
            {"exemption_reason": "Aucun lien avec l’objet."},
            CLAUSE | EXEMPT,
        ],
    ),
    Rule(
        "no_clause_against_the_duty",
        decision,
        accepted=[
            MANDATORY | CLAUSE,
            MANDATORY | {"nature": ConsiderationNature.TRAINING},
            {"duty": Duty.EXEMPT} | EXEMPT,
            {"duty": Duty.OPTIONAL},
        ],
        refused=[MANDATORY, MANDATORY | {"nature": ConsiderationNature.HOURS}, MANDATORY | EXEMPT],
    ),
    Rule(
        "visa_on_an_exemption",
        decision,
        accepted=[{}, EXEMPT | VISA],
        refused=[VISA, EXEMPT | {"visa_granted": True}, EXEMPT | VISA | {"visa_granted": None}],
    ),
    Rule(
        "visa_refused_for_a_reason",
        decision,
        accepted=[EXEMPT | VISA, EXEMPT | VISA | {"visa_granted": False, "visa_note": "Lien établi."}],
        refused=[EXEMPT | VISA | {"visa_granted": False}],
    ),
]
DOCUMENTS = [
    Rule("template_version_once", template, existing={}, accepted=[{"version": 2}, {"kind": "rc"}], refused=[{}]),
    Rule("documenttemplate_uploaded_pair", template, **pair("uploaded")),
    Rule("documenttemplate_withdrawn_pair", template, **pair("withdrawn")),
    Rule(
        "contract_document_version_once",
        document,
        existing={},
        accepted=[{"version": 2}, {"kind": "rc"}, {"lot": another_lot}],
        refused=[{"hours": 20}],
    ),
    Rule("contractdocument_produced_pair", document, **pair("produced"), seen_by_forms=False),
    Rule("documentjob_asked_pair", production, **pair("asked"), seen_by_forms=False),
    Rule(
        "one_production_at_a_time",
        production,
        existing={},
        accepted=[{"state": "done"}, {"state": "failed"}, {"lot": another_lot}],
        refused=[{}, {"state": "running"}],
    ),
]
ANSWERED = {"answer": "Oui.", "answered_at": NOW, "answered_by": the("author")}
CONSULTATION = [
    Rule("bidderquestion_recorded_pair", question, **pair("recorded"), seen_by_forms=False),
    Rule(
        "bidderquestion_answered_pair",
        question,
        accepted=[ANSWERED, {}],
        refused=[ANSWERED | {"answered_by": None}, {"answered_by": the("author")}],
    ),
    Rule(
        "question_answer_whole",
        question,
        accepted=[ANSWERED, {}],
        refused=[{"answer": "Oui."}, ANSWERED | {"answer": ""}],
    ),
    Rule(
        "question_published_once_answered",
        question,
        accepted=[{"published_on": None}, ANSWERED | {"published_on": DAY}],
        refused=[{"published_on": DAY}],
    ),
    Rule(
        "question_dates_ordered",
        question,
        accepted=[ANSWERED, ANSWERED | {"published_on": DAY}],
        refused=[ANSWERED | {"published_on": BEFORE}],
    ),
]
REFERENTS = [
    Rule("referentassignment_assigned_pair", assignment, **pair("assigned")),
    Rule(
        "one_referent_at_a_time",
        assignment,
        existing={},
        accepted=[{"valid_until": DAY}, {"lot": another_lot}],
        refused=[{"referent": the("author")}],
    ),
    Rule(
        "referent_dates_ordered",
        assignment,
        accepted=[{"valid_until": None}, {"valid_until": DAY}],
        refused=[{"valid_until": BEFORE}],
    ),
    Rule(
        "referent_is_not_the_substitute",
        assignment,
        accepted=[{"substitute": None}, {"substitute": the("author")}],
        refused=[{"substitute": the("user")}],
    ),
]
RULES = INSTRUCTION + DECISION + DOCUMENTS + CONSULTATION + REFERENTS


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "accepted"))
def test_accepted(rule, changes):
    assert_accepted(rule, World(), changes)


@pytest.mark.parametrize(("rule", "changes"), rows(RULES, "refused"))
def test_refused(rule, changes):
    assert_refused(rule, World(), changes)
