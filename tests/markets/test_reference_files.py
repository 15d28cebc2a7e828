"""The files shipped in markets/data/: whole, coherent with one another, believable, and readable by our tables."""

import csv
import re
from decimal import Decimal

import pytest

from markets.enums import CriterionKind, PenaltyBasis
from markets.models import PenaltyRule
from markets.models.review import Criterion
from markets.task_examples import DATA

HEADERS = {
    "rome.csv": ["code", "label"],
    "trades.csv": [
        "code",
        "label",
        "cpv",
        "rome",
        "labour_share_low",
        "labour_share_high",
        "hourly_cost_low",
        "hourly_cost_high",
        "insertion_rate_low",
        "insertion_rate_high",
        "source",
    ],
    "cpv_short.csv": ["code", "label"],
    "criteria.csv": ["code", "label", "kind", "weight", "help", "confidential", "floor"],
    "penalties.csv": ["code", "breach", "formula", "value", "unit", "text", "source", "alternative_to"],
    "hourly_rates.csv": ["code", "value", "valid_from", "valid_until", "source"],
    "task_examples.csv": ["trade", "rome", "task", "level"],
}
LEVELS = {"sans qualification", "première expérience", "encadrement nécessaire"}
# (lowest, highest) a figure of a trade may take: shares and rates are fractions, costs euros an hour.
CREDIBLE = {
    "labour_share": (Decimal("0.1"), Decimal(1)),
    "hourly_cost": (Decimal(15), Decimal(100)),
    "insertion_rate": (Decimal("0.01"), Decimal("0.2")),
}
# The table of the trades gives no usual rate: these markets are reserved, or go without a clause.
WITHOUT_RATE = {"ascenseurs", "impression_routage"}


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def column(name, field):
    return [row[field] for row in rows(name)]


def repeated(values):
    return {value for value in values if values.count(value) > 1}


@pytest.mark.parametrize("name", HEADERS)
def test_a_file_has_its_columns_and_full_lines(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file, delimiter=";")
    assert header == HEADERS[name]
    assert lines
    assert {len(line) for line in lines} == {len(header)}
    assert [line for line in lines if any(cell != cell.strip() for cell in line)] == []


@pytest.mark.parametrize("name", HEADERS)
def test_a_file_is_typeset_in_french(name):
    text = (DATA / name).read_text(encoding="utf-8")
    assert "'" not in text
    assert re.findall(r"\S* [;:!?»%€]|« \S*", text) == []


def test_every_file_has_its_source():
    said = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    assert [path.name for path in DATA.glob("*.csv") if f"`{path.name}`" not in said] == []
    assert {path.name for path in DATA.glob("*.csv")} == set(HEADERS)
    assert "France Travail, ROME 4.0, Licence Ouverte 2.0" in said


@pytest.mark.parametrize("name", sorted(set(HEADERS) - {"hourly_rates.csv", "task_examples.csv"}))
def test_no_code_and_no_label_comes_twice(name):
    label = "breach" if name == "penalties.csv" else "label"
    codes = column(name, "code")
    assert len(set(codes)) == len(codes)
    assert len(set(column(name, label))) == len(codes)


def test_the_occupations_are_the_rome():
    codes = column("rome.csv", "code")
    assert len(codes) == 1584
    assert [code for code in codes if not re.fullmatch(r"[A-N][0-9]{4}", code)] == []


def test_a_trade_names_occupations_and_cpv_codes_that_exist():
    occupations, cpv = set(column("rome.csv", "code")), set(column("cpv_short.csv", "code"))
    named = [code for row in rows("trades.csv") for code in row["cpv"].split(",")]
    assert {code for row in rows("trades.csv") for code in row["rome"].split(",")} <= occupations
    assert set(named) == cpv
    assert [code for code in cpv if not re.fullmatch(r"[0-9]{8}", code)] == []


def test_the_figures_of_a_trade_are_credible_and_in_order():
    wrong = []
    for row in rows("trades.csv"):
        for name, (lowest, highest) in CREDIBLE.items():
            if name == "insertion_rate" and row["code"] in WITHOUT_RATE:
                assert row["insertion_rate_low"] == row["insertion_rate_high"] == ""
                continue
            low, high = Decimal(row[f"{name}_low"]), Decimal(row[f"{name}_high"])
            if not lowest <= low <= high <= highest:
                wrong.append((row["code"], name))
    assert wrong == []


