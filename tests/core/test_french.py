"""Numbers, dates and sentences as a French reader expects them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from clauses_portal.core import french
from clauses_portal.core.french import NBSP, parse_hours, typographic

HUNDREDTHS_OF_A_MONTH = st.integers(0, 744 * 100).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1234.50"), "1 234,5 h"),
        ("1234567.00", "1 234 567 h"),
        (7.25, "7,25 h"),
        (Decimal("0.005"), "0,01 h"),
        (0, "0 h"),
        (-12, "\u221212 h"),
        (Decimal("-0.001"), "0 h"),
        (None, "–"),
    ],
)
def test_hours_have_a_decimal_comma_and_no_trailing_zero(value, written):
    assert french.hours(value) == written.replace(" ", NBSP)


@pytest.mark.parametrize("value", ["sept", "NaN", float("inf"), "1e400"])
def test_a_text_that_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="n’est pas un nombre"):
        french.number(value)


def test_columns_keep_two_decimals():
    assert [french.hundredths(value) for value in (7, "7.5", 1234.56, None)] == [
        *("7,00", "7,50", f"1{NBSP}234,56", "–"),
    ]


def test_units_are_held_by_an_unbreakable_space():
    assert french.percent(52.4) == f"52{NBSP}%"
    assert french.percent("52.45", 1) == f"52,5{NBSP}%"
    assert french.euros(12500) == f"12{NBSP}500{NBSP}€"
    assert french.euros("12500.5") == f"12{NBSP}500,50{NBSP}€"
    assert french.euros(None) == "–"


@pytest.mark.parametrize(
    ("size", "written"),
    [
        (0, "0 octet"),
        (1, "1 octet"),
        (1023, "1 023 octets"),
        (1024, "1 ko"),
        (850 * 1024, "850 ko"),
        (10 * 1024**2, "10 Mo"),
        (12_900_000, "12,3 Mo"),
        (79_900_000_000, "74,4 Go"),
    ],
)
def test_a_file_size_is_written_in_its_unit(size, written):
    assert french.file_size(size) == written.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2026, 7, 1), "01/07/2026"),
        ("2026-07-01", "01/07/2026"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "01/01/2027"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_dates_are_day_month_year_in_local_time(value, written):
    assert french.date(value) == written


def test_hours_are_told_in_weeks_and_full_time_equivalents():
    assert french.weeks_and_fte("833.33") == f"soit 23,8 semaines de 35{NBSP}h ou 0,52{NBSP}ETP"
    assert french.weeks_and_fte(1607) == f"soit 45,9 semaines de 35{NBSP}h ou 1{NBSP}ETP"
    assert french.weeks_and_fte(35) == f"soit 1 semaine de 35{NBSP}h ou 0,02{NBSP}ETP"


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("7,5", "7.50"),
        ("7.5", "7.50"),
        ("7h30", "7.50"),
        ("7 h 30", "7.50"),
        (f" 7{NBSP}H{NBSP}30 ", "7.50"),
        ("7 h 30 min", "7.50"),
        ("7h20", "7.33"),
        ("7h", "7.00"),
        ("7,5 h", "7.50"),
        ("0", "0.00"),
        ("151,67", "151.67"),
        ("744", "744.00"),
        (7.5, "7.50"),
    ],
)
def test_hours_are_read_as_people_type_them(typed, hours):
    assert str(parse_hours(typed)) == hours


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Indiquez"),
        (None, "Indiquez"),
        ("sept", "n’est pas un nombre d’heures"),
        ("-7", "négatif"),
        ("\u22127,5", "négatif"),
        ("+7", "n’est pas"),
        ("NaN", "n’est pas"),
        ("inf", "n’est pas"),
        ("7e2", "n’est pas"),
        ("７,5", "n’est pas"),
        ("٧", "n’est pas"),
        ("7_5", "n’est pas"),
        ("7,5,5", "n’est pas"),
        ("7,", "n’est pas"),
        ("7:30", "n’est pas"),
        ("7h5", "n’est pas"),
        ("7h60", "60 minutes"),
        ("7,333", "centième"),
        ("744,01", "744"),
        ("744h01", "744"),
        ("9" * 5000, "n’est pas"),
    ],
)
def test_anything_else_is_refused_in_one_short_sentence(typed, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        parse_hours(typed)
    assert len(str(refusal.value)) < 120


@given(HUNDREDTHS_OF_A_MONTH)
def test_written_hours_are_read_back(hours):
    assert parse_hours(french.hours(hours)) == hours


@given(st.integers(0, 743), st.integers(0, 59))
def test_clock_hours_are_read_to_the_hundredth(whole, minutes):
    assert abs(parse_hours(f"{whole}h{minutes:02d}") - (whole + Decimal(minutes) / 60)) <= Decimal("0.005")


@given(st.text())
def test_no_text_gives_hours_out_of_a_month(text):
    try:
        hours = parse_hours(text)
    except ValueError:
        return
    assert 0 <= hours <= 744
    assert hours.as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("Attention: l'heure compte !", "Attention_: l’heure compte_!"),
        ("« oui »", "«_oui_»"),
        ("«oui»", "«_oui_»"),
        ("41% ou 12 €", "41_% ou 12_€"),
        ("Quoi ?!", "Quoi_?!"),
        ("à 10:30, voir https://exemple.fr/?page=2&x=1", "à 10:30, voir https://exemple.fr/?page=2&x=1"),
        ("(pourquoi?)", "(pourquoi_?)"),
        ("lot n°3 ; 12 h", "lot n°_3_; 12_h"),
        ("à suivre...", "à suivre…"),
        ("Lot 1 → lot 2, ≥ 3\u202fh", "Lot 1 › lot 2, >= 3_h"),
        ("e\u0301", "é"),
    ],
)
def test_sentences_get_french_typography(plain, typeset):
    assert typographic(plain) == typeset.replace("_", NBSP)


@given(st.text(alphabet=st.sampled_from("a1 \u00a0:;!?«»%€'.n°h)("), max_size=30))
def test_typography_applied_twice_changes_nothing(text):
    once = typographic(text)
    assert typographic(once) == once


def test_filters_write_french_in_templates_and_stay_escaped():
    template = Template("{% load french %}{{ h|hours }} {{ d|fr_date }} {{ t|typo }} {{ p|percent:1 }} {{ e|euros }}")
    page = template.render(Context({"h": 7.5, "d": date(2026, 7, 1), "t": "<b>l'an</b> !", "p": 3, "e": 2}))
    assert page == f"7,5{NBSP}h 01/07/2026 &lt;b&gt;l’an&lt;/b&gt;{NBSP}! 3{NBSP}% 2{NBSP}€"
