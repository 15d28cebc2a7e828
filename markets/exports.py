"""The columns of the lists of markets, companies, alerts, meetings and penalties. Never an amount (C27)."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.exports import COUNTED, Column, Kind, Listing
from clauses_portal.core.periods import Quarter
from markets.forecast_table import ForecastTable
from markets.programme.columns import LABELS

WITHOUT_AMOUNT = "Cette liste ne porte aucun montant."
K = Kind


def lot_name(lot):
    """« 2026-014 lot 1 », None without a lot; the lot comes with its market."""
    return f"{lot.market.number} lot {lot.number}" if lot else None


def states_of(lots):
    """« 2 × À instruire, Calibré »: the states of these lots, each once."""
    groups = groupby(sorted(lots, key=lambda lot: lot.state), key=lambda lot: lot.get_state_display())
    counts = [(label, len(list(group))) for label, group in groups]
    return ", ".join(f"{count} × {label}" if count > 1 else label for label, count in counts)


def territories_of(lots):
    """Names of the territories of these lots, each once, in alphabetical order."""
    return ", ".join(sorted({lot.territory.name for lot in lots}))


MARKETS = Listing(
    "Marchés",
    "marches",
    (  # of (Market with its lots, Totals)
        Column("Marché", K.TEXT, lambda row: row[0].number),
        Column("Objet", K.TEXT, lambda row: row[0].title),
        Column("Territoire", K.TEXT, lambda row: territories_of(row[0].lots.all())),
        Column("État des lots", K.TEXT, lambda row: states_of(row[0].lots.all())),
        Column("Notifié le", K.DATE, lambda row: row[0].notified_on),
        Column("Heures dues", K.HOURS, lambda row: row[1].required or None),
        Column("Comptabilisées", K.HOURS, lambda row: _counted(row[1])),
        Column("Réalisé", K.PERCENT, lambda row: row[1].progress),
    ),
    (COUNTED, "Les heures d’un marché sont celles des territoires que vous suivez.", WITHOUT_AMOUNT),
)


def _counted(totals):
    return totals.counted if totals.required or totals.counted else None


def _directorate(lot):
    return lot.market.operation.directorate if lot.market.operation else None


def _reviewed(row):
    """Where the instruction of a lot to decide stands, as the queue says it."""
    if row.review is None:
        return "Instruire"
    return row.review.get_recommendation_display() if row.review.recommendation else "À compléter"


def _score(row):
    score = row.review.score if row.review else None
    return None if score is None else Decimal(score).quantize(Decimal(1), ROUND_HALF_UP)


QUEUE = Listing(
    "À instruire",
    "a-instruire",
    (  # of QueueRow
        Column("Lot", K.TEXT, lambda row: lot_name(row.lot)),
        Column("Intitulé", K.TEXT, "lot.title"),
        Column("Direction", K.TEXT, lambda row: _directorate(row.lot)),
        Column("Territoire", K.TEXT, "lot.territory"),
        Column("Publication", K.DATE, "published_on"),
        Column("Obligation", K.TEXT, "duty.label"),
        Column("Article ou réserve", K.TEXT, lambda row: row.duty.article or row.duty.warning),
        Column("Avis", K.TEXT, "clock.label"),
        Column("Suite de l’avis", K.TEXT, "clock.detail"),
        Column("Instruction", K.TEXT, _reviewed),
        Column("Score sur 100", K.INTEGER, _score),
    ),
    (WITHOUT_AMOUNT,),
)

COMPANIES = Listing(
    "Entreprises",
    "entreprises",
    (  # of Company with_live_contacts
        Column("Entreprise", K.TEXT, str),
        Column("Procédure collective", K.TEXT, lambda row: row.get_insolvency_display() if row.insolvency else None),
        Column("SIRET", K.TEXT, "siret"),
        Column("Nature", K.TEXT, "get_kind_display"),
        Column("Commune", K.TEXT, "commune.name"),
        Column("Annuaire", K.TEXT, "get_directory_state_display"),
        Column("Contacts", K.INTEGER, "live_contacts"),
    ),
)


def _followed(alert):
    if alert.closed_on:
        return "Close"
    return "Répondue" if alert.answered_at else "Ouverte"


ALERTS = Listing(
    "Alertes",
    "alertes",
    (
        Column("Événement", K.TEXT, "get_category_display"),
        Column("Description", K.TEXT, "description"),
        Column("Lot", K.TEXT, lambda alert: lot_name(alert.lot)),
        Column("Entreprise", K.TEXT, "company"),
        Column("Territoire", K.TEXT, "territory"),
        Column("Gravité", K.TEXT, "get_severity_display"),
        Column("Signalée", K.DATE, "raised_on"),
        Column("Signalée par", K.TEXT, lambda alert: alert.author or "par le portail"),
        Column("Réponse attendue", K.DATE, "due_on"),
        Column("Retard", K.TEXT, lambda alert: "En retard" if alert.is_late() else None),
        Column("Suivi", K.TEXT, _followed),
        Column("Suivi le", K.DATE, lambda alert: alert.closed_on or alert.answered_at),
        Column("Réponse", K.TEXT, "answer"),
    ),
)

MEETINGS = Listing(
    "Réunions",
    "reunions",
    (
        Column("Réunion", K.TEXT, "get_kind_display"),
        Column("Objet", K.TEXT, "title"),
        Column("Date", K.DATE, "begins_on"),
        Column("Heure", K.TEXT, lambda meeting: f"{timezone.localtime(meeting.begins_on):%H:%M}"),
        Column("Lieu", K.TEXT, "place"),
        Column("Lot", K.TEXT, lambda meeting: lot_name(meeting.lot)),
        Column("Territoire", K.TEXT, "territory"),
        Column("État", K.TEXT, "get_state_display"),
    ),
)


def _due_on(case):
    return case.answer_due_on if case.state == "notice_sent" else None


PENALTIES = Listing(
    "Pénalités",
    "penalites",
    (
        Column("Manquement", K.TEXT, "breach"),
        Column("Lot", K.TEXT, lambda case: lot_name(case.award.lot)),
        Column("Territoire", K.TEXT, "award.lot.territory"),
        Column("Entreprise", K.TEXT, "award.company"),
        Column("Constaté", K.DATE, "found_on"),
        Column("État", K.TEXT, "get_state_display"),
        Column("Réponse attendue le", K.DATE, _due_on),
        Column("Décision", K.TEXT, lambda case: case.get_outcome_display() if case.outcome else None),
    ),
    (WITHOUT_AMOUNT,),
)


def _of_market(name, path, kind=K.TEXT):
    """A column of the programme that a market answers."""
    of_market = Column(LABELS[name], kind, path)
    return Column(LABELS[name], kind, lambda row: of_market.of(row[0]))


def quarter_of(day):
    """The Quarter of a day, None without a day."""
    return Quarter.of(day) if day else None


# Under the headers an import of a programme recognises (`programme.columns`).
PROGRAMME = Listing(
    "Programme",
    "programme",
    (  # of (Market, Lot)
        Column("Trimestre", K.TEXT, lambda row: quarter_of(row[0].programme_day)),
        Column("Direction", K.TEXT, lambda row: row[0].operation.directorate.name),
        _of_market("operation_reference", "operation.reference"),
        _of_market("operation_title", "operation.title"),
        _of_market("market_number", "number"),
        _of_market("title", "title"),
        _of_market("kind", "get_kind_display"),
        _of_market("procedure", "get_procedure_display"),
        _of_market("cpv", "cpv"),
        Column(LABELS["lot_number"], K.TEXT, lambda row: row[1].number),
        Column(LABELS["lot_title"], K.TEXT, lambda row: row[1].title),
        Column(LABELS["territory"], K.TEXT, lambda row: row[1].territory.name),
        Column(LABELS["trade"], K.TEXT, lambda row: row[1].trade.label if row[1].trade else None),
        Column(LABELS["firm_months"], K.INTEGER, lambda row: row[1].firm_months),
        _of_market("planned_publication_on", "planned_publication_on", K.DATE),
        _of_market("planned_tenders_on", "planned_tenders_on", K.DATE),
        _of_market("planned_notification_on", "planned_notification_on", K.DATE),
        Column(LABELS["starts_on"], K.DATE, lambda row: row[1].starts_on or row[0].starts_on),
        Column(LABELS["ends_on"], K.DATE, lambda row: row[1].ends_on or row[0].ends_on),
        Column("État", K.TEXT, lambda row: row[1].get_state_display()),
    ),
    ("Sans année choisie : à partir du trimestre en cours, et ce qui n’a pas encore de date.", WITHOUT_AMOUNT),
)


def lots_of_programme(markets):
    """[(Market, Lot)]: one line per lot."""
    return [(market, lot) for market in markets for lot in market.lots.all()]


def _cell(rank, kind):
    return Column(ForecastTable.HEADERS[rank], kind, lambda row: row[rank])


FORECAST = Listing(
    "Prévision",
    "prevision-recrutements",
    (  # of the rows of ForecastTable.exported()
        *(_cell(rank, K.TEXT) for rank in range(4)),
        *(_cell(rank, K.HOURS) for rank in (4, 5)),
        *(_cell(rank, K.NUMBER) for rank in (6, 7)),
    ),
    ("Sans marché, sans entreprise et sans montant.", french.typographic("« dont estimées » : pas encore retenues.")),
)
