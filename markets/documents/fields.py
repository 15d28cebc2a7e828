"""The names that templates use, in French, and what each of them prints."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from clauses_portal.core import french
from clauses_portal.core.pdf import FundingPeriod
from markets.enums import LegalBasis


class Kind(Enum):
    """What a name stands for, hence where it may be written."""

    TEXT = "texte"
    FLAG = "condition"
    LIST = "liste"
    IMAGE = "image"


@dataclass(frozen=True)
class Field:
    """A name of a template. `read` gives its value for a `DocumentContext` (none for an image).

    `items` is {name: description} of what a row of a list has; when empty, the list is one of texts.
    """

    name: str
    description: str
    kind: Kind = Kind.TEXT
    read: Callable | None = None
    items: Mapping[str, str] = field(default_factory=dict)


def _text(name, description, read):
    return Field(name, description, Kind.TEXT, read)


def _flag(name, description, read):
    return Field(name, description, Kind.FLAG, read)


def _list(name, description, read, **items):
    return Field(name, description, Kind.LIST, read, items)


def _based_on(name, description, basis):
    return _flag(name, description, lambda c: c.legal_basis is basis)


def _contact(prefix, who, read):
    """The four lines of a contact, empty when there is nobody."""
    lines = (
        ("nom", "prénom et nom", "name"),
        ("structure", "structure ou service", "structure"),
        ("telephone", "téléphone", "phone"),
        ("courriel", "adresse électronique", "email"),
    )
    return tuple(
        _text(f"{prefix}_{key}", f"{who} : {label}", lambda c, attribute=attribute: getattr(read(c), attribute, ""))
        for key, label, attribute in lines
    )


def _articles(context):
    *first, last = [article.replace(". ", f".{french.NBSP}") for article in context.articles]
    return f"articles {', '.join(first)} et {last}" if first else f"article {last}"


def _lot(context):
    return f"lot n°{french.NBSP}{context.lot_number}" if context.lot_number else "marché"


def _some(hours):
    """Hours of a row, « – » when it has none."""
    return french.number(hours or None)


def _hours_of(lot):
    """Hours of a lot of the notice, or the words that stand for them."""
    return lot.instead if lot.instead and not lot.hours else _some(lot.hours)


ALL = (
    _text("acheteur", "Nom de l’acheteur", lambda c: c.buyer_name),
    _text("operation", "Intitulé de l’opération", lambda c: c.operation_title),
    _text("marche_numero", "Numéro du marché", lambda c: c.market_number),
    _text("marche_objet", "Objet du marché", lambda c: c.market_title),
    _text("marche_nature", "Nature du marché (travaux, services…)", lambda c: c.market_kind),
    _text("marche_procedure", "Procédure de passation", lambda c: c.procedure),
    _flag("alloti", "Le marché est alloti", lambda c: c.lot_number),
    _text("lot_numero", "Numéro du lot, vide si le marché n’est pas alloti", lambda c: c.lot_number),
    _text("lot_objet", "Intitulé du lot", lambda c: c.lot_title),
    _text("lot_ou_marche", "« lot n° 2 », ou « marché » s’il n’est pas alloti", _lot),
    _list(
        "lots",
        "Lots du marché qui comportent des heures d’insertion",
        lambda c: [{"numero": lot.number, "objet": lot.title, "heures": _hours_of(lot)} for lot in c.lots],
        numero="numéro",
        objet="intitulé",
        heures="heures",
    ),
    _text("lieux", "Lieux d’exécution, séparés par des virgules", lambda c: ", ".join(c.places)),
    _text("date_debut", "Début d’exécution", lambda c: c.start and french.date(c.start)),
    _text("date_fin", "Fin d’exécution", lambda c: c.end and french.date(c.end)),
    _text("duree_ferme", "Durée ferme, en mois", lambda c: c.firm_months),
    _text("date_document", "Date du document", lambda c: french.date(c.date)),
    _text("fondement", "Fondement juridique retenu", lambda c: c.legal_basis.label),
    _text("articles", "« articles L. 2112-2 et L. 2112-2-1 », selon le fondement", _articles),
    _flag("condition_execution", "L’insertion est une condition d’exécution", lambda c: c.is_condition),
    _flag("critere", "L’insertion est un critère d’attribution", lambda c: c.is_criterion),
    _text("critere_ponderation", "Pondération du critère", lambda c: c.criterion_weight),
    _flag("reserve", "Le marché ou le lot est réservé", lambda c: c.is_reserved),
    _based_on("reserve_handicap", "Réservé aux EA et aux ESAT", LegalBasis.RESERVED_DISABILITY),
    _based_on("reserve_insertion", "Réservé aux SIAE", LegalBasis.RESERVED_INSERTION),
    _based_on("reserve_handicap_insertion", "Réservé aux EA, aux ESAT et aux SIAE", LegalBasis.RESERVED_BOTH),
    _based_on("reserve_penitentiaire", "Réservé au travail pénitentiaire", LegalBasis.RESERVED_PRISON),
    _based_on("reserve_ess", "Réservé à l’économie sociale et solidaire", LegalBasis.RESERVED_ESS),
    _based_on("qualification", "Marché de qualification et d’insertion", LegalBasis.QUALIFICATION),
    _flag("avec_heures", "Un minimum d’heures est exigé", lambda c: c.hours and not c.is_only_criterion),
    _text("heures", "Heures d’insertion de la période ferme", lambda c: french.number(c.hours)),
    _text("semaines", "Ces heures en semaines de 35 h", lambda c: french.number(c.weeks, 1)),
    _text("etp", "Ces heures en équivalents temps plein", lambda c: french.number(c.full_time_equivalents)),
    _list(
        "options",
        "Options, tranches et reconductions",
        lambda c: [{"libelle": option.label, "heures": _some(option.hours)} for option in c.options],
        libelle="intitulé",
        heures="heures",
    ),
    _flag("bons_de_commande", "Le marché s’exécute par bons de commande", lambda c: c.by_orders),
    _list("publics", "Publics éligibles", lambda c: c.publics),
    _list("modalites", "Modalités de mise en œuvre", lambda c: c.modalities),
    _text("duree_eligibilite", "Durée d’éligibilité d’une personne, en mois", lambda c: c.eligibility_months),
    *_contact("referent", "Facilitateur référent", lambda c: c.facilitator),
    _flag("avec_suppleant", "Un suppléant est désigné", lambda c: c.substitute),
    *_contact("suppleant", "Suppléant du référent", lambda c: c.substitute),
    *_contact("mission", "Chargée de mission", lambda c: c.officer),
    _text("delai_fiches_poste", "Jours pour remettre les fiches de poste", lambda c: c.timetable.job_sheet_days),
    _text("delai_premiere_embauche", "Jours pour la première embauche", lambda c: c.timetable.first_hire_days),
    _text("jour_releve", "Jour du mois où le relevé est dû", lambda c: c.timetable.statement_day),
    _text("delai_pieces", "Jours ouvrés pour remettre une pièce", lambda c: c.timetable.evidence_working_days),
    _list(
        "penalites",
        "Pénalités",
        lambda c: [{"manquement": row.breach, "tarif": row.tariff} for row in c.penalties],
        manquement="manquement",
        tarif="tarif",
    ),
    _text("globalisation", "Règle de globalisation, vide si elle est exclue", lambda c: c.globalisation),
    _flag("reprise_personnel", "Le titulaire reprend du personnel", lambda c: c.staff_takeover),
    _flag("financement_ue", "Un fonds européen participe", lambda c: c.eu_funding is not FundingPeriod.NONE),
    _text("mention_ue", "Mention obligatoire du financement européen, à côté de l’emblème", None),
    Field("logo_departement", "Logo du Département", Kind.IMAGE),
    Field("logo_ue", "Emblème de l’Union européenne, si un fonds participe", Kind.IMAGE),
)
BY_NAME = {item.name: item for item in ALL}
# The reference shown to those who edit templates: {name: description}.
FIELDS = {item.name: item.description for item in ALL}


def values(context):
    """Return {name: value} of every field read from the context: text, bool, or list of texts or of {name: text}."""
    return {item.name: _value(item, item.read(context)) for item in ALL if item.read is not None}


def _value(item, raw):
    if item.kind is Kind.FLAG:
        return bool(raw)
    if item.kind is Kind.LIST:
        return [_row(row) for row in raw]
    return printable(raw)


def _row(row):
    return {key: printable(text) for key, text in row.items()} if isinstance(row, dict) else printable(row)


def printable(value):
    """The text of a value (« » for None), composed, without the control characters that a Word file cannot hold."""
    text = unicodedata.normalize("NFC", "" if value is None else str(value))
    return "".join(character for character in text if character in "\n\t" or unicodedata.category(character) != "Cc")
