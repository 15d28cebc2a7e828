"""The tables of a package: what each file holds, column by column (domain.md §9.13; docs/paquet.md).

Every line names itself by `reference`, the identifier of its own program, and the others by theirs: nothing depends
on the identifiers of the portal that wrote it. No amount, no method, no NIR (C27, domain.md §8).
"""

from dataclasses import dataclass

from reporting.enums import ExchangeTable as T

SCHEMA_VERSION = "1.0"
TEXT, LONG_TEXT, DAY, MONTH, HOURS, NUMBER, YES_NO, CHOICE, CODES = (
    "text",
    "long_text",
    "day",  # 2026-09-15
    "month",  # 2026-09
    "hours",  # 7,5
    "number",
    "yes_no",  # oui, non
    "choice",  # a value of the glossary, never its label
    "codes",  # separated by spaces
)


@dataclass(frozen=True)
class Column:
    """A column: its name in the file, what people read of it, its kind, and whether a line is refused without it."""

    name: str
    label: str
    kind: str = TEXT
    required: bool = False


@dataclass(frozen=True)
class Table:
    """A file of a package: its kind, its name in the archive, its columns in their order."""

    kind: str
    file_name: str
    columns: tuple

    @property
    def names(self):
        return [column.name for column in self.columns]

    @property
    def required(self):
        return [column.name for column in self.columns if column.required]


def _table(kind, *columns):
    return Table(kind, f"{kind.value}.csv", (Column("reference", "Référence", required=True), *columns))


