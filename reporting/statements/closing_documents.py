"""The closing report on paper, and the version of each company: from the frozen data alone, always the same bytes."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.text import slugify

from clauses_portal.core import french
from clauses_portal.core.pdf import Attachment, letterhead, render_pdf
from markets.models import Company
from reporting.enums import FileKind
from reporting.services.branding import logos_on
from reporting.statements.closing import capped_share
from reporting.statements.files import ProducedFile
from reporting.statements.parts import as_csv, as_json, count_table, render_paper, with_dates

COLUMNS = (
    ("Lot", "lot"),
    ("Entreprise", "company"),
    ("Rôle", "role"),
    ("Heures dues", "due"),
    ("Heures comptabilisées", "counted"),
    ("Réalisé (%)", "done"),
    ("Réalisé, plafonné à 100 (%)", "capped"),
)
SIGNERS = ("Le facilitateur", "Le maître d’ouvrage")
COMPANY_NOTICE = (
    "Seules sont comptabilisées les heures de personnes dont le facilitateur a validé le profil avant le premier jour "
    "travaillé. Les nombres de personnes ou de contrats inférieurs à cinq ne sont pas donnés : ils sont regroupés."
)


def render_closing(statement, *, author, published=True):
    """Return the PDF (bytes) of a closing report whose snapshot is set."""
    data = statement.snapshot
    context = {
        "figures": figures(data),
        "starts_on": date.fromisoformat(data["starts_on"]),
        "ends_on": date.fromisoformat(data["ends_on"]),
        "market_facts": market_facts(data["market"]),
        "lots": [dated(row, "starts_on", "ends_on") for row in data["lots"]],
        "ledger": [dated(row, "day") for row in data["objective"]["lines"]],
        "capped": capped_share(data["companies"]),
        "hours_tables": hours_tables(data["hours"]),
        "person_tables": person_tables(data["people"]),
        "exit_tables": exit_tables(data["exits"]),
        "alerts": [with_dates(alert) for alert in data["alerts"]["still_open"]],
        "signers": SIGNERS,
    }
    attachments = [
        Attachment("donnees.json", as_json(without_companies(data)), "application/json", "Données du bilan, figées"),
        Attachment("entreprises.csv", as_csv(COLUMNS, data["companies"]), "text/csv", "Heures par lot et entreprise"),
    ]
    title = f"Bilan de fin de marché – {data['market']['number']}"
    return render_paper(
        "pdf/closing_report.html",
        statement,
        context,
        title=title,
        author=author,
        published=published,
        attachments=attachments,
    )


def without_companies(data):
    """The data of the report itself: what each company is given repeats it."""
    return {name: value for name, value in data.items() if name != "for_companies"}


def figures(data):
    """The four figures of the first page."""
    hired, exits = data["people"]["hired"], data["exits"][0]
    return [
        {"value": french.hours(data["objective"]["due"]), "label": "à réaliser"},
        {"value": french.hours(data["hours"]["counted"]), "label": "comptabilisées"},
        {
            "value": french.number(hired),
            "label": "personne embauchée" if hired == 1 else "personnes embauchées",
        },
        {
            "value": french.percent(exits["rate_known"], 1),
            "label": "de sorties dynamiques à la fin du parcours, parmi les connues",
        },
    ]


def market_facts(market):
    """[(name, value)] of the identification."""
    return [
        ("Objet", market["title"]),
        ("Nature", market["kind"]),
        ("Opération", market["operation"] or "sans opération"),
        ("Direction", market["directorate"] or "non renseignée"),
        ("Notifié le", french.date(market["notified_on"])),
    ]


def dated(row, *names):
    """A row of the snapshot, its ISO dates made dates again."""
    return row | {name: date.fromisoformat(row[name]) if row[name] else None for name in names}


def hours_tables(hours):
    """The short tables of hours that have a row."""
    tables = (
        count_table("Heures comptabilisées, par modalité", "Modalité", "Heures", hours["by_modality"], hours=True),
        count_table("Heures comptabilisées, par entreprise", "Entreprise", "Heures", hours["by_company"], hours=True),
        count_table("Heures comptabilisées, par année", "Année", "Heures", hours["by_year"], hours=True),
        count_table("Heures rejetées, par motif", "Motif", "Heures", hours["by_reason"], hours=True),
    )
    return [table for table in tables if table["rows"]]


def person_tables(people):
    """The short tables of persons that have a row."""
    tables = (
        ("communes", "commune de résidence", "Commune"),
        ("homes", "territoire de résidence", "Territoire"),
        ("levels", "niveau de formation", "Niveau"),
        ("ages", "âge au premier jour du premier contrat", "Âge"),
        ("categories", "catégorie de public", "Catégorie"),
    )
    return [
        count_table(f"Personnes embauchées, par {criterion}", heading, "Personnes", people[name])
        for name, criterion, heading in tables
        if people[name]
    ]


def exit_tables(exits):
    """Situations one by one, at each horizon that has some."""
    return [
        count_table(f"Situations des personnes, {exit['label'].lower()}", "Situation", "Situations", exit["situations"])
        for exit in exits
        if exit["situations"]
    ]


def company_files(statement):
    """[ProducedFile]: the version of each company that answers for hours in this market."""
    given = statement.snapshot["for_companies"]
    companies = Company.objects.in_bulk([own["company_id"] for own in given])
    return [company_file(statement, own, companies[own["company_id"]], rank) for rank, own in enumerate(given, 1)]


def company_file(statement, own, company, rank):
    """The version of one company: its own data, what the market is, nothing else of the report."""
    data = statement.snapshot
    number = f"{data['number']}-E{rank}"
    dated_on = date.fromisoformat(data["dated_on"])
    context = {
        "own": own,
        "market": {name: data["market"][name] for name in ("number", "title")},
        "facts": [
            ("Entreprise", own["company"]),
            ("SIRET", own["siret"]),
            ("Marché", data["market"]["number"]),
            ("Période", f"du {french.date(data['starts_on'])} au {french.date(data['ends_on'])}"),
            ("Établi le", french.date(dated_on)),
        ],
        "figures": [
            {"value": french.hours(own["due"]), "label": "à réaliser"},
            {"value": french.hours(own["counted"]), "label": "comptabilisées"},
            {"value": french.percent(own["done"], 1), "label": "de l’objectif"},
        ],
        "tables": company_tables(own),
        "notice": COMPANY_NOTICE,
        "letterhead": letterhead(logos_on(dated_on)[:2], data["funding_period"]),
    }
    content = render_pdf(
        "pdf/closing_company.html",
        context,
        title=f"Bilan de la clause sociale – {data['market']['number']}",
        identifier=number,
        created_at=timezone.make_aware(datetime.combine(dated_on, time(12))),
    )
    name = f"{number}-{slugify(own['company'])[:60]}.pdf"
    return ProducedFile(FileKind.COMPANY, name, "application/pdf", content, company)


def company_tables(own):
    """The short tables of one company: hours, then what may be told of persons and contracts."""
    tables = (
        count_table("Heures comptabilisées, par modalité", "Modalité", "Heures", own["by_modality"], hours=True),
        count_table("Heures comptabilisées, par entreprise", "Entreprise", "Heures", own["by_company"], hours=True),
        count_table("Heures comptabilisées, par année", "Année", "Heures", own["by_year"], hours=True),
        count_table("Contrats conclus, par type", "Type de contrat", "Contrats", own["types"]),
        count_table("Personnes embauchées, par sexe", "Sexe", "Personnes", own["sexes"]),
        count_table("Personnes embauchées, par âge à l’embauche", "Âge", "Personnes", own["ages"]),
    )
    return [table for table in tables if table["rows"]]
