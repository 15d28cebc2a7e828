"""What the values of a foreign file mean: each distinct one is matched once with a value of the portal, and kept."""

from dataclasses import dataclass

from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import typographic
from clauses_portal.core.text import search_key
from facilitators.models import Territory
from participants.enums import ContractType, EducationLevel, EndReason, ExitHorizon, Modality, PrescriberKind, Sex
from participants.models import EligibilityCategory
from reporting.enums import ExchangeTable as T
from reporting.exchange.choices import CHOICES
from reporting.exchange.foreign.cells import as_text
from reporting.exchange.foreign.fields import fields_of
from reporting.exchange.tables import CHOICE

MOST_VALUES = 100
TOO_MANY = (
    "La colonne « {header} » contient plus de {most} valeurs différentes : ce n’est sans doute pas {label}. "
    "Précisez les colonnes."
)
# {(table, column): {value: how other programs say it, as `search_key` writes it}}
SAID = {
    (T.PERSONS, "sexe"): {
        Sex.FEMALE: ("f", "mme", "madame", "mlle", "feminin", "femmes", "2"),
        Sex.MALE: ("h", "m", "mr", "monsieur", "masculin", "hommes", "1"),
    },
    (T.PERSONS, "niveau"): {
        EducationLevel.LEVEL_3: ("cap", "bep", "cap bep", "niveau v", "v", "niveau 3"),
        EducationLevel.LEVEL_4: ("bac", "baccalaureat", "niveau iv", "iv", "niveau 4"),
        EducationLevel.LEVEL_5: ("bac 2", "bts", "dut", "niveau iii", "iii", "niveau 5"),
        EducationLevel.LEVEL_6: ("bac 3", "licence", "niveau ii", "niveau 6"),
        EducationLevel.LEVEL_7: ("bac 5", "master", "niveau i", "niveau 7"),
        EducationLevel.NONE: ("aucun", "sans", "sans qualification", "infra cap"),
    },
    (T.PERSONS, "prescripteur"): {
        PrescriberKind.FRANCE_TRAVAIL: ("pole emploi", "pe", "ft"),
        PrescriberKind.MISSION_LOCALE: ("ml", "ml pays d aix"),
        PrescriberKind.DEPARTMENT: ("mds", "departement", "conseil departemental"),
    },
    (T.VALIDATIONS, "categorie"): {
        "RSA": ("brsa", "beneficiaire rsa", "beneficiaires du rsa", "rsa socle"),
        "DETLD": ("detld", "plus de 24 mois", "demandeur d emploi plus de 24 mois"),
        "DELD": ("deld", "demandeur d emploi de longue duree", "plus de 12 mois", "chomeur de longue duree"),
        "TH": ("rqth", "boeth", "boe", "travailleur handicape", "th"),
        "SENIOR": ("50 ans", "plus de 50 ans", "senior", "seniors"),
        "JEUNE": ("jeune", "jeunes", "moins de 26 ans", "jeune de moins de 26 ans", "jeune 26 ans"),
        "QPV": ("habitant qpv", "resident qpv", "quartier prioritaire"),
        "IAE": ("siae", "salarie iae", "insertion par l activite economique"),
    },
    (T.CONTRACTS, "modalite"): {
        Modality.DIRECT: ("embauche", "direct", "directe", "recrutement direct"),
        Modality.SECONDMENT: ("mad", "mise a disposition", "interim", "interim d insertion", "etti", "geiq", "ai"),
        Modality.SUBCONTRACT: ("sous traitance", "co traitance", "cotraitance", "sous traitance ei", "st"),
    },
    (T.CONTRACTS, "type_contrat"): {
        ContractType.TEMPORARY: ("interim", "mission", "ctt", "mission interim", "contrat de travail temporaire"),
        ContractType.CDDI: ("cdd insertion", "cdd d insertion"),
        ContractType.CDDU: ("cdd usage",),
        ContractType.SITE: ("cdi chantier", "cdi de chantier", "cdic"),
        ContractType.PERMANENT_TEMP: ("cdi interimaire", "cdi interim"),
        ContractType.APPRENTICESHIP: ("apprentissage", "apprenti"),
        ContractType.PROFESSIONALISATION: ("contrat pro", "professionnalisation", "cp"),
        ContractType.PREHIRE_TRAINING: ("poei", "afpr", "poe"),
    },
    (T.CONTRACTS, "motif_fin"): {
        EndReason.TERM: ("fin de contrat", "fin de cdd", "fin de mission", "terme", "echeance"),
        EndReason.TRIAL: ("periode d essai", "rupture periode d essai"),
        EndReason.EMPLOYEE: ("demission",),
        EndReason.EMPLOYER: ("licenciement",),
        EndReason.AGREED: ("rupture conventionnelle",),
        EndReason.ABANDONED: ("abandon",),
        EndReason.HIRED: ("cdi", "embauche", "embauche en cdi"),
    },
    (T.EXITS, "echeance"): {
        ExitHorizon.END: ("fin", "sortie", "0", "a la sortie"),
        ExitHorizon.THREE_MONTHS: ("3 mois", "3", "m 3"),
        ExitHorizon.SIX_MONTHS: ("6 mois", "6", "m 6"),
    },
}


@dataclass(frozen=True)
class Choice:
    """A value of the file: its key (what is compared), as it is written, what it means or is thought to mean."""

    key: str
    text: str
    meaning: str
    known: bool


def choices_of(field):
    """[(value, label)] a column of this Field may hold, None when it holds anything."""
    pair = field.table, field.column.name
    if field.column.kind == CHOICE:
        return CHOICES[pair].choices
    if pair == (T.VALIDATIONS, "categorie"):
        found = EligibilityCategory.objects.in_use(timezone.localdate()).order_by("label")
        return [(category.code, f"{category.label} ({category.code})") for category in found]
    if field.column.name == "territoire":
        return list(Territory.objects.order_by("name").values_list("code", "name"))
    return None


def values_to_match(table, kind, columns, known):
    """{Field: [Choice]} of the columns that hold values of a list. `known`: {field: {key: meaning}} remembered.

    Raises DomainError when a column holds so many that it was taken for another.
    """
    found = {}
    for name, field in fields_of(kind).items():
        choices = choices_of(field) if name in columns else None
        if choices is not None:
            found[field] = _choices(table, columns[name], field, choices, known.get(name, {}))
    return found


def _choices(table, at, field, choices, known):
    texts = {}
    for row in table.rows:
        if row[at] is not None and (key := search_key(text := as_text(row[at]))):
            texts.setdefault(key, text)
    if len(texts) > MOST_VALUES:
        message = TOO_MANY.format(header=table.headers[at], most=MOST_VALUES, label=field.label.lower())
        raise DomainError(typographic(message))
    said = SAID.get((field.table, field.column.name), {})
    meanings = {key: known[key] if key in known else guess_value(key, choices, said) for key in texts}
    return [Choice(key, text, meanings[key], key in known) for key, text in sorted(texts.items())]


def guess_value(key, choices, said):
    """The value this key most likely means, « » when nothing says so: a value, its label, then the way it is said."""
    keys = {search_key(str(value)): value for value, _ in choices}
    keys |= {search_key(label): value for value, label in choices}
    keys |= {way: value for value, ways in said.items() for way in ways}
    if key in keys:
        return keys[key]
    near = {value for value, label in choices if search_key(label).startswith(f"{key} ")}
    return near.pop() if len(near) == 1 else ""
