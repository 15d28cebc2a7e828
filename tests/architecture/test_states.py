"""Every state is reached and drawn; every decision has its transitions."""

from markets.enums import LotState
from markets.models import Lot
from markets.state_diagram import PAGE, final_states, page, transitions
from participants.enums import ValidationState
from participants.services.validations import TRANSITIONS


def reached(start, edges):
    """States one can come to from `start` through {state: states}."""
    seen, ahead = set(), {start}
    while ahead:
        state = ahead.pop()
        seen.add(state)
        ahead |= set(edges.get(state, ())) - seen
    return seen


def test_every_state_of_a_lot_is_reached():
    edges = {state: [target for source, target, _ in transitions() if source == state] for state in LotState}
    assert reached(LotState(Lot._meta.get_field("state").default), edges) == set(LotState)


def test_a_lot_ends_settled():
    assert final_states() == [LotState.CLOSED]


def test_the_committed_diagram_is_the_code():
    assert PAGE.read_text(encoding="utf-8") == page()


def test_the_diagram_shows_every_state_and_transition():
    drawing = page()
    assert [state for state in LotState if f"    {state.value} : {state.label}\n" not in drawing] == []
    assert drawing.count(" --> ") == len(transitions()) + 2


def test_the_state_of_a_lot_is_only_written_by_its_transitions():
    assert Lot._meta.get_field("state").protected


def test_validation_transitions_cover_every_state():
    assert set(TRANSITIONS) == set(ValidationState)
    assert set().union(*TRANSITIONS.values()) <= set(ValidationState)
    assert reached(ValidationState.PROPOSED, TRANSITIONS) == set(ValidationState)
