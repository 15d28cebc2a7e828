"""What directions bring before a decision: lots described, phases, documents, the avant-projet submitted (C6)."""

import io

from docx import Document

from clauses_portal.core.services import validated_save
from markets.enums import DceKind, LotState
from markets.models import LotPhase, PhaseFinancials, Trade
from markets.services.dce import deposit
from markets.services.phases import save_phase
from markets.services.preparation import submit
from reporting.demo.calendar import at
from reporting.demo.history import backdate
from reporting.demo.tables import table

HOURS_OF_ONE_JOB = 900
TAKEOVER_OF_CLEANING = 160


def describe_lots(world, sites):
    """Give each lot its trade, occupations, qualification and crew, as the directions know them."""
    trades = {trade.code: trade for trade in Trade.objects.prefetch_related("occupations")}
    for site in sites:
        lot, trade = site.lot, trades.get(site.trade["reference"])
        lot.trade, lot.qualification = trade, site.trade["level"]
        lot.crew_size = max(2, int(site.line["hours"]) // HOURS_OF_ONE_JOB)
        lot.firm_months = site.months - _renewals(site)
        if site.trade["trade"] == "nettoyage":
            lot.staff_takeover, lot.takeover_hours = True, TAKEOVER_OF_CLEANING
        validated_save(lot, by=world.agent)
        if trade:
            lot.occupations.set(trade.occupations.all())


def _renewals(site):
    lines = [line for line in table("phases") if (line["market"], line["lot"]) == site.key]
    return sum(int(line["months"]) for line in lines if line["kind"] == "renewal")


def add_phases(world, sites):
    """Options, tranches and renewals, with their amounts: a share of the lot's."""
    known = {site.key: site for site in sites}
    for line in table("phases"):
        site = known.get((line["market"], line["lot"]))
        if site is None:
            continue
        phase = LotPhase(
            lot=site.lot, kind=line["kind"], number=line["number"], label=line["label"], months=int(line["months"])
        )
        save_phase(phase=phase, by=world.agent)
        amount = site.estimate * int(line["share"]) // 100
        validated_save(PhaseFinancials(phase=phase, estimated_amount=amount), by=world.agent)
        world.made["options, tranches et reconductions"] += 1


def submit_all(world, sites):
    """Submit the avant-projets: through the service while they are ahead, as a fact of the past for the others."""
    by_market = {}
    for site in sites:
        by_market.setdefault(site.lot.market_id, []).append(site)
    for group in by_market.values():
        if group[0].state == LotState.PROGRAMMED:
            continue
        market = group[0].lot.market
        if market.consultation_on or market.notified_on:
            _submitted_long_ago(world, group)
        else:
            deposit(market=market, kind=DceKind.CCTP, name="CCTP.docx", content=_paper(market), by=world.agent)
            submit(market=market, by=world.agent)
        day = min(world.calendar.day(group[0].start - 9, 5), world.calendar.ago(18))
        backdate(market, day, submitted_at=at(day))
        for site in group:
            site.lot.refresh_from_db()


def _submitted_long_ago(world, group):
    market = group[0].lot.market
    for site in group:
        site.lot.submit()
        validated_save(site.lot, by=world.agent)
    market.submitted_at, market.submitted_by = at(world.calendar.ago(18)), world.agent
    validated_save(market, by=world.agent)


def _paper(market):
    """A short CCTP, as Word file."""
    paper = Document()
    paper.core_properties.author = "Département des Bouches-du-Rhône"
    paper.add_heading("Cahier des clauses techniques particulières", level=1)
    paper.add_paragraph(f"{market.number} – {market.title}")
    paper.add_paragraph("Pièce de démonstration : les prescriptions techniques seraient décrites ici, lot par lot.")
    content = io.BytesIO()
    paper.save(content)
    return content.getvalue()
