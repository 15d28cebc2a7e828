"""What happens to companies once they hold a lot: people to speak to, a cession, a transfer, a counting rule."""

from datetime import timedelta

from markets.enums import AwardRole, ContactRole, LotState, ObjectiveKind
from markets.models import Award, CompanyContact, ObjectiveEntry
from markets.services.award_ends import cede, liquidate
from markets.services.awards import award_lot, left_to_do
from markets.services.counting_rules import rule_of, set_rule
from markets.services.openings import first_day_declared, record_opening_balance
from markets.services.transfers import transfer_hours
from reporting.demo.calendar import at
from reporting.demo.history import create_many
from reporting.demo.names import FAMILIES, MEN, WOMEN

# Who is spoken to first in a company, then second.
FIRST = (ContactRole.INSERTION, ContactRole.SITE, ContactRole.HR)
SECOND = (ContactRole.DIRECTOR, ContactRole.PAYROLL, ContactRole.SALES)
MOVED = 60  # hours
DONE_BEFORE = {"hours": 70, "persons": 2, "source": "Tableur de suivi du territoire"}
UNDER = LotState.AWARDED, LotState.RUNNING


def seed_after_award(world, sites, companies):
    """Contacts of the companies, then one case of each: liquidation and cession, transfer, long chain, rule."""
    _contacts(world, list(companies.lines))
    under_way = [site for site in sites if site.state in UNDER]
    _liquidation(world, [site for site in under_way if site.state == LotState.AWARDED], companies)
    _long_chain(world, [site for site in under_way if site.team == "sub"], companies)
    _transfer(world, under_way)
    _rule(world, under_way)
    _opening(world, under_way)


def _contacts(world, companies):
    """Two people for most; one company in nine has a single one, one address in eleven fails, some have left."""
    rows = []
    for rank, company in enumerate(companies):
        for place, roles in enumerate((FIRST, SECOND)):
            if place and rank % 9 == 4:
                continue
            rows.append(_contact(world, company, rank, place, roles[rank % 3]))
    create_many(rows, by=world.officer)
    world.made["contacts"] += len(rows)


def _contact(world, company, rank, place, role):
    number = 2 * rank + place
    first = (WOMEN, MEN)[number % 2][number % 30]
    confirmed = at(world.calendar.ago(10 + 7 * (number % 40)))
    contact = CompanyContact(
        company=company,
        role=role,
        name=f"{first} {FAMILIES[number * 7 % len(FAMILIES)]}",
        email=f"contact{number}@entreprise-{rank}.example",
        phone=f"04 99 00 {rank:02} {number % 100:02}",
        receives_reminders=not place,
        confirmed_at=confirmed,
        confirmed_by=world.officer,
    )
    if number % 11 == 7:
        contact.bounced_on = at(world.calendar.ago(3))
    if number % 23 == 9:
        contact.left_on, contact.receives_reminders = world.calendar.ago(20), False
    contact._history_date = confirmed
    return contact


def _liquidation(world, sites, companies):
    """The holder of a lot that has not begun fails; another company takes over its hours."""
    held = Award.objects.filter(role=AwardRole.HOLDER, lot__in=[site.lot for site in sites])
    award = min(held.order_by("pk"), key=lambda award: award.company.awards.count())
    judged_on, day = world.calendar.ago(25), world.calendar.ago(6)
    liquidate(company=award.company, awards=[award], judged_on=judged_on, by=world.officer)
    on_lot = set(award.lot.awards.values_list("company", flat=True))
    heir = next(company for company in companies.lines if company.pk not in on_lot)
    terms = {"ceded_on": day, "agreed_on": judged_on, "reason": "Reprise du marché par jugement du tribunal."}
    cede(award=award, company=heir, hours=int(left_to_do(award)), by=world.officer, **terms)
    world.made["cessions"] += 1


def _long_chain(world, sites, companies):
    """A subcontractor of a subcontractor."""
    site = sites[-1]
    under = next(award for award in site.awards if award.parent_id)
    company = next(company for company in companies.lines if company not in {award.company for award in site.awards})
    accepted_on = world.calendar.ago(30)
    fields = {"role": AwardRole.SUBCONTRACTOR, "parent": under, "accepted_on": accepted_on}
    award_lot(lot=site.lot, company=company, by=world.officer, **fields)
    world.made["attributions"] += 1


def _transfer(world, sites):
    """Hours of a company that holds two lots, or shares one, grouped in one place."""
    day = world.calendar.ago(12)
    for source, target in _pairs(sites):
        due = ObjectiveEntry.objects.filter(award=source, effective_on__lte=day, kind=ObjectiveKind.INITIAL)
        if due.exists() and left_to_do(source) > MOVED:
            reason = "Globalisation : un même parcours d’un an."
            agreed = {"source_agreed_on": day, "target_agreed_on": day}
            move = {"hours": MOVED, "effective_on": day, "reason": reason}
            transfer_hours(source=source, target=target, by=world.officer, **agreed, **move)
            world.made["transferts d’heures"] += 1
            return


def _pairs(sites):
    """(award, where its hours may go): other lots of the same company first, then companies of the same lot."""
    awards = Award.objects.principal().live().filter(lot__in=[site.lot for site in sites]).order_by("pk")
    pairs = [
        (award, other)
        for award in awards.select_related("company")
        for other in Award.objects.able_to_receive_from(award).order_by("pk")
    ]
    return sorted(pairs, key=lambda pair: pair[0].lot_id == pair[1].lot_id)


def _rule(world, sites):
    """A market where the training before a hire counts a little, and a lasting job is valued apart."""
    rule = rule_of(sites[0].lot.market)
    rule.prehire_training_cap, rule.tolerance_days, rule.lasting_job_bonus = 10, 30, 150
    set_rule(rule=rule, by=world.officer)
    world.made["règles de comptage"] += 1


def _opening(world, sites):
    """A company had begun before the portal: the facilitator takes over a total, from a spreadsheet."""
    awards = Award.objects.principal().live().filter(lot__in=[site.lot for site in sites], transfers_out=None)
    for award in awards.select_related("lot__territory").order_by("-pk"):
        first = first_day_declared(award)
        if first and left_to_do(award) > 2 * DONE_BEFORE["hours"]:
            until, by = first - timedelta(days=1), world.facilitators[award.lot.territory.code]
            record_opening_balance(award=award, until=until, by=by, **DONE_BEFORE)
            world.made["reprises d’antériorité"] += 1
            return
