"""Job postings, persons proposed, the situations asked after a contract: what a facilitator does between two months."""

from datetime import timedelta
from itertools import cycle

from markets.enums import LinkPurpose
from markets.models import RomeCode
from markets.services.company_links import create_link
from markets.task_examples import library
from participants.candidates import candidates_for
from participants.enums import PostingState, ReferralState
from participants.models import EmploymentContract, ExitSituation, JobPosting, Participant, Referral
from participants.services.postings import create_posting, deposit, publish_posting
from participants.services.referrals import answer, propose
from reporting.demo.calendar import at
from reporting.demo.history import backdate, create_many

SKILLS = ["CACES R482 A", "Deux saisons en espaces verts", "Titre professionnel en cours", "", "Habilitation B0", ""]
TIMETABLES = ["7 h 30 – 16 h, du lundi au jeudi", "5 h – 12 h", "Journée, du lundi au vendredi"]
# What is known of somebody who left, in turn; « » is still to be asked.
SITUATIONS = ["cdd_short", "cdi_other", "seeking", "training", "", "temp_short", "cdi_holder", "unknown", "cdd_long"]
SOURCES = ["person", "person", "employer", "prescriber"]
REFUSALS = ["licence", "skills", "transport", "papers"]
# One hire in so many comes from a proposal of the facilitator.
HIRED_ONE_IN = 6


def seed_jobs(world, sites):
    """Who looks for what, the posts that are open or were, the answers of the companies, the calls."""
    going_on = [site for site in sites if site.is_going_on and not site.awards[0].ended_on]
    _reachable()
    _seekers(world, going_on)
    postings = [_posting(world, site, rank) for rank, site in enumerate(going_on[:12])]
    for rank, posting in enumerate(postings):
        if posting.state == PostingState.PUBLISHED:
            _propose(world, posting, rank)
    _past_hires(world)
    _exits(world)
    world.made["fiches de poste"] += JobPosting.objects.count()
    world.made["propositions"] += Referral.objects.count()


def _reachable():
    """Everybody has a telephone (numbers the ARCEP keeps for fiction), but a few."""
    persons = list(Participant.objects.order_by("pk"))
    for rank, person in enumerate(persons):
        person.phone = "" if rank % 11 == 5 else f"06 39 98 {rank // 100:02} {rank % 100:02}"
    Participant.objects.bulk_update(persons, ["phone"])


def _seekers(world, sites):
    """Persons without a contract look for the occupations of the lots of their territory."""
    free = Participant.objects.filter(contracts=None).order_by("pk")
    wanted = {
        place.pk: cycle([site.trade["rome"] for site in sites if site.lot.territory_id == place.pk] or ["K2204"])
        for place in world.territories.values()
    }
    for rank, person in enumerate(free):
        person.available_from = world.calendar.ago(5 + 3 * (rank % 30))
        person.has_licence, person.has_vehicle = rank % 3 != 0, rank % 3 == 1
        person.skills = SKILLS[rank % len(SKILLS)]
        person.save(update_fields=["available_from", "has_licence", "has_vehicle", "skills"])
        person.wanted_jobs.set(RomeCode.objects.filter(pk__in=[next(wanted[person.territory_id]) for _ in range(2)]))


def _posting(world, site, rank):
    """A posting of a lot: deposited by the company and to be read, or published some weeks ago."""
    award, by = site.awards[0], world.facilitators[site.lot.territory.code]
    fields = JobPosting(
        award=award,
        rome_id=site.trade["rome"],
        title=site.trade["job"],
        positions=1 + rank % 3,
        contract_type="cdd",
        weekly_hours=35,
        starts_on=world.calendar.day(1 + rank % 2),
        ends_on=world.calendar.day(6, 28),
        tasks="\n".join(_tasks(site.trade["rome"])),
        profile="Débutant accepté, ponctualité demandée.",
        timetable=TIMETABLES[rank % 3],
        heavy_loads=rank % 2 == 0,
        licence_required=rank % 5 == 4,
        access="Accessible en transport en commun" if rank % 2 else "",
        qpv_first=site.lot.market.operation.npnru,
    )
    if rank % 4 == 3:
        link = create_link(company=award.company, purpose=LinkPurpose.JOB_POSTING, award=award)
        return deposit(link=link, posting=fields)
    posting = publish_posting(posting=create_posting(posting=fields, by=by), by=by)
    day = world.calendar.ago(40 - rank)
    backdate(posting, day, published_at=at(day), created_on=at(day))
    return posting


