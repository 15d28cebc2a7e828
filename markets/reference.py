"""What the preparation of a market starts from: occupations, trades, thresholds of the law, penalties, criteria."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from markets.legal import SHIPPED_THRESHOLDS
from markets.models import (
    CpvCode,
    CriteriaGrid,
    Criterion,
    HourlyRate,
    LegalThreshold,
    PenaltyRule,
    RomeCode,
    Trade,
    TradeParameters,
)
from markets.penalties import shipped_rates
from markets.services import document_templates

DATA = Path(__file__).parent / "data"
SHIPPED_FROM = date(2026, 1, 1)
FIGURES = ("labour_share", "hourly_cost", "insertion_rate")
# The column `source` of trades.csv (SOURCES.md says which figure was published, and by whom).
SOURCES = {
    "sourced": "Chiffres publiés, complétés par l’usage professionnel",
    "expert default": "Usage professionnel, à confirmer par un facilitateur",
}


@transaction.atomic
def load():
    """Create what is missing and correct the labels; repeatable. Returns the number of trades.

    What the office edits (thresholds, tariff, hourly values, parameters of a trade, criteria) is created once, then
    left as it is.
    """
    _load_occupations()
    _load_cpv()
    trades = _load_trades()
    _load_parameters(trades)
    _load_thresholds()
    _load_penalties()
    _load_hourly_rates()
    _load_criteria()
    document_templates.load_shipped()
    return len(trades)


def _rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def _load_occupations():
    rows = [RomeCode(code=row["code"], label=row["label"]) for row in _rows("rome.csv")]
    RomeCode.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=["label"])


def _load_cpv():
    """The codes of our trades. Known ones keep their label: `load_cpv` may have brought the official one."""
    rows = [CpvCode(code=row["code"], label=row["label"]) for row in _rows("cpv_short.csv")]
    CpvCode.objects.bulk_create(rows, ignore_conflicts=True)


def _load_trades():
    """{code: Trade}, each with its codes and its occupations."""
    rows = _rows("trades.csv")
    trades = [Trade(code=row["code"], label=row["label"], cpv_codes=row["cpv"].split(",")) for row in rows]
    Trade.objects.bulk_create(
        trades, update_conflicts=True, unique_fields=["code"], update_fields=["label", "cpv_codes"]
    )
    known = Trade.objects.in_bulk([row["code"] for row in rows], field_name="code")
    link = Trade.occupations.through
    links = [
        link(trade=known[row["code"]], romecode_id=occupation) for row in rows for occupation in row["rome"].split(",")
    ]
    link.objects.bulk_create(links, ignore_conflicts=True)
    return known


def _load_parameters(trades):
    known = set(TradeParameters.objects.values_list("trade__code", flat=True))
    rows = [
        TradeParameters(
            trade=trades[row["code"]],
            valid_from=SHIPPED_FROM,
            source=SOURCES[row["source"]],
            **_ranges(row),
        )
        for row in _rows("trades.csv")
        if row["code"] not in known
    ]
    bulk_create_with_history(rows, TradeParameters)


def _ranges(row):
    """{column: figure} of a line of trades.csv, None where nothing is usual."""
    columns = [f"{name}_{end}" for name in FIGURES for end in ("low", "high")]
    return {column: Decimal(row[column]) if row[column] else None for column in columns}


def _load_thresholds():
    """Category by category: one the office knows is hers, and a shipped date could overlap what she wrote."""
    known = set(LegalThreshold.objects.values_list("category", flat=True))
    rows = [
        LegalThreshold(
            category=shipped.category,
            value=shipped.amount,
            valid_from=shipped.valid_from,
            valid_until=shipped.valid_until,
            source=shipped.source,
        )
        for shipped in SHIPPED_THRESHOLDS
        if shipped.category not in known
    ]
    bulk_create_with_history(rows, LegalThreshold)


def _load_penalties():
    """One tariff for each breach: the others the file proposes would contradict it in the documents."""
    known = set(PenaltyRule.objects.values_list("code", flat=True))
    rows = [
        PenaltyRule(
            code=row["code"],
            breach=row["breach"],
            basis=row["formula"],
            value=Decimal(row["value"]),
            text=row["text"],
            valid_from=SHIPPED_FROM,
            source=row["source"],
        )
        for row in _rows("penalties.csv")
        if row["code"] not in known and not row["alternative_to"]
    ]
    bulk_create_with_history(rows, PenaltyRule)


def _load_hourly_rates():
    """Value by value: one the office knows is hers, and a shipped date could overlap what she wrote."""
    known = set(HourlyRate.objects.values_list("code", flat=True))
    rows = [HourlyRate(**vars(shipped)) for shipped in shipped_rates() if shipped.code not in known]
    bulk_create_with_history(rows, HourlyRate)


def _load_criteria():
    """The first grid, in force once it is whole; none when the office already has its own."""
    if CriteriaGrid.objects.exists():
        return
    grid = CriteriaGrid.objects.create(version=1, note="Grille livrée avec le portail")
    Criterion.objects.bulk_create(
        Criterion(
            grid=grid,
            code=row["code"],
            label=row["label"],
            kind=row["kind"],
            weight=int(row["weight"]),
            floor=Decimal(row["floor"]) if row["floor"] else None,
            help_text=row["help"],
            confidential=row["confidential"] == "1",
            position=position,
        )
        for position, row in enumerate(_rows("criteria.csv"), start=1)
    )
    grid.valid_from = SHIPPED_FROM
    grid.save(update_fields=["valid_from"])
