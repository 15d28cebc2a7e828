"""The parents of a row, made when a test first needs them and the same ever after.

Written straight in their tables: what is asked here is what the database holds, whatever the services do.
"""

from datetime import UTC, date, datetime
from functools import cached_property

from markets.models import Award
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import CommuneFactory, DirectorateFactory, StructureFactory, TerritoryFactory
from tests.factories.markets import CompanyFactory, LotFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)
from tests.factories.reporting import StatementFactory

NOW = datetime(2026, 9, 15, 8, tzinfo=UTC)
DAY = date(2026, 9, 15)


def signed(world):
    """A contract of the world's person on the world's award."""
    contract = EmploymentContractFactory.build(
        award=world.award,
        participant=world.person,
        employer=world.award.company,
        lot=world.lot,
        market=world.market,
        territory=world.territory,
    )
    contract.save()
    return contract


class World:
    author = cached_property(lambda self: author())
    user = cached_property(lambda self: UserFactory())
    territory = cached_property(lambda self: TerritoryFactory())
    elsewhere = cached_property(lambda self: TerritoryFactory())
    commune = cached_property(lambda self: CommuneFactory(territory=self.territory))
    directorate = cached_property(lambda self: DirectorateFactory())
    structure = cached_property(lambda self: StructureFactory())
    operation = cached_property(lambda self: OperationFactory())
    lot = cached_property(lambda self: LotFactory(territory=self.territory))
    market = cached_property(lambda self: self.lot.market)
    award = cached_property(lambda self: Award.objects.create(lot=self.lot, company=CompanyFactory()))
    company = cached_property(lambda self: CompanyFactory())
    person = cached_property(lambda self: ParticipantFactory(territory=self.territory))
    category = cached_property(lambda self: EligibilityCategoryFactory())
    contract = cached_property(lambda self: signed(self))
    statement = cached_property(lambda self: StatementFactory(territory=self.territory))


def the(name):
    """A value of a row that the world gives: `the("lot")`."""
    return lambda world: getattr(world, name)


def pair(stem, *, required=()):
    """(accepted, refused) rows of a `<stem>_at`/`<stem>_by` pair; `required` is what a row with a date also needs."""
    whole = {f"{stem}_at": NOW, f"{stem}_by": the("author")} | dict(required)
    nothing = {f"{stem}_at": None, f"{stem}_by": None}
    return {
        "accepted": [whole, nothing],
        "refused": [whole | {f"{stem}_by": None}, nothing | {f"{stem}_by": the("author")}],
    }
