"""The persons of the demonstration: those who work, some of them twice, and those who wait."""

from datetime import timedelta

from reporting.demo.cases import Worker
from reporting.demo.persons import PersonMaker, Profile
from reporting.demo.work_plan import Planner, stints_per_lot

# Share of the stints that go to somebody who has already worked on another lot.
SECOND_STINTS = 0.09
# Days between two stints, so that nobody works twice on a day.
REST = timedelta(days=5)


def recruit(world, sites):
    """Plan the work of the lots and create who does it. Returns ([Worker], PersonMaker)."""
    worked = [site for site in sites if site.is_worked]
    planner = Planner(world.calendar, world.dice)
    stints = [
        stint for site, number in stints_per_lot(worked, world.scale.contracts) for stint in planner.plan(site, number)
    ]
    maker, workers = PersonMaker(world), []
    for stint in sorted(stints, key=lambda stint: (stint.starts_on, stint.site.key)):
        again = _somebody_free(world, workers, stint) if world.dice.random() < SECOND_STINTS else None
        if again:
            again.stints.append(stint)
        else:
            workers.append(_newcomer(world, maker, stint))
    return workers, maker


def _somebody_free(world, workers, stint):
    """Somebody of the territory whose last stint is over and whose validation lasts beyond this one."""
    territory = stint.site.lot.territory_id
    free = [
        worker
        for worker in workers
        if worker.person.territory_id == territory
        and worker.stints[-1].ends_on
        and worker.stints[-1].ends_on + REST < stint.starts_on
        and worker.stints[-1].site.key != stint.site.key
    ]
    return world.dice.choice(free) if free else None


def _newcomer(world, maker, stint):
    site = stint.site
    profile = Profile(
        territory=site.lot.territory.code,
        entry=max(stint.starts_on - timedelta(days=world.dice.randint(10, 40)), world.calendar.signature),
        women=int(site.trade["women"]),
        in_a_structure=site.team == "insertion",
        npnru=site.lot.market.operation.npnru,
    )
    return Worker(*maker.make(profile), [stint])
