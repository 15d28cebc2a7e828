"""Making the whole demonstration."""

import random

from django.utils import timezone

from clauses_portal.core.second_lock.histories import rewritten_histories
from facilitators import reference as places_reference
from facilitators.enums import Role
from facilitators.models import Territory
from facilitators.reference import UNDER_CONVENTION
from markets import reference as markets_reference
from participants import reference as publics_reference
from participants.services.consistency import repair_totals
from reporting.demo import accounts, places
from reporting.demo.after_award import seed_after_award
from reporting.demo.awarding import award_all
from reporting.demo.calendar import DemoCalendar
from reporting.demo.cases import assign_cases
from reporting.demo.clauses import decide_all
from reporting.demo.closing import close_markets
from reporting.demo.companies import create_companies
from reporting.demo.company_months import seed_company_months
from reporting.demo.consultation import ask_questions
from reporting.demo.eligibility import Voice
from reporting.demo.employment import Office
from reporting.demo.events import raise_alerts, report_by_rules, tell_lately
from reporting.demo.files import seed_files
from reporting.demo.jobs import seed_jobs
from reporting.demo.keys import create_keys
from reporting.demo.lives import date_lots, end_lots
from reporting.demo.market_book import create_markets
from reporting.demo.meetings import hold_meetings
from reporting.demo.opinions import consult, name_referents
from reporting.demo.papers import produce_papers
from reporting.demo.penalties import seed_penalties
from reporting.demo.persons import Profile
from reporting.demo.planning import add_phases, describe_lots, submit_all
from reporting.demo.privacy import seed_privacy
from reporting.demo.programme import create_operations
from reporting.demo.sent import discuss_draft, publish_quarters
from reporting.demo.timesheets import write_hours
from reporting.demo.webhooks import create_webhook
from reporting.demo.workforce import recruit
from reporting.demo.works import observe_works
from reporting.demo.world import SCALES, World
from reporting.demo.yearly import seed_years

# The same dice every time: on a given day, the demonstration is always the same.
DICE = 13


def seed(*, scale="full", today=None):
    """Make the demonstration as of `today`, then publish its past quarters. `scale`: "full" or "small" (tests).

    Returns {what: how many}, in French, empty when everything was already there. Interrupted, it can be run again.
    """
    made_on = accounts.made_on()
    calendar = DemoCalendar(made_on or today or timezone.localdate())
    made = {} if made_on else build(calendar, SCALES[scale])
    if published := publish_quarters(calendar):
        made["états publiés"] = published
    discuss_draft(calendar)
    if closed := close_markets():
        made["bilans de fin de marché publiés"] = closed
    return made


@rewritten_histories()
def build(calendar, scale):
    """Make everything but the published papers: all of it, or nothing. Returns {what: how many}."""
    world = _found(calendar, scale)
    companies = create_companies(world)
    sites = create_markets(world, create_operations(world))
    describe_lots(world, sites)
    add_phases(world, sites)
    submit_all(world, sites)
    name_referents(world, sites)
    consult(world, sites)
    decide_all(world, sites)
    ask_questions(world, sites)
    award_all(world, sites, companies)
    _put_to_work(world, sites, companies)
    raise_alerts(world, sites)
    end_lots(world, sites)
    date_lots(world, sites)
    repair_totals()
    seed_files(world)
    seed_after_award(world, sites, companies)
    seed_jobs(world, sites)
    seed_penalties(world, sites)
    seed_company_months(world)
    report_by_rules(world)
    produce_papers(world, sites)
    seed_years(world)
    hold_meetings(world, sites)
    observe_works(world, sites)
    _open_to_programs(world)
    seed_privacy(world)
    tell_lately(world)
    return dict(world.made)


def _found(calendar, scale):
    """Reference data, institutions and accounts."""
    places_reference.load()
    markets_reference.load()
    publics_reference.load()
    places.create_directorates()
    conventions = places.sign_conventions(signed_on=calendar.signature)
    users = accounts.create_accounts(today=calendar.today, since=calendar.signature)
    world = World(
        calendar=calendar,
        scale=scale,
        dice=random.Random(DICE),  # noqa: S311 - a demonstration, not a secret
        officer=users[Role.MISSION_OFFICER, ""],
        legal_officer=users[Role.LEGAL_OFFICER, ""],
        agent=users[Role.DIRECTORATE_AGENT, ""],
        facilitators={code: users[Role.FACILITATOR, code] for code in UNDER_CONVENTION},
        territories={territory.code: territory for territory in Territory.objects.filter(code__in=UNDER_CONVENTION)},
    )
    world.made["conventions"], world.made["comptes"] = conventions, len(users)
    return world


def _open_to_programs(world):
    """Keys, and who is told of events."""
    create_keys(world)
    create_webhook(world)


def _put_to_work(world, sites, companies):
    """Persons, their validations, their contracts and their hours."""
    workers, maker = recruit(world, sites)
    assign_cases(world, workers)
    voice, office = Voice(world), Office(world, companies)
    for worker in workers:
        voice.word_on_worker(worker)
    for rank in range(world.scale.persons - len(workers)):
        code = UNDER_CONVENTION[rank % len(UNDER_CONVENTION)]
        person, category = maker.make(Profile(code, world.calendar.ago(10 + rank), women=45))
        voice.word_on_candidate(person, category, rank)
    voice.create()
    contracts = [(office.sign(worker, stint), stint) for worker in workers for stint in worker.stints]
    write_hours(world, contracts, voice.granted)
