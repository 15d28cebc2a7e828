"""The official list of CPV codes, from the CSV file the office was given."""

import pytest
from django.core.management import CommandError, call_command

from markets.models import CpvCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path, capsys):
    def load(text, encoding="utf-8"):
        file = tmp_path / "cpv.csv"
        file.write_bytes(text.encode(encoding))
        call_command("load_cpv", str(file))
        return capsys.readouterr().out

    return load


def labels():
    return dict(CpvCode.objects.values_list("code", "label"))


@pytest.mark.parametrize(
    "text",
    [
        "45210000;Travaux d'électricité\n90910000;Nettoyage, propreté\n",
        '45210000,Travaux d’électricité\n90910000,"Nettoyage, propreté"\n',
        "CODE;FR\r\n45210000-2;Travaux d’électricité\r\n\r\n90910000-9; Nettoyage,  propreté \r\n",
    ],
)
def test_a_list_is_taken_whatever_its_separator(load, text):
    assert load(text) == "2 codes CPV chargés.\n"
    assert labels() == {"45210000": "Travaux d’électricité", "90910000": "Nettoyage, propreté"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_a_list_is_taken_whatever_its_encoding(load, encoding):
    load("45210000;Bâtiment d’école\n", encoding)
    assert labels() == {"45210000": "Bâtiment d’école"}


def test_the_official_label_replaces_ours_and_comes_once(load):
    CpvCode.objects.create(code="45210000", label="Bâtiment")
    CpvCode.objects.create(code="79710000", label="Gardiennage")
    load("45210000;Travaux de construction\n45210000;Travaux de construction\n")
    assert labels() == {"45210000": "Travaux de construction", "79710000": "Gardiennage"}


def test_the_whole_list_is_taken_in_few_queries(load, count_queries):
    text = "".join(f"{number:08d};Fourniture n° {number}\n" for number in range(10_000, 19_500))
    assert count_queries(lambda: load(text)) <= 10
    assert CpvCode.objects.count() == 9500


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Ce fichier ne contient aucun code CPV."),
        ("code;label\n", "Ce fichier ne contient aucun code CPV."),
        ("4521;Bâtiment\n", "Ligne 1 : un code CPV compte 8 chiffres, par exemple 45210000 ou 45210000-2."),
        ("45210000;Bâtiment\nTotal;1\n", "Ligne 2 : un code CPV compte 8 chiffres"),
        ("45210000\n", "Ligne 1 : deux colonnes sont attendues, le code et son libellé."),
        ("45210000; \n", "Ligne 1 : deux colonnes sont attendues"),
        ("45210000,Bois, métal\n", "Ligne 1 : deux colonnes sont attendues"),
        ("45210000;Bâtiment\n45210000;École\n", "Ligne 2 : le code 45210000 a déjà un autre libellé plus haut."),
        (f"45210000;{'x' * 301}\n", "Ligne 1 : ce libellé est illisible ou dépasse 300 caractères."),
        ("45210000;B\u202eâtiment\n", "Ligne 1 : Ce texte contient un caractère invisible ou interdit."),
        (f"45210000;{'x' * 140_000}\n", "Ce fichier n’est pas un fichier CSV."),
    ],
)
def test_another_file_is_refused_and_nothing_is_taken(load, text, sentence):
    with pytest.raises(CommandError) as refused:
        load(text)
    assert str(refused.value).startswith(sentence)
    assert labels() == {}


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(CommandError, match="^Ce fichier n’existe pas ou ne peut pas être lu.$"):
        call_command("load_cpv", str(tmp_path / "absent.csv"))
