"""Markets and lots with their confidential amounts, entered as by hand."""

from clauses_portal.core.services import validated_save
from facilitators.reference import DEPARTMENT_SIRET
from markets.enums import ExecutionTerm, LotState, SocialConsideration
from markets.models import LotFinancials, Market, MarketFinancials
from markets.services.markets import add_lot, create_market, set_lot_amounts
from reporting.demo.history import backdate
from reporting.demo.sites import Site, lines_of_lots, trades
from reporting.demo.tables import table

NOTIFIED = {LotState.AWARDED, LotState.RUNNING, LotState.CLOSED}


def create_markets(world, operations):
    """Create the markets of these operations and their lots. Returns [Site], in the order of the table."""
    lots, known = lines_of_lots(), trades()
    sites = []
    for line in table("markets"):
        if line["operation"] in operations:
            sites += _create(world, line, lots[line["market"]], operations[line["operation"]], known)
            world.made["marchés"] += 1
    world.made["lots"] += len(sites)
    return sites


def _create(world, line, lots, operation, known):
    start, months = int(line["start"]), int(line["months"])
    market = _market(world, line, lots, operation, known[lots[0]["trade"]])
    first = lots[0]
    create_market(market=market, territory=world.territories[first["territory"]], by=world.officer)
    sites = [
        Site((lot["market"], lot["lot"]), _lot(world, market, lot), lot, known[lot["trade"]], start, months)
        for lot in lots
    ]
    for site in sites:
        _set_amounts(world, site)
    _set_market_amounts(world, market, start)
    backdate(market, _known_on(world, start))
    return sites


def _market(world, line, lots, operation, trade):
    start, months = int(line["start"]), int(line["months"])
    first, last = world.calendar.period(start, months)
    notified = any(LotState(lot["state"]) in NOTIFIED for lot in lots)
    launched = world.calendar.day(start - 6, 12)
    return Market(
        operation=operation,
        buyer_siret=DEPARTMENT_SIRET,
        number=f"{first.year}F{line['market'][1:]:0>5}",
        title=line["title"],
        kind=line["kind"],
        procedure=line["procedure"],
        technique=line["technique"],
        cpv=trade["cpv"],
        social_considerations=[SocialConsideration.CLAUSE] if notified else [],
        volume=f"{line['title']}, {months} mois.",
        execution_terms=[ExecutionTerm.ORDERS] if line["technique"] == "framework" else [],
        planned_publication_on=launched,
        planned_tenders_on=world.calendar.day(start - 4, 12),
        planned_notification_on=world.calendar.day(start - 1, 8),
        consultation_on=launched if launched < world.calendar.today else None,
        notified_on=_notified_on(world, start) if notified else None,
        starts_on=first,
        ends_on=last,
        duration_months=months,
    )


def _notified_on(world, start):
    """About a month before the start; a market about to start was notified a few weeks ago."""
    return min(world.calendar.day(start - 1, 8), world.calendar.ago(45))


def _known_on(world, start):
    return min(world.calendar.day(start - 9, 5), world.calendar.ago(15))


def _lot(world, market, line):
    """Complete the first lot, made with its market, or add the next ones."""
    if line["lot"] == "1":
        lot = market.lots.get()
        lot.title = line["title"]
        return validated_save(lot, by=world.officer)
    return add_lot(
        market=market,
        by=world.officer,
        number=line["lot"],
        title=line["title"],
        territory=world.territories[line["territory"]],
        starts_on=market.starts_on,
        ends_on=market.ends_on,
    )


def _set_amounts(world, site):
    amounts = {"estimated_amount": site.estimate}
    if site.state in NOTIFIED:
        amounts["awarded_amount"] = round(site.estimate * world.dice.uniform(0.88, 1.06), -2)
    set_lot_amounts(lot=site.lot, by=world.officer, **amounts)
    backdate(site.lot.financials, _known_on(world, site.start))


def _set_market_amounts(world, market, start):
    """The amounts of a market are the sums of its lots'."""
    amounts = LotFinancials.objects.filter(lot__market=market).values_list("estimated_amount", "awarded_amount")
    estimated, awarded = zip(*amounts, strict=True)
    financials = MarketFinancials(
        market=market,
        estimated_amount=sum(estimated),
        awarded_amount=sum(amount for amount in awarded if amount) or None,
    )
    validated_save(financials, by=world.officer)
    backdate(financials, _known_on(world, start))
