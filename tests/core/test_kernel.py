"""Small tools everybody uses: validators, texts, locks, saving, CSV."""

import csv
import io

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from clauses_portal.core.exports import csv_text, safe_cell
from clauses_portal.core.locks import advisory_lock
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.text import search_key, tidy
from clauses_portal.core.validators import validate_one_line, validate_plain_text, validate_siret
from facilitators.models import Structure
from facilitators.reference import DEPARTMENT_SIRET, METROPOLIS_SIRET
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import StructureFactory, siret
from tests.support.threads import race


@pytest.mark.parametrize("value", [DEPARTMENT_SIRET, METROPOLIS_SIRET, "35600000000048", "35600000049837", siret(1)])
def test_a_right_siret_is_accepted(value):
    """The last but one is an office of La Poste, whose key follows another rule."""
    validate_siret(value)


@pytest.mark.parametrize("value", ["22130001500248", "12345678901234", "00000000000001", "35600000049838"])
def test_a_siret_with_a_wrong_key_is_refused(value):
    with pytest.raises(ValidationError, match="sa clé ne correspond pas"):
        validate_siret(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        "2213000150024",
        "221300015002471",
        "2213000150024A",
        "２２１３０００１５００２４７",
        "221 300 015 00247",
    ],
)
def test_a_siret_is_fourteen_digits(value):
    with pytest.raises(ValidationError, match="compte 14 chiffres"):
        validate_siret(value)


ORDINARY = ["", "Éloïse D’Arc-N’Diaye", "Œuvre « n° 1 » – 50 %", "مرحبا", "李雷", "a\u00a0b", "👷"]
INVISIBLE = ["\x00", "\x07", "\x0b", "\x1b[31m", "\u200b", "\u202e", "\ufeff", "\u00ad", "\ue000", "\ud800", "\uffff"]


@pytest.mark.parametrize("value", ORDINARY)
def test_ordinary_text_is_accepted(value):
    validate_plain_text(f"{value}\n\t{value}")
    validate_one_line(value)


@pytest.mark.parametrize("value", INVISIBLE, ids=ascii)
def test_an_invisible_character_is_refused(value):
    for validate in (validate_plain_text, validate_one_line):
        with pytest.raises(ValidationError, match="caractère invisible ou interdit"):
            validate(f"Jean{value}Paul")


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\tb"])
def test_a_name_holds_on_one_line(value):
    with pytest.raises(ValidationError, match="une seule ligne"):
        validate_one_line(value)


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        (("Éléonore D’Arc",), "eleonore d arc"),
        (("ŒUVRE", "Æther"), "oeuvre aether"),
        (("Garcia-Roux", None, "", " José  "), "garcia roux jose"),
        (("ﬁnances n° 12",), "finances n 12"),
        ((None,), ""),
    ],
)
def test_a_search_key_forgets_accents_and_punctuation(parts, key):
    assert search_key(*parts) == key


@pytest.mark.parametrize(
    ("text", "tidied"), [("  a \n b\u00a0 c ", "a b c"), ("E\u0301loi\u0308se", "Éloïse"), ("", ""), (None, "")]
)
def test_a_text_is_tidied(text, tidied):
    assert tidy(text) == tidied


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@SUM(1)", "'@SUM(1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("\t=1", "'\t=1"),
        ("+33612345678", "+33612345678"),
        ("-12,5", "-12,5"),
        ("Aix", "Aix"),
        (None, ""),
        (12, "12"),
    ],
)
def test_a_cell_is_never_a_formula(value, cell):
    assert safe_cell(value) == cell


def test_a_csv_is_read_back_as_it_was_written():
    text = csv_text(["Nom", "Heures"], [["D’Arc ; « Zoé »", "7,5"], ['a "b"', None]])
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
        ["Nom", "Heures"],
        ["D’Arc ; « Zoé »", "7,5"],
        ['a "b"', ""],
    ]


@pytest.mark.django_db
def test_saving_validates_everything_and_names_the_author():
    user = UserFactory()
    with pytest.raises(ValidationError) as refused:
        validated_save(Structure(name="", kind="gift", siret="1"), by=user)
    assert set(refused.value.message_dict) == {"name", "kind", "siret"}
    structure = validated_save(StructureFactory.build(), by=user)
    assert structure.history.get().history_user == user


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_for_one_session_at_a_time():
    def hold(space, number):
        with advisory_lock(space, number) as mine:
            return mine

    with advisory_lock("jobs", 1) as mine:
        assert mine
        assert race(lambda: hold("jobs", 1), lambda: hold("jobs", 2), lambda: hold("other", 1)) == [False, True, True]
    assert race(lambda: hold("jobs", 1)) == [True]


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_given_back_when_the_work_breaks():
    def break_down():
        with advisory_lock("jobs", 1):
            raise RuntimeError

    def held():
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
            return cursor.fetchone()[0]

    with pytest.raises(RuntimeError):
        break_down()
    assert held() == 0


@pytest.mark.django_db
def test_a_row_is_locked_alone(django_assert_num_queries):
    structure = StructureFactory()
    with django_assert_num_queries(1) as captured:
        assert lock(Structure.objects, structure.pk) == structure
    assert captured.captured_queries[0]["sql"].endswith('FOR UPDATE OF "facilitators_structure"')
