"""What another program followed until now, brought in as it stands: companies, departures, objectives, alerts (C22).

Only imports call this: the facts are past, nobody is asked again, and the same constraints hold (ADR 0020).
"""

from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.services import lock, validated_save
from markets.enums import SIAE_KINDS, CompanySize, EmployerKind, ObjectiveKind
from markets.models import Alert, Award, Company, Lot, ObjectiveEntry
from markets.services.alert_messages import tell_recipients
from markets.services.alert_recipients import usual_recipients
from markets.services.awards import add_objective
from markets.services.companies import known_company

TO_COME = "Cette date est à venir."
OBJECTIVE = "Heures dues reprises de {system}, à la date du {day}."
# What a company is said to be as long as nobody told.
UNTOLD = {"name": "", "kind": EmployerKind.COMPANY, "size": CompanySize.UNKNOWN, "naf": ""}


@transaction.atomic
def complete_company(*, siret, by, **told):
    """The company of this SIRET, recorded when it is new; what nobody had told of it is completed, nothing replaced.

    `told`: name, kind, size, naf. Raises ValidationError on a wrong SIRET or NAF code.
    """
    company = lock(Company.objects, known_company(siret=siret, name=told.get("name") or "", by=by).pk)
    missing = {name: value for name, value in told.items() if value and getattr(company, name) == UNTOLD[name]}
    missing = {name: value for name, value in missing.items() if value != UNTOLD[name]}
    if missing:
        for name, value in missing.items():
            setattr(company, name, value)
        company.is_siae = company.kind in SIAE_KINDS
        validated_save(company, by=by)
    return company


@transaction.atomic
def take_over_departure(*, award, ended_on, reason, by):
    """The company left its lot in the other program; what remained due is told by its objective. Returns the award.

    Raises ValidationError when the day is to come, or when no reason says why.
    """
    if ended_on > timezone.localdate():
        raise ValidationError({"ended_on": TO_COME})
    lock(Lot.objects, award.lot_id)
    award = Award.objects.get(pk=award.pk)
    award.ended_on, award.end_reason = ended_on, reason
    return validated_save(award, by=by)


def objective_without_opening(award):
    """Hours due by this award, what was done before the portal not taken away (h)."""
    rows = ObjectiveEntry.objects.filter(award=award.pk).exclude(kind=ObjectiveKind.OPENING)
    return sum(rows.values_list("hours", flat=True))


@transaction.atomic
def bring_objective(*, award, hours, system, by):
    """Bring the hours due by an award (without its opening balance) to `hours`, by one line for the difference.

    Returns the line, None when nothing differs. Raises as `add_objective`.
    """
    lock(Lot.objects, award.lot_id)
    difference = hours - objective_without_opening(award)
    if not difference:
        return None
    day = timezone.localdate()
    reason = OBJECTIVE.format(system=system, day=french.date(day))
    return add_objective(
        award=award, kind=ObjectiveKind.AMENDMENT, hours=difference, effective_on=day, reason=reason, by=by
    )


@transaction.atomic
def take_over_alert(*, alert, raised_on, by, closed_on=None, answer=""):
    """Write an alert of the other program with its days (dates); an open one is told to those it is for.

    Raises ValidationError when a day is to come, when it closes before it was raised or without a word of what was
    done.
    """
    today = timezone.localdate()
    if raised_on > today or (closed_on and not raised_on <= closed_on <= today):
        raise ValidationError({"raised_on": TO_COME if raised_on > today else "La clôture précède le signalement."})
    alert.raised_on, alert.author = _noon(raised_on), by
    if closed_on:
        alert.answer, alert.closed_on, alert.closer = answer, _noon(closed_on), by
    validated_save(alert, by=by)
    if not closed_on:
        alert.recipients.set(usual_recipients(alert))
        tell_recipients(alert, by=by)
    return alert


@transaction.atomic
def take_over_closing(*, alert, closed_on, answer, by):
    """The other program closed an alert that is open here. Raises ValidationError as `take_over_alert`."""
    alert = lock(Alert.objects, alert.pk)
    if not timezone.localdate(alert.raised_on) <= closed_on <= timezone.localdate():
        raise ValidationError({"closed_on": "La clôture précède le signalement, ou elle est à venir."})
    alert.answer, alert.closed_on, alert.closer = answer or alert.answer, _noon(closed_on), by
    return validated_save(alert, by=by)


def _noon(day):
    return timezone.make_aware(datetime.combine(day, time(12)))
