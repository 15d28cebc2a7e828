from datetime import date
from decimal import Decimal

import pytest

from markets.importers.decp import values


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("137614.0", "137614.00"),
        ("30000.00", "30000.00"),
        ("61 116,305", "61116.31"),
        ("61\u00a0116,30 €", "61116.30"),
        ("1.7e5", "170000.00"),
        ("2", "2.00"),
        ("10000000000", "10000000000.00"),
    ],
)
def test_an_amount_is_read_to_the_cent(cell, amount):
    assert values.parse_amount(cell) == (Decimal(amount), "")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1.0E17", "invraisemblable"),
        ("1e400", "invraisemblable"),
        ("99999999999999.0000", "invraisemblable"),
        ("999999999", "invraisemblable"),
        ("10000000000.01", "invraisemblable"),
        ("-5", "négatif"),
        ("0", "symbolique"),
        ("1", "symbolique"),
        ("0.0", "symbolique"),
        ("9" * 5000, "illisible"),
        ("1e9999", "illisible"),
        ("beaucoup", "illisible"),
        ("Infinity", "illisible"),
        ("1,234,567.00", "illisible"),
    ],
)
def test_an_absurd_amount_becomes_a_warning_without_any_figure(cell, words):
    amount, warning = values.parse_amount(cell)
    assert amount is None
    assert words in warning
    assert not any(character.isdigit() for character in warning)


@pytest.mark.parametrize("cell", [None, "", "CDL", "MQ", "NC", "INX", "INX9", "nan", [], {}, True])
def test_what_means_nothing_is_nothing(cell):
    assert values.parse_amount(cell) == (None, "")
    assert values.parse_date(cell) == (None, "")
    assert values.parse_duration(cell) == (None, "")
    assert values.parse_cpv(cell) == ("", "")


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2018-12-22", date(2018, 12, 22)),
        ("2018-12-22+01:00", date(2018, 12, 22)),
        ("2018-12-22Z", date(2018, 12, 22)),
        ("2018-12-22T10:00:00", date(2018, 12, 22)),
        ("2018-12-21T23:00:00Z", date(2018, 12, 22)),
        ("2018-12-22T00:00:00+01:00", date(2018, 12, 22)),
        ("2018-12-22 00:00:00", date(2018, 12, 22)),
        ("22/12/2018", date(2018, 12, 22)),
        ("20181222", date(2018, 12, 22)),
    ],
)
def test_a_day_is_read_in_every_shape(cell, day):
    assert values.parse_date(cell) == (day, "")


@pytest.mark.parametrize(
    "cell",
    [
        "2050-10-01",
        "1019-01-01",
        "2018-02-30",
        "31/02/2018",
        "test",
        "0000-00-00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_an_absurd_day_becomes_a_warning(cell):
    day, warning = values.parse_date(cell, "date de notification")
    assert day is None
    assert warning == "date de notification invraisemblable ou illisible, ignorée"


@pytest.mark.parametrize(("cell", "months"), [("12", 12), ("12.0", 12), ("12,5", 13), ("0.2", 1), ("360", 360)])
def test_a_part_of_a_month_counts_for_a_month(cell, months):
    assert values.parse_duration(cell) == (months, "")


@pytest.mark.parametrize("cell", ["0", "-3", "1201", "1e99", "douze"])
def test_an_absurd_duration_becomes_a_warning(cell):
    months, warning = values.parse_duration(cell)
    assert months is None
    assert warning


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("45421160-3", "45421160"),
        ("45421160", "45421160"),
        ("45421 160", "45421160"),
        ("3121100", "03121100"),
    ],
)
def test_a_cpv_code_has_eight_digits(cell, code):
    assert values.parse_cpv(cell) == (code, "")


@pytest.mark.parametrize("cell", ["1", "00000000", "ABCDEFGH", "123456789"])
def test_a_wrong_cpv_code_becomes_a_warning(cell):
    assert values.parse_cpv(cell) == ("", "code CPV illisible, ignoré")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Réfection<br />de  la\tcour\n", "Réfection de la cour"),
        ("mise en &#339;uvre d&#8217;actions", "mise en œuvre d’actions"),
        ("hauteur < 2 m et > 1 m", "hauteur < 2 m et > 1 m"),
        ("a\x00b\x1fc", "a b c"),
        ("ma\u0000rché \ud800 public", "ma rché public"),
        ("nom\u200b\u202e caché", "nom caché"),
        ("d'\x9cuvre", "d'œuvre"),
        ("e\u0301cole", "école"),
        ("x" * 2000, "x" * 1000),
        (12, ""),
    ],
)
def test_a_text_is_one_visible_line(text, clean):
    assert values.clean_text(text) == clean


@pytest.mark.parametrize(
    ("cell", "answer"),
    [(True, True), (False, False), ("oui", True), ("Non", False), ("1", True), ("CDL", None), ("test", None)],
)
def test_a_boolean_may_be_unknown(cell, answer):
    assert values.parse_boolean(cell) is answer