def _tasks(rome):
    known = [task for trade in library() for task in trade.tasks if task.rome_code[:3] == rome[:3]]
    return [task.task for task in known[:4]] or ["Aider l’équipe du chantier"]


def _propose(world, posting, rank):
    """Two persons: one answered for, the other waiting, for so long that the company is late on some posts."""
    by = world.facilitators[posting.territory.code]
    persons = list(candidates_for(posting, Participant.objects.filter(territory=posting.territory))[:2])
    if not persons:
        return
    referrals = propose(posting=posting, participants=persons, by=by)
    day = world.calendar.ago((4, 18, 25)[rank % 3])
    for referral in referrals:
        clocks = {"answer_due_on": day + timedelta(days=15), "escalate_on": day + timedelta(days=22)}
        backdate(referral, day, proposed_at=at(day), **clocks)
    if len(referrals) > 1:
        answer(referral=referrals[1], state="refused", refusal=REFUSALS[rank % 4], by=by)


def _past_hires(world):
    """Some of those at work were proposed on a post, which their contract filled."""
    contracts = EmploymentContract.objects.filter(rome_code__in=RomeCode.objects.values("pk"))
    contracts = list(contracts.select_related("award", "lot", "territory").order_by("pk"))[::HIRED_ONE_IN]
    postings = [_filled(world, contract) for contract in contracts]
    create_many(postings, by=world.officer)
    referrals = [_hired(world, contract, posting) for contract, posting in zip(contracts, postings, strict=True)]
    create_many(referrals, by=world.officer)


def _filled(world, contract):
    day = contract.starts_on - timedelta(days=30)
    by = world.facilitators[contract.territory.code]
    posting = JobPosting(
        award=contract.award,
        lot=contract.lot,
        territory=contract.territory,
        rome_id=contract.rome_code,
        title=f"{contract.job_title} (H/F)",
        contract_type=contract.contract_type,
        starts_on=contract.starts_on,
        tasks="\n".join(_tasks(contract.rome_code)),
        state=PostingState.FILLED,
        author=by,
        published_at=at(day),
        published_by=by,
    )
    posting._history_date = at(day)
    return posting


def _hired(world, contract, posting):
    day = contract.starts_on - timedelta(days=20)
    referral = Referral(
        participant_id=contract.participant_id, posting=posting, contract=contract, state=ReferralState.HIRED
    )
    referral.answered_on = day + timedelta(days=9)
    referral.proposed_at, referral.proposed_by = at(day), world.facilitators[contract.territory.code]
    referral.answer_due_on, referral.escalate_on = day + timedelta(days=15), day + timedelta(days=22)
    referral._history_date = at(referral.answered_on)
    return referral


def _exits(world):
    """What was answered, when it was asked; the last weeks are still to be asked."""
    known = world.calendar.ago(20)
    rows = ExitSituation.objects.filter(due_on__lte=known, dropped_on=None).select_related("territory").order_by("pk")
    for rank, row in enumerate(rows):
        situation = SITUATIONS[rank % len(SITUATIONS)]
        if not situation:
            continue
        row.situation, row.source = situation, SOURCES[rank % len(SOURCES)]
        if situation == "unknown":
            row.source, row.attempts = "facilitator", 3
        row.observed_on = min(row.due_on + timedelta(days=3), world.calendar.today)
        row.asked_at, row.asked_by = at(row.observed_on), world.facilitators[row.territory.code]
        row._history_user, row._history_date = row.asked_by, row.asked_at
        row.save()
    world.made["situations de sortie"] += ExitSituation.objects.count()
