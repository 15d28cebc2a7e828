"""Every real file at hand, imported then replayed: nothing moves, in the tables nor in their histories."""

import pytest

from markets.importers.decp.apply import import_decp
from markets.importers.decp.report import Outcome
from markets.models import LotFinancials, Market
from tests.markets.importers.decp_files import REAL_FILES, REAL_FOLDER
from tests.markets.importers.decp_imports import sizes

FILES = [path for path in REAL_FILES if "acheteurs_atexo" not in path.name] or [None]
pytestmark = pytest.mark.skipif(not REAL_FILES, reason="no real DECP file beside the repository")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name if path else "absent")
def test_a_replay_of_a_real_file_changes_nothing(places, path):
    first = import_decp(file=path, by=None)
    before = sizes()
    again = import_decp(file=path, by=None)
    assert sizes() == before
    assert again.counts[Outcome.CREATED] == again.counts[Outcome.UPDATED] == 0
    assert again.counts[Outcome.REFUSED] == first.counts[Outcome.REFUSED]
    assert before[1][0] == first.counts[Outcome.CREATED]
    assert len(first.lines) == len(again.lines) > 0


def test_the_absurd_amount_of_the_departement_is_not_stored(places):
    path = REAL_FOLDER / "2022_decp_processing_test.json"
    import_decp(file=path, by=None, buyer="22130001500247")
    assert Market.objects.get().number == "2020F00075"
    assert not LotFinancials.objects.exists()
