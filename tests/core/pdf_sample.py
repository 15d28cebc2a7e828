"""A rich document to prove the kernel on: letterhead, key figures, charts, a table over several pages, landscape."""

import io
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from PIL import Image, ImageDraw

from clauses_portal.core import french
from clauses_portal.core.pdf import Attachment, FundingPeriod, Logo, charts, letterhead, render_pdf

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
TITLE = "État trimestriel – Pays d’Aubagne et de l’Étoile – 3e trimestre 2026"
IDENTIFIER = "2026-T3-AUBAGNE-v1"
CREATED_AT = datetime(2026, 10, 12, 10, 0, tzinfo=UTC)
WORKS = ("Réhabilitation du collège Lou Garlaban", "Entretien des espaces verts", "Voirie : RD 2, RD 96 et RD 43")
COMPANIES = ("Exemple Travaux", "Propreté Sud SARL", "Verdure Provence SCOP", "Bâti-Étoile")


def templates(configured):
    """The TEMPLATES setting with the sample's folder beside the product's."""
    changed = deepcopy(configured)
    changed[0]["DIRS"] = [*changed[0]["DIRS"], TEMPLATES]
    return changed


def picture(width, height, kind="PNG"):
    """Bytes of an invented logo of these pixels."""
    image = Image.new("RGB", (width, height), "#F3F6F9")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width - 1, height - 1), outline="#24507A", width=max(2, height // 30))
    radius = min(width, height) // 3
    draw.ellipse((width // 2 - radius, height // 2 - radius, width // 2 + radius, height // 2 + radius), "#B5651D")
    content = io.BytesIO()
    image.save(content, kind)
    return content.getvalue()


def png(owner, width, height):
    return Logo(owner, f"Logo {owner}", picture(width, height), "image/png")


def placeholder(owner):
    return Logo(owner, f"Logo {owner}")


def rows(count):
    return [
        {
            "market": f"2026-{i:03d}",
            "lot": f"Lot {i % 4 + 1} – {WORKS[i % 3]}",
            "company": COMPANIES[i % 4],
            "due": Decimal(350 + 70 * (i % 9)),
            "done": Decimal(120 + 61 * (i % 11)) + Decimal("0.25") * (i % 4),
            "rate": Decimal(40 + 7 * (i % 9)),
        }
        for i in range(count)
    ]


def context(head, count=60):
    lots, months = rows(count), [f"{month:02d}/26" for month in range(1, 13)]
    due, done = sum(lot["due"] for lot in lots), sum(lot["done"] for lot in lots)
    return {
        "letterhead": head,
        "verification_code": "K7QF-M2XA-9RTD",
        "facts": [
            ("Convention", "2024-CSI-07"),
            ("Période", "du 01/07/2026 au 30/09/2026"),
            ("Établi le", french.date(CREATED_AT)),
            ("Version", "1"),
        ],
        "key_figures": [
            {"value": french.number(len(lots)), "label": "lots suivis, dans 41 marchés"},
            {"value": french.hours(done), "label": "comptabilisées au trimestre"},
            {"value": french.percent(100 * done / due), "label": f"de l'objectif ({french.hours(due)})"},
            {"value": "112", "label": "personnes au travail, dont 41 % de femmes"},
        ],
        "comments": "Le lot 2 attend une fiche de poste depuis 40 jours.\n\nLe lot 4 reprend en novembre !",
        "rows": lots,
        "total_due": due,
        "total_done": done,
        "total_rate": 100 * done / due,
        "months": months,
        "monthly": [
            {"lot": f"2026-{i:03d} Lot 1", "values": [Decimal(10 * i + j) / 4 for j in range(12)]} for i in range(9)
        ],
        "months_chart": charts.month_columns(
            "Heures comptabilisées par mois, d’octobre 2025 à septembre 2026",
            months,
            [1210, 1480.5, 990, 0, 640.25, 85.5, 1333, 1702, 1655, 1204, 1390, 1188.75],
        ),
        "lots_chart": charts.bar_chart(
            "Heures dues et réalisées, par lot",
            [(lot["lot"], lot["due"], lot["done"]) for lot in lots[:6]],
        ),
        "progress": charts.progress_bar("Réalisé : 62 %, attendu : 70 %", 62, 70),
        "names": "Łukasz Öztürk-Ünal, Zoë Ÿ, Nadia Ben Saïd",
    }


def default_letterhead(period=FundingPeriod.CURRENT):
    return letterhead([png("Département", 640, 900), png("Métropole", 1500, 260)], period)


def sample(head=None, count=60, **changes):
    """Bytes of the sample with `count` rows; `changes` replace arguments of `render_pdf`."""
    arguments = {
        "context": context(head or default_letterhead(), count),
        "title": TITLE,
        "identifier": IDENTIFIER,
        "created_at": CREATED_AT,
        "attachments": attachments(),
    }
    return render_pdf("sample_document.html", **(arguments | changes))


def attachments():
    return [
        Attachment("donnees.json", b'{"hours": "1.50"}', "application/json", "Données de l’état"),
        Attachment("lots.csv", "Lot;Heures\r\n1;1,5\r\n".encode("utf-8-sig"), "text/csv", "Heures par lot"),
    ]
