"""Who got each lot, and the ledger of the hours each company owes (C7, C23)."""

from datetime import timedelta

from clauses_portal.core.services import validated_save
from markets.enums import AwardRole, GroupingKind, LegalBasis, LotState, ObjectiveKind
from markets.models import ObjectiveEntry
from markets.services.awards import award_lot
from reporting.demo.calendar import at
from reporting.demo.history import backdate

AWARDED = {LotState.AWARDED, LotState.RUNNING, LotState.CLOSED}
K = ObjectiveKind
# Days from the notification to the act that accepts a subcontractor (DC4).
ACCEPTED_AFTER = timedelta(days=20)
# What happened to some objectives: (market, lot): (nature, hours, month, reason), all in the past.
LATER = {
    ("M01", "1"): (K.AMENDMENT, 420, -5, "Avenant n° 2 : préau et local vélos ajoutés."),
    ("M02", "4"): (K.OPTION, 240, -3, "Tranche optionnelle affermie : ventilation de la salle polyvalente."),
    ("M08", "1"): (K.OPTION, 360, -4, "Tranche optionnelle affermie : pignons du gymnase."),
    ("M11", "1"): (K.ORDER, 300, -7, "Bon de commande n° 14 : traverse de Puyricard."),
    ("M11", "2"): (K.ORDER, 260, -6, "Bon de commande n° 17 : carrefour de la Barque."),
    ("M12", "1"): (K.AMENDMENT, -180, -9, "Avenant n° 1 : deux secteurs retirés du marché."),
    ("M16", "2"): (K.AMENDMENT, 150, -3, "Avenant n° 1 : prolongement de 400 m."),
    ("M30", "3"): (K.NEUTRALISED, -300, -3, "Redressement judiciaire du titulaire : heures neutralisées."),
    ("M19", "1"): (K.AMENDMENT, 120, -6, "Avenant n° 1 : reprise de la cour."),
}


def award_all(world, sites, companies):
    """Record companies and objectives on the lots that were awarded."""
    for rank, site in enumerate(sites):
        if site.state in AWARDED:
            _award(world, site, companies, rank)


def _award(world, site, companies, rank):
    site.awards = _team(world, site, companies, rank)
    principal = [award for award in site.awards if award.role != AwardRole.SUBCONTRACTOR]
    for award, hours in zip(principal, _shares(site.due, len(principal)), strict=True):
        _open_ledger(world, award, hours, _offered(site, hours))
    if site.key in LATER:
        _change(world, principal[0], *LATER[site.key])
    site.due = sum(ObjectiveEntry.objects.filter(award__lot=site.lot).values_list("hours", flat=True))


def _team(world, site, companies, rank):
    """The companies of a lot: one, or a lead and a member, or one and the structure it subcontracts to."""
    trade, reserved = site.trade["trade"], site.team == "insertion"
    known = companies.of_trade(trade, structures=reserved)
    first, second = known[rank % len(known)], known[(rank + 1) % len(known)]
    if site.team == "group":
        lead = _record(world, site, first, AwardRole.LEAD, grouping=GroupingKind.JOINT)
        return [lead, _record(world, site, second, AwardRole.MEMBER)]
    holder = _record(world, site, first, AwardRole.HOLDER)
    if site.team == "sub":
        structures = companies.of_trade(trade, structures=True)
        subcontractor = structures[rank % len(structures)]
        accepted_on = site.lot.market.notified_on + ACCEPTED_AFTER
        under = {"parent": holder, "accepted_on": accepted_on}
        return [holder, _record(world, site, subcontractor, AwardRole.SUBCONTRACTOR, **under)]
    return [holder]


def _record(world, site, company, role, **fields):
    notified_on = site.lot.market.notified_on
    award = award_lot(lot=site.lot, company=company, role=role, notified_on=notified_on, by=world.officer, **fields)
    backdate(award, notified_on)
    world.made["attributions"] += 1
    return award


def _shares(hours, companies):
    """A lead answers for three fifths of the hours, its partner for the rest."""
    return [hours] if companies == 1 else [hours * 3 // 5, hours - hours * 3 // 5]


def _offered(site, hours):
    """Hours offered on top of the minimum, where the insertion effort was a criterion: about 8 %, in tens."""
    with_criterion = site.lot.decision.legal_basis == LegalBasis.EXECUTION_AND_CRITERION
    return hours * 8 // 1000 * 10 if with_criterion else 0


def _open_ledger(world, award, minimum, offered):
    """As `award_lot` opens it, but decided on the day of the notification: the ledger cannot be dated afterwards."""
    award.hours_minimum, award.hours_offered = minimum, offered or None
    validated_save(award, by=world.officer)
    backdate(award, award.notified_on)
    _add(world, award, ObjectiveKind.INITIAL, minimum, award.notified_on)
    if offered:
        _add(world, award, ObjectiveKind.OFFER, offered, award.notified_on)


def _change(world, award, kind, hours, month, reason):
    _add(world, award, kind, hours, world.calendar.day(month, 10), reason)


def _add(world, award, kind, hours, effective_on, reason=""):
    entry = ObjectiveEntry(
        award=award,
        kind=kind,
        hours=hours,
        effective_on=effective_on,
        reason=reason,
        decided_at=at(effective_on),
        decided_by=world.officer,
    )
    entry.full_clean()
    entry.save()
    world.made["lignes d’objectif"] += 1
