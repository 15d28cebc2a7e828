"""Finding an example of task: by trade, by occupation, by its own words."""

import pytest

from markets.task_examples import library, search


def found(wanted):
    """{trade: tasks} found."""
    return {trade.code: [example.task for example in trade.tasks] for trade in search(wanted)}


def test_nothing_asked_gives_everything():
    assert search() == search("  ") == list(library())


def test_a_trade_comes_with_all_its_tasks():
    trade = next(trade for trade in library() if trade.code == "nettoyage")
    assert found("nettoyage de locaux") == {trade.code: [example.task for example in trade.tasks]}


@pytest.mark.parametrize("wanted", ["electricite", "Électricité", "ÉLECTRICITÉS"])
def test_accents_capitals_and_plurals_do_not_matter(wanted):
    assert set(found(wanted)) == {"electricite"}


def test_a_task_is_found_by_its_words():
    assert found("tondre") == {"espaces_verts_entretien": ["Tondre une pelouse dégagée à la tondeuse autotractée"]}


@pytest.mark.parametrize("wanted", ["K2202", "laveuse de vitres"])
def test_a_task_is_found_by_its_occupation(wanted):
    assert set(found(wanted)) == {"vitrerie"}


def test_a_word_is_not_found_in_the_middle_of_another():
    """« Poser l’isolant entre les montants » is no work on a floor."""
    assert "sols_souples" in found("sol")
    assert "cloisons" not in found("sol")


def test_every_word_must_be_there():
    assert found("peinture astronaute") == {}
    assert found("astronaute") == {}
