"""Cells as people write them; what is refused is never quoted."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses_portal.core.french import NBSP
from clauses_portal.core.tables import as_amount, as_date, as_flag, as_integer
from clauses_portal.core.tables import cells as sentences


@pytest.mark.parametrize("read", [as_amount, as_date, as_flag, as_integer])
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_blank_is_nothing(read, blank):
    assert read(blank) is None


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("125000", "125000.00"),
        ("125 000,50 €", "125000.50"),
        (f"1{NBSP}250{NBSP}000 €{NBSP}HT", "1250000.00"),
        ("1\u202f250,5 EUR", "1250.50"),
        ("12.5", "12.50"),
        ("1.250.000", "1250000.00"),
        ("1.250,50", "1250.50"),
        ("1,250.50", "1250.50"),
        ("1'250'000 euros hors taxes", "1250000.00"),
        ("850 k€", "850000.00"),
        ("1,2 M€ HT", "1200000.00"),
        ("0", "0.00"),
        (Decimal("1234.565"), "1234.57"),
        (Decimal(12), "12.00"),
        (Decimal("99999999999.99"), "99999999999.99"),
    ],
)
def test_an_amount_is_read(written, amount):
    assert as_amount(written) == Decimal(amount)
    assert as_amount(written).as_tuple().exponent == -2


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("à définir", sentences.NO_AMOUNT),
        ("1.250", sentences.NO_AMOUNT),
        ("1,2345", sentences.NO_AMOUNT),
        ("12 à 15 000", sentences.NO_AMOUNT),
        ("12 $", sentences.NO_AMOUNT),
        ("€", sentences.NO_AMOUNT),
        ("1e9", sentences.NO_AMOUNT),
        ("١٢٣", sentences.NO_AMOUNT),
        (dt.date(2027, 9, 1), sentences.NO_AMOUNT),
        ("150 000 € TTC", sentences.INCLUDING_TAX),
        ("-12", sentences.NEGATIVE_AMOUNT),
        (Decimal("-0.5"), sentences.NEGATIVE_AMOUNT),
        (Decimal(10) ** 40, sentences.NOT_CREDIBLE),
        ("100 000 M€", sentences.NOT_CREDIBLE),
    ],
)
def test_a_wrong_amount_is_refused(written, sentence):
    with pytest.raises(ValueError, match="montant") as refused:
        as_amount(written)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("15/09/2027", dt.date(2027, 9, 15)),
        ("5-9-27", dt.date(2027, 9, 5)),
        ("15.09.2027", dt.date(2027, 9, 15)),
        ("2027-09-15", dt.date(2027, 9, 15)),
        ("2027-09-15T10:30:00Z", dt.date(2027, 9, 15)),
        ("15/09/2027 10:30", dt.date(2027, 9, 15)),
        ("1er septembre 2027", dt.date(2027, 9, 1)),
        ("29 févr. 2028", dt.date(2028, 2, 29)),
        ("Août 2027", dt.date(2027, 8, 1)),
        ("sept. 2027", dt.date(2027, 9, 1)),
        ("sept.-27", dt.date(2027, 9, 1)),
        ("déc. 2027", dt.date(2027, 12, 1)),
        ("09/2027", dt.date(2027, 9, 1)),
        ("2027-09", dt.date(2027, 9, 1)),
        ("T3 2027", dt.date(2027, 7, 1)),
        ("t4-2027", dt.date(2027, 10, 1)),
        ("2027-T1", dt.date(2027, 1, 1)),
        ("3T2027", dt.date(2027, 7, 1)),
        ("1er trimestre 2027", dt.date(2027, 1, 1)),
        ("2ème trimestre 2027", dt.date(2027, 4, 1)),
        (Decimal(46645), dt.date(2027, 9, 15)),
        (Decimal("46645.75"), dt.date(2027, 9, 15)),
        (dt.date(2027, 9, 15), dt.date(2027, 9, 15)),
        (dt.datetime(2027, 9, 15, 23, 59), dt.date(2027, 9, 15)),  # noqa: DTZ001 (a spreadsheet knows no time zone)
        ("01/01/1990", dt.date(1990, 1, 1)),
        ("31/12/2100", dt.date(2100, 12, 31)),
    ],
)
def test_a_date_is_read(written, day):
    assert as_date(written) == day
    assert type(as_date(written)) is dt.date


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("à préciser", sentences.NO_DATE),
        ("31/02/2027", sentences.NO_DATE),
        ("15/13/2027", sentences.NO_DATE),
        ("jui 2027", sentences.NO_DATE),
        ("brumaire 2027", sentences.NO_DATE),
        ("T5 2027", sentences.NO_DATE),
        ("46645", sentences.NO_DATE),
        (Decimal(12), sentences.NO_DATE),
        (Decimal(10) ** 30, sentences.NO_DATE),
        ("2027", sentences.YEAR_ALONE),
        (Decimal(2027), sentences.YEAR_ALONE),
        ("31/12/1989", sentences.OUT_OF_REACH),
        ("T1 2101", sentences.OUT_OF_REACH),
        (dt.date(2101, 1, 1), sentences.OUT_OF_REACH),
    ],
)
def test_a_wrong_date_is_refused(written, sentence):
    with pytest.raises(ValueError, match=r"\.") as refused:
        as_date(written)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("written", ["07/04/1954", dt.date(1954, 4, 7), Decimal(19821)])
def test_a_birth_is_older_than_the_portal_reaches(written):
    assert as_date(written, since=1900) == dt.date(1954, 4, 7)
    with pytest.raises(ValueError, match="portée|lisible"):
        as_date(written)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)))
def test_every_day_is_read_back_from_each_of_its_writings(day):
    serial = Decimal((day - sentences.FIRST_SERIAL).days)
    for written in (
        f"{day:%d/%m/%Y}",
        day.isoformat(),
        f"{day.day} {sentences.MONTHS[day.month - 1]} {day.year}",
        serial,
    ):
        assert as_date(written) == day


@pytest.mark.parametrize(
    ("written", "number"), [("12", 12), ("1 200", 1200), (f"1{NBSP}200", 1200), ("12,0", 12), (Decimal(3), 3), (0, 0)]
)
def test_a_whole_number_is_read(written, number):
    assert as_integer(written) == number


@pytest.mark.parametrize("written", ["12,5", Decimal("2.5"), "-3", "douze", "12 mois", "1e3", "9" * 5000, "²"])
def test_another_number_is_refused(written):
    with pytest.raises(ValueError, match="nombre entier"):
        as_integer(written)


@pytest.mark.parametrize("written", ["oui", "OUI", " Oui. ", "o", "X", "vrai", "1", Decimal(1)])
def test_yes_is_yes(written):
    assert as_flag(written) is True


@pytest.mark.parametrize("written", ["non", "N", "faux", "0", Decimal(0)])
def test_no_is_no(written):
    assert as_flag(written) is False


@pytest.mark.parametrize("written", ["peut-être", "ouinon", "2", "?"])
def test_neither_yes_nor_no_is_refused(written):
    with pytest.raises(ValueError, match="oui ou par non"):
        as_flag(written)


VALUES = st.one_of(
    st.text(max_size=20),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    st.text("0123456789 .,/-tTkM€", max_size=14),
)


@given(VALUES, st.sampled_from([as_amount, as_date, as_flag, as_integer]))
def test_anything_is_read_or_refused_with_one_of_our_sentences(value, read):
    try:
        read(value)
    except ValueError as error:
        known = {text for name, text in vars(sentences).items() if name.isupper() and isinstance(text, str)}
        refused = str(error)
    else:
        return
    assert refused in known
