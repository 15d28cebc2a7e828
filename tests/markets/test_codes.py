"""Occupations, CPV codes and communes: searched by name, typed by code, the same with and without JavaScript."""

import pytest
from django import forms
from django.http import QueryDict

from facilitators.enums import Role
from markets.forms.codes import MOST_OCCUPATIONS, CpvField, RomeField
from tests.factories.facilitators import CommuneFactory
from tests.factories.preparation import CpvCodeFactory, RomeCodeFactory

pytestmark = pytest.mark.django_db

ROME, CPV, COMMUNES = "/recherche/metiers/", "/recherche/cpv/", "/recherche/communes/"


class Codes(forms.Form):
    rome = RomeField(label="Métiers")
    cpv = CpvField(label="CPV")


def found(client, url, asked):
    return [(option["value"], option["label"]) for option in client.get(url, {"q": asked}).json()["options"]]


@pytest.fixture
def director(as_role):
    """Any signed-in person."""
    return as_role(Role.DIRECTOR)


def test_an_occupation_is_found_by_its_name_or_its_code(director):
    RomeCodeFactory(code="F1703", label="Maçonnerie")
    RomeCodeFactory(code="F1606", label="Peinture en bâtiment")
    assert found(director, ROME, "macon") == found(director, ROME, "f17") == [("F1703", "F1703 – Maçonnerie")]
    assert found(director, ROME, "batiment peint") == [("F1606", "F1606 – Peinture en bâtiment")]
    assert found(director, ROME, "plomb") == []


def test_a_cpv_code_is_found_by_its_label_or_its_number(director):
    CpvCodeFactory(code="45442100", label="Travaux de peinture")
    assert (
        found(director, CPV, "peinture")
        == found(director, CPV, "4544")
        == [("45442100", "45442100 – Travaux de peinture")]
    )


def test_a_commune_is_found_without_its_hyphens_or_its_accents(director):
    CommuneFactory(insee_code="13901", name="Aix-en-Provence", postal_codes=["13990", "13991"])
    CommuneFactory(insee_code="13932", name="Éguilles", postal_codes=["13510"])
    for asked in ("aix en prov", "13901", "13991"):
        assert found(director, COMMUNES, asked) == [("13901", "Aix-en-Provence")]
    assert found(director, COMMUNES, "eguil") == [("13932", "Éguilles")]


def test_a_short_or_absurd_question_gives_nothing(director):
    RomeCodeFactory(code="F1703", label="Maçonnerie")
    CommuneFactory(name="Meyreuil")
    for url in (ROME, CPV, COMMUNES):
        for asked in ("", "m", "\x00", "%_", "x" * 5_000):
            assert found(director, url, asked) == []


def test_suggestions_are_few(director):
    RomeCodeFactory.create_batch(30)
    assert len(found(director, ROME, "métier")) == 12


@pytest.mark.parametrize("typed", ["F1703, F1606", "f1703;f1606", " F1703  F1606,F1703 ,"])
def test_codes_are_typed_as_one_likes(typed):
    rows = [RomeCodeFactory(code="F1703"), RomeCodeFactory(code="F1606")]
    form = Codes({"rome": typed})
    assert form.is_valid()
    assert form.cleaned_data["rome"] == rows


def test_codes_chosen_by_the_script_come_as_several_fields():
    rows = [RomeCodeFactory(code="F1703"), RomeCodeFactory(code="F1606"), RomeCodeFactory(code="K2204")]
    form = Codes(QueryDict("rome=&rome=F1703&rome=F1606&rome=k2204"))
    assert form.is_valid()
    assert form.cleaned_data["rome"] == rows


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("rome", "Z1703", "n’est pas un code ROME"),
        ("rome", "F17", "n’est pas un code ROME"),
        ("rome", "F1799", "Le code ROME F1799 n’existe pas"),
        ("rome", ",".join(f"F1{n:03d}" for n in range(MOST_OCCUPATIONS + 1)), "20 métiers au plus"),
        ("cpv", "4544210", "8 chiffres"),
        ("cpv", "454421001", "8 chiffres"),
        ("cpv", "peinture", "8 chiffres"),
    ],
)
def test_a_wrong_code_is_refused_with_its_sentence(field, typed, sentence):
    assert sentence in Codes({field: typed}).errors[field][0]


@pytest.mark.parametrize("typed", ["45442100", "45442100-8", "45442100 - 8", "45442100 – Travaux de peinture"])
def test_a_cpv_code_is_read_with_what_follows_it(typed):
    form = Codes({"cpv": typed})
    assert form.is_valid()
    assert form.cleaned_data["cpv"] == "45442100"


def test_nothing_typed_is_nothing():
    form = Codes({})
    assert form.is_valid()
    assert form.cleaned_data == {"rome": [], "cpv": ""}


def test_the_page_knows_the_names_of_the_codes_it_shows():
    row = RomeCodeFactory(code="F1703", label="Maçonnerie d’art")
    CpvCodeFactory(code="45442100", label="Travaux de peinture")
    shown = str(Codes(initial={"rome": [row], "cpv": "45442100"}))
    assert "Maçonnerie d’art" in shown
    assert "Travaux de peinture" in shown
    assert 'value="F1703"' in shown
