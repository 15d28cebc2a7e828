"""Whom an alert is for: the chargées de mission, the direction of the lot, its référent (C18)."""

from collections import defaultdict

from django.utils import timezone

from clauses_portal.accounts.models import User
from facilitators.enums import Role
from facilitators.models import Membership
from facilitators.notifications import members
from markets.models import Lot, ReferentAssignment


def mission_officers():
    """Accounts of the chargées de mission, told of whatever is critical."""
    return members(Role.MISSION_OFFICER)


def default_recipients(alerts):
    """[account ids] of each of these alerts, saved or not, in a constant number of queries.

    On a lot: the chargées de mission, the agents of its direction and its référent. Without a lot, the facilitators
    of the territory stand for the référent.
    """
    officers = list(mission_officers().values_list("pk", flat=True))
    lot_ids = {alert.lot_id for alert in alerts if alert.lot_id}
    agents, referents = _agents_by_lot(lot_ids), _referents_by_lot(lot_ids)
    facilitators = _facilitators_by_territory({alert.territory_id for alert in alerts if not alert.lot_id})
    return [
        sorted(
            {*officers, *agents[alert.lot_id], *referents[alert.lot_id]}
            if alert.lot_id
            else {*officers, *facilitators[alert.territory_id]}
        )
        for alert in alerts
    ]


def usual_recipients(alert):
    """[account ids] of those an alert is for unless one says otherwise."""
    return default_recipients([alert])[0]


def possible_recipients(alert):
    """Accounts one may choose for an alert: the default ones, the facilitators of the territory, the jurists."""
    ids = set(usual_recipients(alert))
    ids |= _facilitators_by_territory({alert.territory_id})[alert.territory_id]
    ids |= set(members(Role.LEGAL_OFFICER).values_list("pk", flat=True))
    return User.objects.filter(pk__in=ids).order_by("last_name", "first_name", "pk")


def _agents_by_lot(lot_ids):
    lots = Lot.objects.filter(pk__in=lot_ids, market__operation__isnull=False)
    directions = dict(lots.values_list("pk", "market__operation__directorate"))
    rows = _active(Role.DIRECTORATE_AGENT).filter(directorate__in=set(directions.values()))
    people = _grouped(rows.values_list("directorate", "user"))
    return defaultdict(set, {lot: people[direction] for lot, direction in directions.items()})


def _referents_by_lot(lot_ids):
    rows = ReferentAssignment.objects.active(timezone.localdate()).filter(lot__in=lot_ids, referent__is_active=True)
    return _grouped(rows.values_list("lot", "referent"))


def _facilitators_by_territory(territory_ids):
    return _grouped(_active(Role.FACILITATOR).filter(territory__in=territory_ids).values_list("territory", "user"))


def _active(role):
    return Membership.objects.active(timezone.localdate()).filter(role=role, user__is_active=True)


def _grouped(pairs):
    """{first: {seconds}} of pairs."""
    groups = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return groups
