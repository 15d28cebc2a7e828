"""A company leaves a lot before its end: withdrawal, termination, cession, liquidation (domain.md §12, n° 5 and 44)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.services import lock, validated_save
from markets.enums import AlertCategory, AlertSeverity, AwardEnd, AwardRole, Insolvency
from markets.models import Award, Company, Lot
from markets.models.market import UNDER_WAY
from markets.services.alerts import raise_alert
from markets.services.awards import HAS_LEFT, OVER, left_to_do
from markets.services.transfers import transfer_hours

NOT_YET = "Indiquez une date passée, ou celle du jour : un départ s’enregistre quand il a eu lieu."
NO_CESSION = "Le contrat d’un sous-traitant ne se cède pas : retirez-le, puis ajoutez le nouveau."
SAME_COMPANY = "Le repreneur est une autre entreprise."
ALREADY_LIQUIDATED = "La liquidation de cette entreprise est déjà enregistrée."
LIQUIDATED = "Liquidation judiciaire de {company} ({role}), jugement du {day}. {left}"
HOURS_LEFT = "{hours} restent à faire : désignez un repreneur (cession) ou neutralisez ces heures."
NO_HOURS_LEFT = "Aucune heure ne reste à faire à son titre."


@transaction.atomic
def end_award(*, award, ended_on, by):
    """A subcontractor is withdrawn, or the market of another company terminated; its subcontractors leave with it.

    The hours due stay in its ledger, for the Département to neutralise or to move. Raises Conflict when it has left
    already or the lot is over, ValidationError when the day is to come.
    """
    award = _still_there(award)
    _check_day(ended_on, "ended_on")
    subcontractor = award.role == AwardRole.SUBCONTRACTOR
    return _end(award, ended_on, AwardEnd.WITHDRAWAL if subcontractor else AwardEnd.TERMINATION, by)


@transaction.atomic
def cede(*, award, company, hours, ceded_on, agreed_on, reason, by, beyond=False):
    """The market passes to a new holder: its award succeeds the old one and receives `hours` (whole, 0 or more).

    Also the replacement of a company that went into liquidation or whose market was terminated. Subcontractors who
    are still there follow the new holder. `agreed_on`: date of the written agreement. Returns the new award.
    Raises as `transfers.transfer_hours`, and Conflict when the award was ceded already.
    """
    lot = _lock_open_lot(award)
    award = Award.objects.select_related("company").get(pk=award.pk)
    _check_cession(award, company, ceded_on)
    heir = Award(lot=lot, company=company, role=award.role, grouping=award.grouping, notified_on=ceded_on)
    heir.succeeds = award
    validated_save(heir, by=by)
    if hours:
        agreements = {"source_agreed_on": agreed_on, "target_agreed_on": agreed_on}
        move = {"hours": hours, "effective_on": ceded_on, "reason": reason, "beyond": beyond}
        transfer_hours(source=award, target=heir, by=by, **agreements, **move)
    for subcontract in award.subcontracts.live():
        subcontract.parent = heir
        validated_save(subcontract, by=by)
    if not award.ended_on:
        _end(award, ceded_on, AwardEnd.ASSIGNMENT, by)
    return heir


@transaction.atomic
def liquidate(*, company, awards, judged_on, by):
    """Record the liquidation of a company: these `awards` end, and each lot it was on gets a critical alert (A14).

    `awards`: those whose end `by` may decide; on other lots of the company only the alert is raised. Raises Conflict
    when it is recorded already, ValidationError when the day is to come.
    """
    company = lock(Company.objects, company.pk)
    if company.insolvency == Insolvency.LIQUIDATION:
        raise Conflict(ALREADY_LIQUIDATED)
    _check_day(judged_on, "judged_on")
    company.insolvency, company.insolvency_on = Insolvency.LIQUIDATION, judged_on
    validated_save(company, by=by)
    present = Award.objects.live().filter(company=company, lot__state__in=UNDER_WAY).order_by("lot_id", "pk")
    mine = {award.pk for award in awards}
    for award in present:
        lot = _lock_open_lot(award)
        raise_alert(
            lot=lot,
            category=AlertCategory.LIQUIDATION,
            severity=AlertSeverity.CRITICAL,
            description=_told(company, award, judged_on),
            by=by,
        )
        if award.pk in mine:
            _end(award, judged_on, AwardEnd.LIQUIDATION, by)
    return company


def _told(company, award, day):
    hours = left_to_do(award) if award.role != AwardRole.SUBCONTRACTOR else 0
    left = HOURS_LEFT.format(hours=french.hours(hours)) if hours else NO_HOURS_LEFT
    role = award.get_role_display().lower()
    return LIQUIDATED.format(company=company, role=role, day=french.date(day), left=left)


def _lock_open_lot(award):
    lot = lock(Lot.objects, award.lot_id)
    if lot.state not in UNDER_WAY:
        raise Conflict(OVER)
    return lot


def _still_there(award):
    _lock_open_lot(award)
    award = Award.objects.get(pk=award.pk)
    if award.ended_on:
        raise Conflict(HAS_LEFT)
    return award


def _check_cession(award, company, ceded_on):
    _check_day(ceded_on, "ceded_on")
    if award.role == AwardRole.SUBCONTRACTOR:
        raise DomainError(NO_CESSION)
    if award.end_reason == AwardEnd.ASSIGNMENT:
        raise Conflict(HAS_LEFT)
    if company.pk == award.company_id:
        raise DomainError(SAME_COMPANY)


def _check_day(day, field):
    if day > timezone.localdate():
        raise ValidationError({field: NOT_YET})


def _end(award, day, reason, by):
    """The award and, with it, those who subcontract under it; none leaves before it was notified."""
    for subcontract in award.subcontracts.live():
        _end(subcontract, day, reason, by)
    award.ended_on = max(day, award.notified_on or day) if award.parent_id else day
    award.end_reason = reason
    return validated_save(award, by=by)
