"""Questions of candidates while a market is published, and the answers made to all (C12)."""

from markets.models import BidderQuestion
from reporting.demo.calendar import at
from reporting.demo.history import create_many
from reporting.demo.tables import table


def ask_questions(world, sites):
    """The log of each consultation of the table."""
    markets = {site.key[0]: site.lot.market for site in sites}
    rows = [_row(world, line, markets[line["market"]]) for line in table("questions") if line["market"] in markets]
    world.made["questions de candidats"] = len(create_many(rows, by=world.officer))


def _row(world, line, market):
    asked = world.calendar.ago(int(line["ago"]))
    row = BidderQuestion(
        market=market,
        asked_on=asked,
        company=line["company"],
        question=line["question"],
        recorded_at=at(asked),
        recorded_by=world.officer,
    )
    if line["answered"]:
        row.answer = line["answer"]
        row.answered_at, row.answered_by = at(world.calendar.ago(int(line["answered"]))), world.officer
    if line["published"]:
        row.published_on = world.calendar.ago(int(line["published"]))
    row._history_date = at(asked)
    return row
