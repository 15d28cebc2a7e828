"""Two persons ask about their data, one file is kept for a European audit."""

from datetime import timedelta

from clauses_portal.accounts.models import User
from facilitators.enums import Role
from participants.enums import DataRequestKind, DataRequestOutcome, HoldKind
from participants.models import DataRequest, Participant
from participants.services.privacy.holds import place_hold
from participants.services.privacy.requests import answer_request, record_request

FSE_YEARS = 5


def seed_privacy(world):
    """A request that waits, one answered, and a hold, on persons of Pays d’Aix."""
    facilitator, territory = world.facilitators["AIX"], world.territories["AIX"]
    officer = User.objects.get(memberships__role=Role.PRIVACY_OFFICER)
    persons = list(Participant.objects.filter(territory=territory).order_by("pk")[:3])
    _ask(world, persons[0], DataRequestKind.ACCESS, 9, facilitator)
    rectified = _ask(world, persons[1], DataRequestKind.RECTIFICATION, 20, facilitator)
    answer_request(
        request=rectified, outcome=DataRequestOutcome.GRANTED, answer="Adresse corrigée sur la fiche.", by=officer
    )
    until = world.calendar.today + timedelta(days=365 * FSE_YEARS)
    reason = "Opération cofinancée : pièces à présenter au contrôle"
    place_hold(participant=persons[2], kind=HoldKind.FSE, reason=reason, until=until, by=officer)
    world.made["demandes sur des données"], world.made["mesures de conservation"] = 2, 1


def _ask(world, person, kind, days, by):
    row = DataRequest(participant=person, territory=person.territory, kind=kind, identity_checked=True)
    row.received_on = world.calendar.ago(days)
    return record_request(request=row, by=by)
