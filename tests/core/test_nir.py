"""Social security numbers are found wherever they hide, and nothing else is taken for one. Every number is invented."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import nir

from clauses_portal.core.nir import holds_nir
from clauses_portal.core.validators import validate_one_line, validate_plain_text

NUMBER = "1850713055123"
KEY = nir.calc_check_digits(NUMBER)
SEPARATORS = [" ", "\u00a0", "\u202f", ".", "-", "–", "\u2011", "\u2212", "/", "_", "  ", " - "]


def grouped(number, separator):
    """« 1 85 07 13 055 123 », and the key when it is there."""
    cuts = [0, 1, 3, 5, 7, 10, 13, 15]
    groups = [number[start:end] for start, end in zip(cuts, cuts[1:], strict=False)]
    return separator.join(group for group in groups if group)


@pytest.mark.parametrize("key", ["", KEY])
@pytest.mark.parametrize("separator", ["", *SEPARATORS], ids=ascii)
def test_a_nir_is_found_with_and_without_its_key(separator, key):
    assert holds_nir(grouped(NUMBER + key, separator))


@pytest.mark.parametrize(
    "text",
    [
        "Dossier CAF : M. Martin, né à Marseille, 1 85 07 13 055 123, rappeler lundi.",
        f"NIR{NUMBER}{KEY}.",
        f"n°{NUMBER}clé{KEY}",
        f"06 12 34 56 78 / {NUMBER} / Aix",
        f"lot 2 {grouped(NUMBER, ' ')} et autres",
        f"première ligne\n{NUMBER} {KEY}\ndernière ligne",
        "1\u200b85\u200b07\u200b13\u200b055\u200b123",
        "１８５０７１３０５５１２３",  # full width
        "١٨٥٠٧١٣٠٥٥١٢٣",  # digits of Arabic
        "1 85 07 13055 123",
        f"1 850713055123 {KEY}",
    ],
    ids=ascii,
)
def test_a_nir_is_found_inside_a_longer_text(text):
    assert holds_nir(text)


@pytest.mark.parametrize(
    "number", ["253072B073004", "2 53 07 2a 073 004", "2.53.07.2B.073.004.70", "2５３07２Ｂ073004"]
)
def test_births_in_corsica_are_found(number):
    assert holds_nir(number)


def test_a_wrong_key_does_not_hide_a_nir():
    wrong = f"{int(KEY) % 97 + 1:02}"
    assert holds_nir(NUMBER + wrong)
    assert holds_nir(grouped(NUMBER + wrong, " "))


@pytest.mark.parametrize(
    "number", ["3852013055123", "7853013055123", "8854213055123", "4855013055123", "1859999101123"]
)
def test_provisional_numbers_and_unknown_months_are_found_by_their_key_or_their_blanks(number):
    assert holds_nir(number + nir.calc_check_digits(number))
    assert holds_nir(grouped(number, " "))


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_nir_cut_in_small_equal_groups_is_found_by_its_key(size):
    digits = NUMBER + KEY
    assert holds_nir(" ".join(digits[start : start + size] for start in range(0, 15, size)))


INNOCENT = [
    "",
    "22130001500247",  # SIRET
    "221 300 015 00247",
    "221300015 00247 1 rue de la République",
    "SIREN 221300015, NIC 00247",
    "06 12 34 56 78",
    "04 91 12 34 56 / 06 12 34 56 78",
    "+33 6 12 34 56 78",
    "0033612345678",
    "FR76 3000 6000 0112 3456 7890 189",  # bank account
    "FR7630006000011234567890189",
    "30006 00001 12345678901 89",
    "1234567A",  # France Travail, 8 characters
    "12345678",
    "12345678901",  # France Travail, 11 digits
    "99999 12 34567",  # PASS IAE
    "999991234567",
    "22130001500247-2021-0012345",  # DECP
    "2021001234567800",
    "2021001234500",
    "20210012345670",
    "202100123456700",
    "2026-DGA-0012-01",
    "2025S0012345",
    "2025012345678",
    "2026123456789",
    "13001 13055 13110",  # postal or commune codes in a row
    "13104 13123 13129 13200 13280",
    "13001, 13055, 13110",
    "lots 2, 10, 11, 12, 101 et 102",
    "45233140-2 et 45261210-9",  # CPV
    "125 000,50 € HT, puis 1 250 000,00 €",
    "du 01/01/2026 au 31/12/2026",
    "15/09/2026 1234567",
    "20260915101500",
    "1607 h par an, 151,67 h par mois",
    "1850013055123",  # no month
    "1850700055123",  # no department
    "1850713000123",  # no commune
    "1850713055000",  # no order
    "185071305512",  # a digit short
    "18507130551234",
    "1850713055123456",
    "5850713055123",  # no sex
]


@pytest.mark.parametrize("text", INNOCENT)
def test_other_numbers_are_let_pass(text):
    assert not holds_nir(text)


# An order that ends by « 00 » is left out: a woman born in 2002 would then read as an old identifier of the DECP.
births = st.builds(
    lambda sex, year, month, place, order: f"{sex}{year:02}{month:02}{place}{order:03}",
    st.sampled_from("12"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.sampled_from(["13055", "06088", "75112", "2A004", "2B033", "97411", "99352", "84089"]),
    st.integers(1, 999).filter(lambda order: order % 100),
)


@given(births, st.sampled_from(["", *SEPARATORS]), st.booleans(), st.text("abé :;\n", max_size=5))
def test_every_ordinary_birth_is_found(number, separator, with_key, around):
    number += nir.calc_check_digits(number) if with_key else ""
    assert holds_nir(f"{around}{grouped(number, separator)}{around}")


@given(st.text("0123456789 ", max_size=12), st.text("0123456789", min_size=16, max_size=40))
def test_too_few_or_too_many_digits_are_never_a_nir(short, long):
    assert not holds_nir(short)
    assert not holds_nir(long)


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(text):
    assert holds_nir(text) in (True, False)


@pytest.mark.parametrize("validate", [validate_plain_text, validate_one_line])
def test_a_text_with_a_nir_is_refused_without_repeating_it(validate):
    with pytest.raises(ValidationError) as refused:
        validate(f"Connu sous {grouped(NUMBER, ' ')}")
    assert refused.value.messages == [
        "Ce texte contient un numéro de sécurité sociale : il n’a pas sa place ici, retirez-le."
    ]
    assert refused.value.code == "nir"
