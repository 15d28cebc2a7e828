"""The same person under several spellings, and two persons who look alike."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from participants.matching import (
    LIKELY,
    Identity,
    likely_duplicates,
    match_keys,
    one_letter_apart,
    same_person_score,
)
from participants.models import Participant

BORN = date(1985, 7, 12)


def person(first_name, last_name, birth_name="", born=BORN):
    return Identity(first_name, last_name, born, birth_name)


@pytest.mark.parametrize(
    ("a", "b", "score", "told"),
    [
        (person("Éloïse", "D’Arc"), person("ELOISE", "Darc"), 100, "même nom, même prénom, même date de naissance"),
        (person("Jean-Pierre", "Roux"), person("Jean Pierre", "ROUX"), 100, "même nom, même prénom"),
        (person("Zoé", "Œuvrard"), person("Zoe", "Oeuvrard"), 100, "même nom"),
        (person("Sofia", "El Mansouri"), person("Sofia", "Elmansouri"), 100, "même nom"),
        (person("Jean Pierre", "Roux"), person("Pierre-Jean", "Roux"), 96, "même nom, prénoms inversés"),
        (person("Roux", "Martin"), person("Martin", "Roux"), 95, "nom et prénom inversés, même date de naissance"),
        (person("Lina", "Martin"), person("Lina", "Durand", "Martin"), 97, "nom de naissance de l’une, nom d’usage"),
        (person("Lina", "Roux", "Martin"), person("Lina", "Durand", "Martin"), 100, "même nom de naissance"),
        (person("Lina", "Garcia"), person("Lina", "Garcia-Roux"), 85, "même nom en partie"),
        (person("Lina", "Garcia Roux"), person("Lina", "Roux Garcia"), 96, "même nom dans un autre ordre"),
        (person("Jean-Pierre", "Roux"), person("Jean", "Roux"), 85, "même prénom en partie"),
        (person("Ana", "da Silva"), person("Ana", "Silva"), 97, "même nom à une particule près"),
        (person("Karim", "Ben Salah"), person("Karim", "Salah"), 97, "même nom à une particule près"),
        (person("Mohamed", "Diallo"), person("Mohammed", "Diallo"), 90, "même prénom à une lettre près"),
        (person("Lina", "Martni"), person("Lina", "Martin"), 90, "même nom à une lettre près"),
        (
            person("Ali", "Roux"),
            person("Ali", "Roux", born=date(1985, 12, 7)),
            90,
            "jour et mois de naissance inversés",
        ),
        (
            person("Ali", "Roux"),
            person("Ali", "Roux", born=date(1986, 7, 12)),
            80,
            "date de naissance à un chiffre près",
        ),
        (person("Ali", "Roux"), person("Ali", "Roux", born=None), 60, "date de naissance non renseignée"),
        (person("雷", "李"), person("雷", "李"), 100, "même nom"),
    ],
    ids=lambda value: "" if isinstance(value, Identity | int) else value,
)
def test_the_same_person_is_recognised_and_why_is_told(a, b, score, told):
    match = same_person_score(a, b)
    assert match.score == score >= LIKELY
    assert told in str(match)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (person("Lina", "Martin"), person("Lina", "Durand")),
        (person("Lina", "Martin"), person("Nora", "Martin")),
        (person("Lina", "Martin"), person("Lina", "Martin", born=date(1990, 1, 1))),
        (person("Ali", "Roux"), person("Eli", "Roux")),  # three letters: one of them is another name
        (person("Li", "Roux"), person("Li Na", "Roux")),
        (person("Mohamed", "Diallo"), person("Mohammed", "Diallo", born=date(1986, 7, 12))),  # two slips
        (person("Jean", "Roux"), person("Jean-Luc", "Roux", born=None)),
        (person("Paul", "Roux"), person("", "Roux")),
        (person("", ""), person("", "")),
        (person("李", "雷"), person("王", "雷")),
    ],
)
def test_two_persons_are_not_taken_for_one(a, b):
    assert same_person_score(a, b).score == 0
    assert str(same_person_score(a, b)) == ""


def test_twins_are_shown_only_when_their_first_names_nearly_agree():
    assert likely_duplicates(person("Lina", "Martin"), [person("Hugo", "Martin")]) == []
    assert [match.score for _, match in likely_duplicates(person("Lina", "Martin"), [person("Lisa", "Martin")])] == [90]


def test_the_likeliest_comes_first_and_the_others_are_left_out():
    sure, slip, nobody = person("Lina", "Martin"), person("Lina", "Martni"), person("Hugo", "Roux")
    doubtful = person("Lina", "Martin", born=None)
    found = likely_duplicates(person("LINA", "MARTIN"), [nobody, doubtful, slip, sure])
    assert [other for other, _ in found] == [sure, slip, doubtful]
    assert likely_duplicates(person("LINA", "MARTIN"), [slip, doubtful], at_least=91) == []


def test_a_row_of_the_database_is_compared_as_it_is():
    row = Participant(first_name="Lina", last_name="Durand", birth_name="Martin", birth_date=BORN)
    assert same_person_score(row, person("Lina", "Martin")).score == 97
    assert match_keys(row) & match_keys(person("Lina", "Martin"))


def test_keys_are_short_and_tell_no_name():
    keys = match_keys(person("Anne-Charlotte-Marguerite", "de la Tour du Pin Chambly", "El Mansouri"))
    assert sorted(map(len, keys)) == [9, 17, 17, 17, 17]
    assert "d19850712" in keys
    assert {key[0] for key in keys} == {"d", "n"}


@pytest.mark.parametrize(
    ("x", "y", "apart"),
    [
        ("martin", "martin", False),
        ("martin", "martins", True),
        ("martin", "artin", True),
        ("martin", "mertin", True),
        ("martin", "matrin", True),
        ("martin", "amrtni", False),
        ("martin", "mrtina", False),
        ("annabelle", "anabelle", True),
        ("", "a", True),
        ("", "", False),
        ("ab", "ba", True),
        ("aa", "bb", False),
    ],
)
def test_one_letter_is_added_left_out_replaced_or_swapped(x, y, apart):
    assert one_letter_apart(x, y) is apart
    assert one_letter_apart(y, x) is apart


# Few letters, so that chance makes likenesses of every kind.
names = st.lists(
    st.sampled_from(["ana", "Jean", "jean", "Pierre", "Jéan", "Pierer", "el", "de", "Li", "Mansouri", "Silva", "李"]),
    max_size=3,
).flatmap(lambda words: st.sampled_from([" ", "-", "’", ""]).map(lambda blank: blank.join(words)))
days = st.sampled_from([BORN, date(1985, 12, 7), date(1985, 7, 13), date(1986, 7, 12), date(2001, 1, 1), None])
identities = st.builds(Identity, first_name=names, last_name=names, birth_date=days, birth_name=names)


@given(identities, identities)
def test_which_comes_first_does_not_matter(a, b):
    match = same_person_score(a, b)
    assert match == same_person_score(b, a)
    assert 0 <= match.score <= 100
    assert bool(match.score) == bool(match.reasons)


SLIPS = [
    lambda one: replace(one, first_name=one.last_name, last_name=one.first_name),
    lambda one: replace(one, last_name=one.birth_name, birth_name=one.last_name),
    lambda one: replace(one, birth_name=""),
    lambda one: replace(one, last_name=f"el {one.last_name}"),
    lambda one: replace(one, last_name=one.last_name.replace(" ", "")),
    lambda one: replace(one, first_name=" ".join(reversed(one.first_name.split("-")))),
    lambda one: replace(one, first_name=one.first_name[1:]),
    lambda one: replace(one, last_name=f"{one.last_name}-Roux"),
    lambda one: replace(one, birth_date=None),
    lambda one: replace(one, birth_date=date(1985, 12, 7)),
    lambda one: replace(one, birth_date=date(1986, 7, 12)),
]


@given(identities, st.lists(st.sampled_from(SLIPS), max_size=3))
def test_whoever_looks_alike_is_found_by_a_key(a, slips):
    b = a
    for slip in slips:
        b = slip(b)
    if same_person_score(a, b).score:
        assert match_keys(a) & match_keys(b)


@given(identities)
def test_everybody_with_a_name_is_herself(a):
    assume(a.first_name and a.last_name and a.birth_date)
    assert same_person_score(a, a).score == 100


@given(identities, st.sampled_from([str.upper, str.lower, str.title, lambda name: f" {name} "]))
def test_capitals_and_blanks_change_nothing(a, write):
    b = replace(a, first_name=write(a.first_name), last_name=write(a.last_name), birth_name=write(a.birth_name))
    assert match_keys(a) == match_keys(b)
    assert same_person_score(a, b) == same_person_score(a, a)


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_may_be_a_name(first_name, last_name, birth_name):
    a = Identity(first_name, last_name, BORN, birth_name)
    assert "d19850712" in match_keys(a)
    assert same_person_score(a, a).score in (0, 100)
