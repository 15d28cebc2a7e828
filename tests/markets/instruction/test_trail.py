"""The trail of a lot: everything that was asked, said and decided, in order, with its author."""

import pytest
import time_machine

from facilitators.enums import Role
from markets.enums import LegalBasis, OpinionOutcome
from markets.models import Lot
from markets.services.clause import decide_clause, reopen, undo
from markets.services.opinion import ask_opinion, give_opinion
from markets.services.review import record_review
from markets.services.visa import give_visa
from markets.trail import trail_of
from tests.factories.markets import LotFactory
from tests.factories.preparation import CriteriaGridFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

NO_CLAUSE = {"outcome": "no_clause", "reason": "Prestation intellectuelle."}
CLAUSE = {"outcome": "clause", "legal_basis": LegalBasis.EXECUTION, "reason": "Métiers accessibles."}
NO_LINK = {"exemption": 2, "exemption_reason": "Aucune exécution sur place."}


def told(lot):
    return [event.text for event in trail_of(Lot.objects.get(pk=lot.pk))]


def test_the_whole_story_is_told_in_order(obliged, facilitator, member, officer):
    CriteriaGridFactory(version=1, in_force=True)
    legal = member(Role.LEGAL_OFFICER)
    steps = [
        lambda: ask_opinion(lot=obliged, by=officer),
        lambda: give_opinion(
            opinion=obliged.opinions.get(), outcome=OpinionOutcome.FAVOURABLE, adequacy=3, by=facilitator
        ),
        lambda: record_review(lot=obliged, answers={}, by=officer),
        lambda: decide_clause(lot=obliged, by=officer, **NO_CLAUSE, **NO_LINK),
        lambda: give_visa(lot=obliged, granted=False, note="Le lien est établi.", by=legal),
        lambda: decide_clause(lot=obliged, by=officer, **CLAUSE),
        lambda: undo(lot=obliged, by=officer),
        lambda: decide_clause(lot=obliged, by=officer, **CLAUSE),
        lambda: reopen(lot=obliged, by=officer),
    ]
    for minute, step in enumerate(steps):
        with time_machine.travel(f"2026-09-15T11:{minute:02d}:00+02:00"):
            step()
    assert told(obliged) == [
        f"Avis demandé à {facilitator}, attendu le 13/10/2026.",
        "Avis favorable.",
        "Instruction enregistrée (Grille n° 1).",
        "Sans clause, dérogation invoquée : Lien insuffisant avec l’objet du marché. Visa juridique demandé.",
        "Visa juridique refusé.",
        "Clause retenue : Condition d’exécution (L. 2112-2).",
        "Décision annulée par son auteur.",
        "Clause retenue : Condition d’exécution (L. 2112-2).",
        "Décision reprise : le lot revient à l’instruction.",
    ]


def test_each_event_has_its_author_and_its_detail(obliged, facilitator, member, officer):
    legal = member(Role.LEGAL_OFFICER)
    give_opinion(opinion=ask_opinion(lot=obliged, by=officer), outcome="reserved", text="À cadrer.", by=facilitator)
    decide_clause(lot=obliged, by=officer, **NO_CLAUSE, **NO_LINK)
    give_visa(lot=obliged, granted=True, note="Conforme.", by=legal)
    events = {event.text: (event.who, event.detail) for event in trail_of(obliged)}
    assert events["Avis favorable avec réserves."] == (str(facilitator), "À cadrer.")
    assert events["Visa juridique accordé."] == (str(legal), "Conforme.")


def test_the_two_ends_of_the_instruction(territory, officer):
    lot = LotFactory(territory=territory, awarded=True)
    assert told(lot)[-2:] == ["Heures du lot retenues.", "Lot attribué."]


def test_another_consideration_is_told(obliged, officer):
    decide_clause(lot=obliged, by=officer, **NO_CLAUSE, nature="training")
    assert told(obliged) == ["Sans clause, autre considération : Formation, clause sociale de formation."]


def test_nothing_confidential_is_told(obliged, facilitator, officer):
    ask_opinion(lot=obliged, by=officer)
    decide_clause(lot=obliged, by=officer, **CLAUSE)
    assert "216" not in str(trail_of(obliged))


def test_the_trail_costs_four_queries_however_long(obliged, officer, count_queries):
    for _ in range(4):
        decide_clause(lot=obliged, by=officer, **CLAUSE)
        reopen(lot=obliged, by=officer)
    assert count_queries(lambda: trail_of(obliged)) == 4
