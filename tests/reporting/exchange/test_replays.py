"""One file recorded twenty times at once: one effect (A16)."""

import pytest
from django.db import connection

from clauses_portal.core.jobs import run
from facilitators.enums import Role
from facilitators.permissions import grant
from participants.models import Participant
from participants.timeline import of_validation
from reporting.enums import ExchangeTable as T
from reporting.exchange.recording import BUSY
from reporting.models import DataImport
from reporting.services import data_imports
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory, three_territories
from tests.factories.participants import EligibilityCategoryFactory
from tests.support.exchanged import person_line, tried, written
from tests.support.threads import race

REPLAYS = 20


def deliver(asked):
    """A worker that takes this recording."""
    run(DataImport, asked.pk, allowed=data_imports.may_still_import, work=data_imports.do_import)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("today")
def test_twenty_replays_at_once_have_one_effect():
    territory, *_ = territories = three_territories()
    structure = ConventionFactory(territories=territories).structure
    line = {"reference": "V1", "personne": "P1", "categorie": EligibilityCategoryFactory().code, "etat": "granted"}
    line |= {"du": "2026-01-01", "au": "2026-12-31", "decidee_le": "2025-12-20"}
    content = written({T.PERSONS: [person_line(territory)], T.VALIDATIONS: [line]})
    runs = []
    for _ in range(REPLAYS):
        user = UserFactory()
        grant(user=user, role=Role.FACILITATOR, by=None, territory=territory)
        runs.append(data_imports.ask_recording(run=tried(user, structure, content), by=user))
    connection.close()
    race(*(lambda asked=asked: deliver(asked) for asked in runs))
    assert DataImport.objects.filter(recorded_on__isnull=False).count() == 1
    refused = set(DataImport.objects.filter(recorded_on=None).values_list("error", flat=True))
    assert refused <= {BUSY, "Ce fichier a déjà été importé le 15/09/2026 ; rien n’a été modifié."}
    her = Participant.objects.get()
    [event] = of_validation(her.validations.get())
    assert (event.title, f"{event.day}") == ("Validation : validée – reprise d’un autre logiciel", "2025-12-20")
