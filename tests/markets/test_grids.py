"""Versions of the criteria grid: a draft is worked on, then it is in force and frozen."""

from datetime import date

import pytest

from clauses_portal.core.errors import Conflict, DomainError
from markets import reference
from markets.enums import CriterionKind
from markets.models import CriteriaGrid, Criterion
from markets.services import grids
from tests.factories.accounts import author
from tests.factories.preparation import ClauseReviewFactory, CriteriaGridFactory, CriterionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def draft():
    reference.load()
    return grids.prepare(note="Plancher relevé", by=author())


def line(draft, code):
    return draft.criteria.get(code=code)


def codes(draft):
    return list(draft.criteria.order_by("position").values_list("code", flat=True))


def test_a_draft_copies_the_grid_in_force(draft):
    shipped = CriteriaGrid.objects.get(version=1)
    fields = ["code", "label", "kind", "weight", "floor", "help_text", "confidential", "position"]
    assert list(draft.criteria.values(*fields)) == list(shipped.criteria.values(*fields))
    assert (draft.version, draft.valid_from) == (2, None)
    assert CriteriaGrid.objects.in_force() == shipped


def test_a_draft_is_alone(draft):
    with pytest.raises(Conflict, match="Une version est déjà en préparation"):
        grids.prepare(note="Autre", by=author())


def test_the_first_draft_is_empty():
    assert grids.prepare(note="La première", by=author()).criteria.count() == 0


def test_a_line_is_added_last_with_a_code_of_its_own(draft):
    made = [
        grids.add_criterion(criterion=Criterion(grid=draft, label="Durée ferme", kind=CriterionKind.GATE), by=author())
        for _ in range(2)
    ]
    assert [(row.code, row.position) for row in made] == [("duree-ferme", 13), ("duree-ferme-2", 14)]


def test_a_line_is_changed_then_taken_out(draft):
    criterion = line(draft, "computed_hours")
    criterion.floor = 200
    grids.change_criterion(criterion=criterion, by=author())
    assert line(draft, "computed_hours").floor == 200
    grids.remove_criterion(criterion=criterion)
    assert "computed_hours" not in codes(draft)
    for act in (lambda: grids.remove_criterion(criterion=criterion), lambda: change(criterion)):
        with pytest.raises(Conflict, match="n’existe plus"):
            act()


def change(criterion):
    grids.change_criterion(criterion=criterion, by=author())


@pytest.mark.parametrize(
    ("code", "rank", "expected"),
    [("c", 1, "cabde"), ("a", 3, "bcade"), ("e", 2, "aebcd"), ("b", 99, "acdeb"), ("a", 1, "abcde")],
)
def test_a_line_goes_to_the_rank_it_is_given(code, rank, expected):
    draft = CriteriaGridFactory()
    made = {name: CriterionFactory(grid=draft, code=name, position=i) for i, name in enumerate("abcde", start=1)}
    ranks = {row.pk: row.position for row in made.values()} | {made[code].pk: rank}
    grids.arrange(grid=draft, ranks=ranks, weights={made[code].pk: 40}, by=author())
    assert "".join(codes(draft)) == expected
    assert list(draft.criteria.values_list("position", flat=True)) == [1, 2, 3, 4, 5]
    assert line(draft, code).weight == 40


@pytest.mark.parametrize("weight", [24, 26])
def test_weights_that_do_not_make_a_hundred_are_refused(draft, weight):
    grids.arrange(grid=draft, ranks={}, weights={line(draft, "labour_share").pk: weight}, by=author())
    with pytest.raises(DomainError) as refused:
        grids.put_in_force(grid=draft, by=author())
    assert str(refused.value) == f"Les poids totalisent {75 + weight} : ils doivent faire 100."
    assert CriteriaGrid.objects.in_force().version == 1


def test_a_grid_without_a_gate_is_refused(draft):
    draft.criteria.filter(kind=CriterionKind.GATE).delete()
    with pytest.raises(DomainError) as refused:
        grids.put_in_force(grid=draft, by=author())
    assert str(refused.value) == grids.NO_GATE


def test_an_empty_grid_has_two_obstacles():
    assert grids.obstacles([]) == ["Les poids totalisent 0 : ils doivent faire 100.", grids.NO_GATE]


def test_the_grid_put_in_force_is_the_one_of_the_new_instructions(draft):
    begun = ClauseReviewFactory(grid=CriteriaGrid.objects.get(version=1))
    grids.put_in_force(grid=draft, by=author())
    now = CriteriaGrid.objects.in_force()
    assert (now, now.valid_from, now.published_by) == (draft, date(2026, 9, 15), author())
    begun.refresh_from_db()
    assert begun.grid.version == 1


def test_a_grid_in_force_no_longer_changes(draft):
    grids.put_in_force(grid=draft, by=author())
    criterion = line(draft, "amount")
    for act in (
        lambda: grids.put_in_force(grid=draft, by=author()),
        lambda: grids.discard(grid=draft),
        lambda: grids.remove_criterion(criterion=criterion),
        lambda: grids.add_criterion(criterion=Criterion(grid=draft, label="Neuf"), by=author()),
        lambda: grids.arrange(grid=draft, ranks={}, weights={}, by=author()),
        lambda: change(criterion),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert str(refused.value) == grids.IN_FORCE
    assert draft.criteria.count() == 12


def test_a_draft_given_up_leaves_no_trace(draft):
    grids.discard(grid=draft)
    assert CriteriaGrid.objects.get().version == 1
    with pytest.raises(Conflict, match="n’existe plus"):
        grids.put_in_force(grid=draft, by=author())
    assert grids.prepare(note="Encore", by=author()).version == 2
