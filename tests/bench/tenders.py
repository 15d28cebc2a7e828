"""The invented département, 2: markets, their lots in every state, companies, hours due."""

from datetime import UTC, date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from facilitators.reference import DEPARTMENT_SIRET
from markets.enums import AlertCategory, AwardRole, LotState, MarketKind, ObjectiveKind
from markets.models import Alert, Award, Company, Lot, Market, ObjectiveEntry
from tests.bench.sizes import MONTHS, month_at
from tests.factories.facilitators import siret

# The lot whose grid is measured: thirty persons, six months.
GRID_TITLE = "Lot de la grille mesurée"
GRID_START = date(2026, 4, 1)
SUBCONTRACTED, ALERTED = 0.15, 0.05


def make_tenders(size, places, chance):
    """Create them; return the awards that may employ, the one of the measured grid first."""
    markets = make_markets(size, places, chance)
    lots = make_lots(places, markets, chance)
    awards = make_awards(size, [lot for lot in lots if may_employ(lot)], chance)
    make_objectives(awards, places.officer, chance)
    make_alerts([award.lot for award in awards if chance.random() < ALERTED], places.officer)
    return awards


def make_markets(size, places, chance):
    """Markets notified all along the five years, 12 to 30 months long; the first one is the grid's."""
    starts = [GRID_START, *(month_at(chance.randrange(MONTHS)) for _ in range(size.markets - 1))]
    return Market.objects.bulk_create(
        Market(
            operation=chance.choice(places.operations),
            buyer_siret=DEPARTMENT_SIRET,
            number=f"{start.year}-{n:06d}",
            title=f"Travaux de rénovation énergétique n° {n}",
            kind=MarketKind.WORKS,
            notified_on=start - timedelta(days=chance.randrange(15, 60)),
            starts_on=start,
            ends_on=start + relativedelta(months=chance.randrange(12, 31), days=-1),
        )
        for n, start in enumerate(starts)
    )


def make_lots(places, markets, chance):
    """Two or three lots a market, one in ten of them in another territory than the first."""
    lots = [Lot(market=markets[0], number="1", title=GRID_TITLE, state="running", **place_of(markets[0], places, 0))]
    for rank, market in enumerate(markets[1:]):
        for number in range(1, chance.choice((3, 4))):
            home = rank if number == 1 or chance.random() > 0.1 else rank + 1
            state = state_of(market, chance)
            lots.append(
                Lot(
                    market=market,
                    number=str(number),
                    title=f"Gros œuvre, tranche {number}",
                    state=state,
                    **place_of(market, places, home),
                )
            )
    return Lot.objects.bulk_create(lots)


def place_of(market, places, rank):
    territory = places.territories[rank % len(places.territories)]
    return {"territory": territory, "starts_on": market.starts_on, "ends_on": market.ends_on}


def state_of(market, chance):
    """Without a clause for some, closed when it is over, running otherwise."""
    if chance.random() < 0.2:
        return chance.choice([LotState.TO_REVIEW, LotState.SET_ASIDE])
    return LotState.CLOSED if market.ends_on < month_at(MONTHS) else LotState.RUNNING


def may_employ(lot):
    return lot.state in {LotState.RUNNING, LotState.CLOSED}


def make_awards(size, lots, chance):
    """A holder for each lot, and a subcontractor beside some."""
    companies = Company.objects.bulk_create(
        Company(siret=siret(n), name=f"Bâtisseurs du Sud n° {n}") for n in range(size.companies)
    )
    common = {"role": AwardRole.HOLDER, "hours_minimum": 1000}
    holders = Award.objects.bulk_create(
        Award(lot=lot, company=chance.choice(companies), notified_on=lot.market.notified_on, **common) for lot in lots
    )
    helped = [award for award in holders if chance.random() < SUBCONTRACTED]
    helpers = Award.objects.bulk_create(
        Award(lot=award.lot, company=chance.choice(companies), role=AwardRole.SUBCONTRACTOR, parent=award)
        for award in helped
    )
    return holders + helpers


def make_objectives(awards, officer, chance):
    """The hours of the market for each holder, and an amendment for one in five."""
    decided = {"decided_at": datetime(2021, 9, 1, tzinfo=UTC), "decided_by": officer}
    entries = []
    for award in (award for award in awards if award.parent is None):
        due, day = chance.randrange(200, 3000, 10), award.notified_on
        entries.append(ObjectiveEntry(award=award, kind=ObjectiveKind.INITIAL, hours=due, effective_on=day, **decided))
        if chance.random() < 0.2:
            later = {"hours": due // 5, "effective_on": day + timedelta(days=200), "reason": "Avenant n° 1"}
            entries.append(ObjectiveEntry(award=award, kind=ObjectiveKind.AMENDMENT, **later, **decided))
    ObjectiveEntry.objects.bulk_create(entries)


def make_alerts(lots, officer):
    """An open alert on each of these lots, raised two months after its beginning."""
    Alert.objects.bulk_create(
        Alert(
            lot=lot,
            territory_id=lot.territory_id,
            category=AlertCategory.NO_FIRST_HIRE,
            description="Aucun recrutement deux mois après le démarrage.",
            raised_on=datetime.combine(lot.starts_on + timedelta(days=60), datetime.min.time(), tzinfo=UTC),
            author=officer,
        )
        for lot in lots
    )
