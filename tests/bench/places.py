"""The invented département, 1: territories, one facilitator on each, the convention, operations."""

from datetime import date
from types import SimpleNamespace

from facilitators import reference as places
from facilitators.enums import Role
from facilitators.models import Commune, Territory
from facilitators.permissions import grant
from facilitators.reference import ELSEWHERE, WHOLE_DEPARTMENT
from operations.models import Operation
from participants import reference as publics
from tests.bench.sizes import FIRST
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory, DirectorateFactory


def make_places(size):
    """Create them; return {territories, communes by territory, officer, operations}."""
    places.load()
    publics.load()
    territories = make_territories(size)
    officer = UserFactory(email="chargee@example.test")
    grant(user=officer, role=Role.MISSION_OFFICER, valid_from=FIRST, by=None)
    for territory in territories:
        facilitator = UserFactory(email=f"{territory.slug}@example.test")
        grant(user=facilitator, role=Role.FACILITATOR, territory=territory, valid_from=FIRST, by=officer)
    ConventionFactory(reference="CONV-BENCH", territories=territories, signed_on=FIRST, duration_months=120)
    communes = {territory.pk: list(territory.communes.all()) for territory in territories}
    return SimpleNamespace(
        territories=territories,
        communes=communes,
        officer=officer,
        operations=make_operations(size, [group[0] for group in communes.values()]),
    )


def make_territories(size):
    """The real basins, then invented ones with a commune each, up to the number asked."""
    real = list(Territory.objects.exclude(code__in=[WHOLE_DEPARTMENT, ELSEWHERE]).order_by("pk"))[: size.territories]
    invented = [
        Territory(code=f"B{n}", name=f"Bassin n° {n}", slug=f"bassin-{n}") for n in range(size.territories - len(real))
    ]
    Territory.objects.bulk_create(invented)
    Commune.objects.bulk_create(
        Commune(insee_code=f"99{n:03d}", name=f"Ville n° {n}", postal_codes=["99000"], department="13", territory=place)
        for n, place in enumerate(invented)
    )
    return real + invented


def make_operations(size, communes):
    """Operations of three directorates, in one commune each."""
    directorates = [DirectorateFactory(code=f"BENCH{n}", name=f"Direction des bâtiments {n}") for n in range(3)]
    operations = Operation.objects.bulk_create(
        Operation(
            reference=f"BENCH-{n:05d}",
            title=f"Réhabilitation du collège n° {n}",
            directorate=directorates[n % 3],
            planned_start=FIRST,
            planned_end=date(2028, 12, 31),
        )
        for n in range(size.operations)
    )
    link = Operation.communes.through
    link.objects.bulk_create(
        link(operation_id=operation.pk, commune_id=communes[n % len(communes)].pk)
        for n, operation in enumerate(operations)
    )
    return operations
