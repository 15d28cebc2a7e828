"""Spreadsheets of follow-up as facilitators keep them: one line a person and her contract, one column a month."""

from clauses_portal.core.tables import Sheet, write_xlsx
from reporting.enums import ExchangeTable
from reporting.services.foreign import receive_file, set_columns
from tests.factories.facilitators import StructureFactory, siret

TITLES = ["Nom", "Prénom", "Né(e) le", "Civilité", "Commune", "Public", "Validé le", "N° de marché", "Entreprise"]
TITLES += ["Type de contrat", "Modalité", "Poste", "Début de contrat"]
MONTHS = ["janv. 2026", "févr. 2026", "mars 2026", "avr. 2026", "mai 2026", "juin 2026"]


def person(number, market, **changes):
    """{title: cell} of the `number`-th person, on this market."""
    cells = {
        "Nom": f"MARTIN{_letters(number)}",
        "Prénom": "Alex",
        "Né(e) le": f"{number % 28 + 1:02d}/04/1985",
        "Civilité": "Mme" if number % 2 else "M.",
        "Commune": "Commune-lès-Bains 0",
        "Public": "BRSA",
        "Validé le": "05/01/2026",
        "N° de marché": market,
        "Type de contrat": "CDD",
        "Modalité": "Embauche directe",
        "Poste": "Aide-maçon",
        "Début de contrat": "01/02/2026",
    }
    return cells | changes


def _letters(number):
    """A name of letters: « 27 » is « ch »."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number)).upper()


def workbook(rows, months=MONTHS):
    """The bytes of an XLSX of these rows, each {title: cell}; hours under the title of their month."""
    titles = [*TITLES, *months]
    return write_xlsx([Sheet("Suivi", titles, [[row.get(title) for title in titles] for row in rows])])


def matched_file(by, structure=None):
    """A file of companies received, its columns matched."""
    content = f"SIRET;Raison sociale\n{siret(77)};Maçons d’Aix\n".encode()
    received = {"structure": structure or StructureFactory(), "system": "Tableur", "kind": ExchangeTable.COMPANIES}
    run = receive_file(by=by, file_name="entreprises.csv", content=content, **received)
    return set_columns(run=run, columns={"entreprises__siret": 0, "entreprises__nom": 1}, by=by)
