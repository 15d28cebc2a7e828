"""Every real file at hand, never copied here: read whole, counted, each contract told apart."""

import csv
import json

import pytest

from markets.importers.decp import UnreadableFile, group_markets, read_decp
from tests.markets.importers.decp_files import REAL_FILES, REAL_FOLDER

NOT_DECP = "acheteurs_atexo"
pytestmark = pytest.mark.skipif(not REAL_FILES, reason="no real DECP file beside the repository")
FILES = [path for path in REAL_FILES if NOT_DECP not in path.name] or [None]


def name(path):
    return path.name if path else "absent"


def count_rows(path):
    """Records of a file, counted without the reader."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return sum(1 for row in csv.reader(lines, delimiter=";" if "pes" not in path.name else ",")) - 1
    root = json.loads(path.read_text())
    rows = root if isinstance(root, list) else root["marches"]
    return len(rows if isinstance(rows, list) else rows["marche"])


@pytest.mark.parametrize("path", FILES, ids=name)
def test_every_record_is_read_or_refused_with_a_reason(path):
    reading = read_decp(path)
    assert len(reading) == count_rows(path)
    assert [item.position for item in reading] == list(range(1, len(reading) + 1))
    assert len(reading.refusals) <= len(reading) * 0.01
    assert all(refusal.reason for refusal in reading.refusals)
    for record in reading.records:
        assert record.title.isprintable()
        assert record.amount is None or 1 < record.amount <= 10**10


@pytest.mark.parametrize("path", FILES, ids=name)
def test_each_contract_has_one_key_and_finds_it_again(path):
    records = read_decp(path).records
    lots = [lot for market in group_markets(records) for lot in market.lots]
    keys = [lot.key for lot in lots]
    assert len(set(keys)) == len(keys)
    assert sum(len(lot.records) for lot in lots) == len(records)
    again = [lot for market in group_markets(records, keys) for lot in market.lots]
    assert [(lot.stored_key, lot.key) for lot in again] == [(key, key) for key in keys]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_lots_are_numbered_once_in_their_market(path):
    for market in group_markets(read_decp(path).records):
        numbers = [lot.number for lot in market.lots]
        assert len(set(numbers)) == len(numbers)
        assert all(numbers)
        assert market.title


def test_a_list_of_buyers_is_said_not_to_be_markets():
    (path,) = [path for path in REAL_FILES if NOT_DECP in path.name]
    with pytest.raises(UnreadableFile, match="6 éléments qui ne sont pas des marchés"):
        read_decp(path)


def test_the_two_transcriptions_of_one_extract_tell_the_same():
    json_file, csv_file = (REAL_FOLDER / f"2022_ods_six_communes_transcrit.{kind}" for kind in ("json", "csv"))
    told = [group_markets(read_decp(path).records) for path in (json_file, csv_file)]
    assert told[0] == told[1]


def test_distinct_lots_under_one_number_are_told_apart():
    lots = [
        lot
        for market in group_markets(read_decp(REAL_FOLDER / "2019_e-marchespublics.json").records)
        for lot in market.lots
    ]
    kleber = [lot for lot in lots if lot.record.number == "20190000000015"]
    assert len(kleber) == 9
    assert {lot.number for lot in kleber} == {"3", "5", "7", "8", "9", "10", "11", "12", "15"}
