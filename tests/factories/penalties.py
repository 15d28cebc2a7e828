"""Cases of penalties and their letters, each step taken by the services."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from markets.enums import PenaltyBasis, PenaltyOutcome
from markets.models import PenaltyCase, PenaltyLetter
from markets.services.penalties import (
    decide_penalty,
    drop_penalty,
    propose_penalty,
    record_observations,
    send_notice,
)
from tests.factories.accounts import ServiceFactory, author
from tests.factories.markets import AwardFactory


def notify_company(case):
    send_notice(case=case, sent_on=date(2026, 9, 15), working_days=15, by=author())


def hear_company(case):
    record_observations(case=case, observations="Deux candidats reçus.", observed_on=date(2026, 9, 15), by=author())


def apply_it(case):
    decide_penalty(case=case, outcome=PenaltyOutcome.APPLIED, reason="Aucune diligence prouvée.", by=author())


def give_up(case):
    drop_penalty(case=case, reason="Le facilitateur n’avait pas de candidat.", by=author())


class PenaltyCaseFactory(ServiceFactory):
    """A finding, 1 000 h due and none done, at 50 € an hour. Traits reach the other states as people do."""

    class Meta:
        model = PenaltyCase

    class Params:
        notified = factory.Trait(path=(notify_company,))
        observed = factory.Trait(path=(notify_company, hear_company))
        decided = factory.Trait(path=(notify_company, hear_company, apply_it))
        dropped = factory.Trait(path=(give_up,))

    award = factory.SubFactory(AwardFactory)
    breach = "Heures d’insertion non réalisées"
    facts = "Aucune heure réalisée depuis le démarrage."
    found_on = date(2026, 9, 1)
    basis = PenaltyBasis.PER_HOUR
    tariff = Decimal(50)
    _steering = ("path",)
    path = ()

    @classmethod
    def _create(cls, model_class, *args, path, **fields):
        case = propose_penalty(by=author(), **fields)
        for step in path:
            step(case)
        return PenaltyCase.objects.get(pk=case.pk)


class PenaltyLetterFactory(DjangoModelFactory):
    """The formal notice of a case."""

    class Meta:
        model = PenaltyLetter

    case = factory.SubFactory(PenaltyCaseFactory, notified=True)

    @classmethod
    def _create(cls, model_class, *args, case):
        return case.letters.get()
