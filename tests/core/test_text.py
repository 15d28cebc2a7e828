"""Words as they are searched and sorted."""

from clauses_portal.core.text import natural_key, search_key, tidy


def test_names_are_searched_without_accents_nor_punctuation():
    assert search_key("D’Arc", "", "Éléonore Œuf") == "d arc eleonore oeuf"


def test_numbers_are_sorted_as_numbers():
    lots = ["Lot 10 – Peinture", "lot 2 – Zinguerie", "Lot 1 – Élévation", "Annexe"]
    assert sorted(lots, key=natural_key) == ["Annexe", "Lot 1 – Élévation", "lot 2 – Zinguerie", "Lot 10 – Peinture"]


def test_text_is_composed_and_trimmed():
    assert tidy("  E\u0301loi\u0308se \n Ndiaye ") == "Éloïse Ndiaye"
