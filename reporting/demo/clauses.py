"""The clause of each lot: decided, proposed, retained, by the services, then dated in the past (C1, C3)."""

from markets.enums import CalibrationPurpose, ClauseOutcome, ConsiderationNature, LegalBasis, LotState
from markets.legal import Exemption
from markets.services import calibration
from markets.services.clause import decide_clause
from markets.services.visa import give_visa
from reporting.demo.calendar import at
from reporting.demo.history import backdate

DECIDED = set(LotState) - {LotState.PROGRAMMED, LotState.TO_REVIEW}
WITHOUT_CLAUSE = {LotState.SET_ASIDE, LotState.AWAITING_VISA}
HOURS_RETAINED = DECIDED - WITHOUT_CLAUSE - {LotState.RETAINED}
WHY_NOT = {
    "etudes": "Prestations intellectuelles très qualifiées : pas d’emploi accessible aux publics visés.",
    "ascenseurs": "Part de main-d’œuvre trop faible et qualification réglementée.",
    "facades": "Durée du lot inférieure à six semaines : volume d’heures insuffisant.",
    "vitrerie": "Travaux en hauteur de quelques jours par an : volume d’heures insuffisant.",
    "denrees": "Marché de fournitures : part de main-d’œuvre négligeable.",
    "archives": "Documents classés : accès réservé à des agents habilités.",
}
WHY_A_CLAUSE = "Métiers accessibles, publics disponibles dans le territoire."
WHY_ANOTHER_NUMBER = "Arrondi à la baisse pour tenir compte du phasage de l’opération."
BY_RANK = [LegalBasis.EXECUTION, LegalBasis.EXECUTION, LegalBasis.EXECUTION_AND_CRITERION]


def decide_all(world, sites):
    """Decide, then calibrate, as far as the state of each lot says."""
    for rank, site in enumerate(sites):
        if site.state in DECIDED:
            _decide(world, site, rank)
        if site.state in HOURS_RETAINED or (site.state == LotState.RETAINED and rank % 2):
            _calibrate(world, site, rank)


def _decide(world, site, rank):
    lot, trade = site.lot, site.line["trade"]
    if site.state in WITHOUT_CLAUSE:
        decision = _set_aside(world, site, WHY_NOT[trade])
    else:
        basis = LegalBasis.RESERVED_INSERTION if site.team == "insertion" else BY_RANK[rank % 3]
        decision = decide_clause(
            lot=lot, outcome=ClauseOutcome.CLAUSE, by=world.officer, legal_basis=basis, reason=WHY_A_CLAUSE
        )
    day = min(world.calendar.day(site.start - 8, 6), world.calendar.ago(12 + rank % 9))
    backdate(decision, day, decided_at=at(day))
    world.made["décisions"] += 1


def _set_aside(world, site, reason):
    """No clause. Where the law wants one: apprenticeship for studies, otherwise an exemption and its visa."""
    decision = decide_clause(
        lot=site.lot,
        outcome=ClauseOutcome.NO_CLAUSE,
        by=world.officer,
        reason=reason,
        nature=ConsiderationNature.APPRENTICESHIP if site.line["trade"] == "etudes" else "",
        exemption=Exemption.COMPETITION_OR_DIFFICULTY,
        exemption_reason=reason,
    )
    if decision.exemption and site.state == LotState.SET_ASIDE:
        give_visa(lot=site.lot, granted=True, by=world.legal_officer)
        decision.refresh_from_db()
    return decision


def _calibrate(world, site, rank):
    """Proposed by the facilitator of the territory; retained by the chargée de mission when the state says so."""
    day = min(world.calendar.day(site.start - 7, 4), world.calendar.ago(9))
    version = calibration.propose(
        lot=site.lot,
        by=world.facilitators[site.lot.territory.code],
        rounding="5" if rank % 4 == 0 else "nearest",
        amount=site.estimate,
        labour_share=site.trade["labour_share"],
        insertion_rate=site.trade["rate"],
        hourly_cost=site.trade["hourly_cost"],
    )
    backdate(version.computation, day)
    stamps = {"proposed_at": at(day)}
    if site.state in HOURS_RETAINED:
        site.due, reason = _retained(version.proposed_hours, rank)
        version = calibration.retain(version=version, hours=site.due, by=world.officer, gap_reason=reason)
        stamps["retained_at"] = at(min(world.calendar.day(site.start - 6, 20), world.calendar.ago(4)))
    backdate(version, day, **stamps)
    world.made["calibrages"] += 1
    if site.state == LotState.CALIBRATED:
        _calibrate_phases(world, site, day)


def _calibrate_phases(world, site, day):
    """Options, tranches and renewals have hours of their own, due once they are affirmed (domain.md §3.5)."""
    for phase in site.lot.phases.select_related("financials"):
        version = calibration.propose(
            lot=site.lot,
            by=world.facilitators[site.lot.territory.code],
            purpose=CalibrationPurpose.PHASE,
            phase=phase,
            amount=phase.financials.estimated_amount,
            labour_share=site.trade["labour_share"],
            insertion_rate=site.trade["rate"],
            hourly_cost=site.trade["hourly_cost"],
        )
        calibration.retain(version=version, hours=version.proposed_hours, by=world.officer)
        backdate(version, day, proposed_at=at(day), retained_at=at(world.calendar.ago(4)))
        world.made["calibrages"] += 1


def _retained(proposed, rank):
    """One lot in six is retained at fewer hours than proposed, with its reason."""
    lower = proposed // 50 * 50
    return (lower, WHY_ANOTHER_NUMBER) if rank % 6 == 5 and lower < proposed else (proposed, "")
