"""Every state is reached and drawn, and only its transitions write it."""

import pytest

from clauses_portal.core.state_diagrams import FOLDER, final_states, page, page_path, state_fields, transitions
from markets.enums import LotState
from markets.models import Lot

every_life = pytest.mark.parametrize("field", state_fields(), ids=lambda field: field.model._meta.label)


def reached(field):
    """States one can come to from the first one."""
    edges = transitions(field)
    seen, ahead = set(), {str(field.default)}
    while ahead:
        state = ahead.pop()
        seen.add(state)
        ahead |= {target for source, target, _ in edges if source == state} - seen
    return seen


@every_life
def test_every_state_is_reached(field):
    assert reached(field) == {value for value, _ in field.choices}


@every_life
def test_a_life_ends(field):
    assert final_states(field)


@every_life
def test_the_committed_diagram_is_the_code(field):
    assert page_path(field.model).read_text(encoding="utf-8") == page(field)


@every_life
def test_the_diagram_shows_every_state_and_transition(field):
    drawing = page(field)
    assert [value for value, label in field.choices if f"    {value} : {label}\n" not in drawing] == []
    assert drawing.count(" --> ") == 1 + len(transitions(field)) + len(final_states(field))


@every_life
def test_a_state_is_only_written_by_its_transitions(field):
    assert field.protected


def test_no_diagram_is_stale():
    assert {path.name for path in FOLDER.glob("*.md")} == {page_path(field.model).name for field in state_fields()}


def test_a_lot_ends_settled():
    assert final_states(Lot._meta.get_field("state")) == [LotState.CLOSED]