_EXTERNAL = (
    _table(
        T.OPERATIONS,
        Column("numero", "Référence de l’opération", required=True),
        Column("intitule", "Intitulé", required=True),
        Column("direction", "Code de la direction", required=True),
        Column("communes", "Codes Insee des communes", CODES, required=True),
        Column("description", "Description", LONG_TEXT),
        Column("debut_prevu", "Début prévu", DAY),
        Column("fin_prevue", "Fin prévue", DAY),
        Column("npnru", "Opération NPNRU", YES_NO),
        Column("financement", "Financement européen", CHOICE),
    ),
    _table(
        T.MARKETS,
        Column("operation", "Référence de l’opération"),
        Column("acheteur", "SIRET de l’acheteur", required=True),
        Column("numero", "Numéro du marché", required=True),
        Column("objet", "Objet", required=True),
        Column("nature", "Nature", CHOICE, required=True),
        Column("procedure", "Procédure", CHOICE),
        Column("technique", "Technique", CHOICE),
        Column("cpv", "Code CPV"),
        Column("notifie_le", "Notifié le", DAY),
        Column("debut", "Début d’exécution", DAY),
        Column("fin", "Fin d’exécution", DAY),
        Column("duree_mois", "Durée (mois)", NUMBER),
        Column("formation_compte", "La formation des alternants compte", YES_NO),
        Column("plafond_formation", "Formation avant embauche, au plus (% de l’objectif)", NUMBER),
        Column("tolerance_jours", "Tolérance après la fin du lot (jours)", NUMBER),
        Column("bonus_cdi", "Heures valorisées par embauche en CDI", NUMBER),
        Column("qpv_exige", "Habitants des quartiers prioritaires exigés", YES_NO),
    ),
    _table(
        T.LOTS,
        Column("marche", "Référence du marché", required=True),
        Column("numero", "Numéro du lot", required=True),
        Column("intitule", "Intitulé", required=True),
        Column("territoire", "Code du territoire", required=True),
        Column("debut", "Début d’exécution", DAY),
        Column("fin", "Fin d’exécution", DAY),
        Column("clause", "Fondement de la clause retenue", CHOICE),
        Column("heures_retenues", "Heures retenues", NUMBER),
        Column("decide_le", "Clause décidée le", DAY),
        Column("etat", "État du lot", CHOICE),
    ),
    _table(
        T.COMPANIES,
        Column("siret", "SIRET", required=True),
        Column("nom", "Raison sociale"),
        Column("nature", "Nature", CHOICE),
        Column("taille", "Taille", CHOICE),
        Column("naf", "Code NAF"),
    ),
    _table(
        T.AWARDS,
        Column("lot", "Référence du lot", required=True),
        Column("entreprise", "Référence de l’entreprise", required=True),
        Column("role", "Rôle", CHOICE, required=True),
        Column("sous_traitant_de", "Référence de l’attribution principale"),
        Column("heures_minimales", "Heures minimales", NUMBER),
        Column("heures_offertes", "Heures offertes en plus", NUMBER),
        Column("heures_dues", "Heures dues à ce jour", NUMBER),
        Column("notifie_le", "Notifié le", DAY),
        Column("quitte_le", "Quitte le lot le", DAY),
        Column("motif_depart", "Motif du départ", CHOICE),
    ),
    _table(
        T.OPENINGS,
        Column("attribution", "Référence de l’attribution", required=True),
        Column("heures", "Heures déjà faites", NUMBER, required=True),
        Column("personnes", "Personnes concernées", NUMBER, required=True),
        Column("jusqu_au", "Jusqu’au", DAY, required=True),
        Column("source", "Tenu jusque-là dans", required=True),
    ),
    _table(
        T.PERSONS,
        Column("territoire", "Code du territoire", required=True),
        Column("nom", "Nom", required=True),
        Column("prenom", "Prénom", required=True),
        Column("nom_naissance", "Nom de naissance"),
        Column("ne_le", "Date de naissance", DAY, required=True),
        Column("sexe", "Sexe", CHOICE, required=True),
        Column("commune", "Code Insee de la commune", required=True),
        Column("adresse", "Adresse"),
        Column("qpv", "Réside en quartier prioritaire", YES_NO),
        Column("rsa", "Bénéficiaire du RSA à l’entrée", YES_NO),
        Column("niveau", "Niveau de formation à l’entrée", CHOICE),
        Column("prescripteur", "Prescripteur", CHOICE),
        Column("entree_le", "Entrée dans le dispositif le", DAY),
        Column("situation_entree", "Situation à l’entrée", CHOICE),
    ),
    _table(
        T.VALIDATIONS,
        Column("personne", "Référence de la personne", required=True),
        Column("categorie", "Code de la catégorie", required=True),
        Column("etat", "État", CHOICE, required=True),
        Column("du", "Valable du", DAY, required=True),
        Column("au", "Valable jusqu’au", DAY, required=True),
        Column("decidee_le", "Décidée le", DAY),
        Column("justificatif", "Pièce vue"),
        Column("justificatif_du", "Justificatif daté du", DAY),
        Column("pass_iae", "Numéro de PASS IAE"),
        Column("pass_iae_fin", "Fin du PASS IAE", DAY),
        Column("prolongation", "Motif de prolongation au-delà de 24 mois", CHOICE),
        Column("motif", "Motif", LONG_TEXT),
    ),
    _table(
        T.CONTRACTS,
        Column("personne", "Référence de la personne", required=True),
        Column("attribution", "Référence de l’attribution", required=True),
        Column("employeur", "SIRET de l’employeur", required=True),
        Column("utilisatrice", "SIRET de l’entreprise utilisatrice"),
        Column("modalite", "Modalité", CHOICE, required=True),
        Column("type_contrat", "Type de contrat", CHOICE, required=True),
        Column("poste", "Poste", required=True),
        Column("rome", "Code ROME"),
        Column("debut", "Début", DAY, required=True),
        Column("fin", "Fin", DAY),
        Column("motif_fin", "Motif de fin", CHOICE),
        Column("heures_hebdo", "Heures par semaine", HOURS),
        Column("deja_en_poste", "Déjà en poste avant le marché", YES_NO),
    ),
    _table(
        T.HOURS,
        Column("contrat", "Référence du contrat", required=True),
        Column("du", "Du", DAY, required=True),
        Column("au", "Au", DAY, required=True),
        Column("nature", "Nature", CHOICE),
        Column("declarees", "Heures déclarées", HOURS, required=True),
        Column("ecartees", "Heures écartées par le facilitateur", HOURS),
        Column("motif_ecart", "Motif de l’écart", CHOICE),
        Column("regularise_en", "Régularisées au titre de", MONTH),
        Column("motif_regularisation", "Motif de la régularisation", LONG_TEXT),
        Column("comptees", "Heures comptabilisées (contrôle)", HOURS),
    ),
    _table(
        T.EXITS,
        Column("personne", "Référence de la personne", required=True),
        Column("attribution", "Référence de l’attribution", required=True),
        Column("echeance", "Échéance", CHOICE, required=True),
        Column("situation", "Situation", CHOICE, required=True),
        Column("source", "Source", CHOICE, required=True),
        Column("constatee_le", "Constatée le", DAY, required=True),
        Column("emploi", "Emploi occupé"),
    ),
    _table(
        T.ALERTS,
        Column("territoire", "Code du territoire", required=True),
        Column("lot", "Référence du lot"),
        Column("categorie", "Catégorie", CHOICE, required=True),
        Column("gravite", "Gravité", CHOICE, required=True),
        Column("description", "Description", LONG_TEXT, required=True),
        Column("signalee_le", "Signalée le", DAY, required=True),
        Column("close_le", "Close le", DAY),
        Column("suite", "Suite donnée", LONG_TEXT),
    ),
)
TABLES = {table.kind: table for table in _EXTERNAL}
# What each side sends (C22): the Département its markets, the facilitators what was done on them.
SENT_BY_DEPARTMENT = (T.OPERATIONS, T.MARKETS, T.LOTS, T.COMPANIES, T.AWARDS)
SENT_BY_FACILITATOR = (T.COMPANIES, T.OPENINGS, T.PERSONS, T.VALIDATIONS, T.CONTRACTS, T.HOURS, T.EXITS, T.ALERTS)
# What the columns that name another line refer to.
REFERENCES = {
    T.MARKETS: {"operation": T.OPERATIONS},
    T.LOTS: {"marche": T.MARKETS},
    T.AWARDS: {"lot": T.LOTS, "entreprise": T.COMPANIES, "sous_traitant_de": T.AWARDS},
    T.OPENINGS: {"attribution": T.AWARDS},
    T.VALIDATIONS: {"personne": T.PERSONS},
    T.CONTRACTS: {"personne": T.PERSONS, "attribution": T.AWARDS},
    T.HOURS: {"contrat": T.CONTRACTS},
    T.EXITS: {"personne": T.PERSONS, "attribution": T.AWARDS},
    T.ALERTS: {"lot": T.LOTS},
}
