"""What differs between what was saved and what was restored, in French sentences."""

import re

from clauses_portal.core.french import NBSP, number

KINDS = {
    "tables": "Table",
    "columns": "Colonne",
    "constraints": "Contrainte",
    "indexes": "Index",
    "triggers": "Déclencheur",
    "functions": "Fonction",
    "views": "Vue",
    "policies": "Règle de lecture",
    "grants": "Droit",
    "extensions": "Extension",
}
# PostgreSQL writes « x IN ('a', 'b') » on varchar in one way when it is created, in another once it is restored.
TEXTS = re.compile(r"\(ARRAY\[([^\]]*)\]\)::text\[\]")
TEXT = re.compile(r"('(?:[^']|'')*'::character varying)")


def differences(saved, restored):
    """Compare two descriptions. Returns [French sentence], empty when the databases are the same."""
    return [
        *_rows(saved["tables"], restored["tables"]),
        *(
            sentence
            for kind, label in KINDS.items()
            for sentence in _definitions(label, saved["structure"][kind], restored["structure"][kind])
        ),
        *_sequences(saved["sequences"], restored["sequences"]),
    ]


def _rows(saved, restored):
    for table in sorted(saved.keys() & restored.keys()):
        before, after = saved[table], restored[table]
        if before["rows"] != after["rows"]:
            yield _said(
                "Table",
                table,
                f"{number(before['rows'])} ligne(s) sauvegardée(s), {number(after['rows'])} restaurée(s)",
            )
        elif before["digest"] != after["digest"]:
            yield _said("Table", table, "au moins une ligne n’est plus la même après restauration")


def _definitions(label, saved, restored):
    for name in sorted(saved.keys() | restored.keys()):
        if name not in restored:
            yield _said(label, name, "manque après restauration")
        elif name not in saved:
            yield _said(label, name, "en trop après restauration")
        elif _plain(saved[name]) != _plain(restored[name]):
            yield _said(label, name, "n’est plus le même après restauration")


def _plain(definition):
    """The definition as it is written once restored."""
    return TEXTS.sub(lambda found: "ARRAY[" + TEXT.sub(r"(\1)::text", found[1]) + "]", definition)


def _sequences(saved, restored):
    """A sequence may be ahead of what was read before the dump; behind, it would give a number twice."""
    for name in sorted(saved):
        if restored.get(name, 0) < saved[name]:
            yield _said("Compteur", name, "en retard après restauration")


def _said(label, name, what):
    return f"{label} «{NBSP}{name}{NBSP}» : {what}."