def test_a_trade_says_whether_its_figures_were_published():
    sources = {row["code"]: row["source"] for row in rows("trades.csv")}
    assert set(sources.values()) == {"sourced", "expert default"}
    assert {code for code, source in sources.items() if source == "sourced"} == {
        "gros_oeuvre",
        "charpente_metallique",
        "peinture",
        "nettoyage",
    }


def test_the_weights_of_the_criteria_make_a_hundred():
    criteria = rows("criteria.csv")
    weights = {row["code"]: int(row["weight"]) for row in criteria}
    assert sum(weights.values()) == 100
    assert {row["kind"] for row in criteria} == set(CriterionKind.values)
    assert all((weights[row["code"]] == 0) == (row["kind"] == CriterionKind.GATE) for row in criteria)


def test_only_the_amount_and_the_labour_share_are_confidential():
    assert {row["code"] for row in rows("criteria.csv") if row["confidential"] == "1"} == {"amount", "labour_share"}
    assert set(column("criteria.csv", "confidential")) == {"0", "1"}


def test_only_a_gate_has_a_floor():
    floors = {row["code"]: Decimal(row["floor"]) for row in rows("criteria.csv") if row["floor"]}
    assert floors == {"amount": 90000, "duration": 3, "computed_hours": 150}
    assert {row["kind"] for row in rows("criteria.csv") if row["floor"]} == {CriterionKind.GATE}


def test_the_tariff_uses_every_formula():
    assert set(column("penalties.csv", "formula")) == set(PenaltyBasis.values)
    assert [row["code"] for row in rows("penalties.csv") if Decimal(row["value"]) <= 0] == []


def test_a_breach_has_one_tariff_and_says_which_others_could_replace_it():
    """Two penalties for one breach in the same contract would contradict each other."""
    replaced = {row["code"]: row["alternative_to"] for row in rows("penalties.csv")}
    assert {code: other for code, other in replaced.items() if other} == {
        "late_documents_daily": "late_documents",
        "hours_ceiling": "hours_fixed",
        "hours_wage": "hours_fixed",
    }
    assert all(replaced[other] == "" for other in replaced.values() if other)


def test_the_text_of_a_penalty_leaves_its_figure_to_the_tariff():
    """The value is edited in the portal: written in the text too, it would contradict itself one day."""
    assert [row["code"] for row in rows("penalties.csv") if re.search(r"[0-9]", row["text"])] == []
    assert [row["code"] for row in rows("penalties.csv") if "après mise en demeure" not in row["text"]] == []


@pytest.mark.parametrize(
    ("name", "model", "fields"),
    [
        ("criteria.csv", Criterion, {"code": "code", "label": "label", "help": "help_text"}),
        ("penalties.csv", PenaltyRule, {"code": "code", "breach": "breach", "text": "text", "source": "source"}),
    ],
)
def test_every_text_fits_its_column(name, model, fields):
    for row in rows(name):
        for key, field in fields.items():
            model._meta.get_field(field).clean(row[key], None)


def test_every_trade_has_six_to_ten_tasks_of_its_occupations():
    trades = {row["code"]: set(row["rome"].split(",")) for row in rows("trades.csv")}
    tasks = rows("task_examples.csv")
    counts = {trade: sum(row["trade"] == trade for row in tasks) for trade in trades}
    assert {trade: count for trade, count in counts.items() if not 6 <= count <= 10} == {}
    assert [row["task"] for row in tasks if row["rome"] not in trades[row["trade"]]] == []


def test_a_task_is_written_once_and_briefly():
    tasks = column("task_examples.csv", "task")
    assert repeated(tasks) == set()
    assert [task for task in tasks if not task[0].isupper() or task.endswith(".") or len(task) > 90] == []


def test_every_trade_offers_something_without_qualification():
    tasks = rows("task_examples.csv")
    assert {row["level"] for row in tasks} == LEVELS
    assert {row["trade"] for row in tasks if row["level"] == "sans qualification"} == set(column("trades.csv", "code"))
