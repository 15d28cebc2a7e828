"""The fiches réflexes of the help (C32): what each is about, for whom, and the template that says it."""

from dataclasses import dataclass
from pathlib import PurePosixPath

EVERYONE = "Tous les rôles"
DIRECTORATES = "Directions opérationnelles"
DIRECTORATES_AND_OFFICERS = "Directions opérationnelles et chargées de mission"
FACILITATORS = "Facilitateurs"
DIRECTORATES_AND_FACILITATORS = "Directions opérationnelles et facilitateurs"


@dataclass(frozen=True)
class HelpSheet:
    """`icon` is one of the sprite; the slug, which makes the address, is the name of the template."""

    template: str
    title: str
    audience: str
    icon: str

    @property
    def slug(self):
        return PurePosixPath(self.template).stem


SHEETS = (
    HelpSheet("help/clause-sociale.html", "La clause sociale en une page", EVERYONE, "info-circle"),
    HelpSheet("help/programme.html", "Inscrire mon marché au programme", DIRECTORATES, "calendar3"),
    HelpSheet("help/avant-projet.html", "Décrire un avant-projet complet", DIRECTORATES, "pencil"),
    HelpSheet("help/types-de-clause.html", "Choisir le type de clause", DIRECTORATES_AND_OFFICERS, "list"),
    HelpSheet(
        "help/obligation-2026.html",
        "Depuis le 21 août 2026\u00a0: quand la considération sociale est obligatoire",
        DIRECTORATES_AND_OFFICERS,
        "shield-check",
    ),
    HelpSheet("help/facilitateur.html", "Ce que le facilitateur fait, ce qu’il ne fait pas", EVERYONE, "person-check"),
    HelpSheet(
        "help/pieces-du-marche.html",
        "Pièces du marché\u00a0: où écrire quoi",
        DIRECTORATES_AND_OFFICERS,
        "file-earmark-text",
    ),
    HelpSheet(
        "help/consultation.html",
        "Pendant la consultation\u00a0: répondre aux candidats",
        DIRECTORATES_AND_FACILITATORS,
        "send",
    ),
    HelpSheet("help/apres-attribution.html", "Après l’attribution", DIRECTORATES_AND_FACILITATORS, "briefcase"),
    HelpSheet("help/validation.html", "Valider une personne", FACILITATORS, "person-check"),
    HelpSheet("help/heures.html", "Relever les heures", FACILITATORS, "clock"),
    HelpSheet("help/etats-et-bilans.html", "Lire et publier les états et les bilans", EVERYONE, "file-earmark-text"),
    HelpSheet("help/echanges.html", "Échanger avec un autre logiciel", EVERYONE, "key"),
    HelpSheet("help/reprise.html", "Reprendre l’existant", FACILITATORS, "clock-history"),
    HelpSheet("help/connexion.html", "Se connecter et protéger son compte", EVERYONE, "shield-check"),
    HelpSheet(
        "help/donnees-personnelles.html",
        "Quand une personne demande ses données",
        "Facilitateurs et délégués à la protection des données",
        "shield-check",
    ),
    HelpSheet("help/confidentialite.html", "Confidentialité\u00a0: ce qui ne se communique jamais", EVERYONE, "lock"),
)


def sheet_with_neighbours(slug):
    """(the one before or None, the sheet, the one after or None). Raises LookupError when no sheet has this slug."""
    position = {sheet.slug: number for number, sheet in enumerate(SHEETS)}[slug]
    before = SHEETS[position - 1] if position else None
    return before, SHEETS[position], next(iter(SHEETS[position + 1 :]), None)
