"""What is to be declared in the essential data, and the declarations that disagree (domain.md §11)."""

import pytest

from markets.declared import contradiction, labels, to_declare
from markets.enums import ClauseOutcome, LegalBasis, MarketKind
from markets.models import ClauseDecision, Market

CLAUSE, CRITERION, RESERVED, NONE = "clause", "criterion", "reserved", "none"


def retained(basis=LegalBasis.EXECUTION):
    return ClauseDecision(outcome=ClauseOutcome.CLAUSE, legal_basis=basis)


def set_aside(nature=""):
    return ClauseDecision(outcome=ClauseOutcome.NO_CLAUSE, nature=nature, reason="Fourniture.")


def market(*declared, kind=MarketKind.WORKS):
    return Market(kind=kind, social_considerations=list(declared))


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (retained(), [CLAUSE]),
        (retained(LegalBasis.CRITERION), [CRITERION]),
        (retained(LegalBasis.EXECUTION_AND_CRITERION), [CLAUSE, CRITERION]),
        (retained(LegalBasis.RESERVED_BOTH), [RESERVED]),
        (set_aside(), [NONE]),
        (set_aside("training"), [CLAUSE]),
        (set_aside("reserved"), [RESERVED]),
    ],
)
def test_what_a_decision_declares(decision, expected):
    assert to_declare(decision) == expected


@pytest.mark.parametrize(
    ("declared", "decisions", "all_decided", "disagrees"),
    [
        ((), [retained()], True, False),
        ((CLAUSE,), [], False, False),
        ((CLAUSE,), [retained()], True, False),
        ((NONE,), [retained()], True, True),
        ((NONE,), [retained()], False, True),
        ((CLAUSE,), [set_aside()], True, True),
        ((CLAUSE,), [set_aside()], False, False),
        ((NONE,), [set_aside(), set_aside()], True, False),
        ((CLAUSE,), [retained(), set_aside()], True, False),
        ((CLAUSE, CRITERION), [retained()], True, True),
        ((CLAUSE, CRITERION), [retained()], False, False),
        ((CRITERION,), [retained(LegalBasis.EXECUTION_AND_CRITERION)], True, True),
        ((CRITERION, CLAUSE), [retained(LegalBasis.EXECUTION_AND_CRITERION)], True, False),
    ],
)
def test_a_declaration_that_disagrees_is_said(declared, decisions, all_decided, disagrees):
    assert bool(contradiction(market(*declared), decisions, all_decided=all_decided)) is disagrees


def test_the_sentence_names_both():
    sentence = contradiction(market(NONE), [retained()], all_decided=True)
    assert "(Pas de considération sociale)" in sentence
    assert "Clause sociale est à déclarer" in sentence


def test_a_reserved_concession_has_its_own_word():
    assert labels([RESERVED], MarketKind.CONCESSION) == "Concession réservée"
    assert labels([CLAUSE, CRITERION], MarketKind.WORKS) == "Clause sociale, Critère social"
