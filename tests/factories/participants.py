"""Persons, their validations, their contracts and their hours: made by the services, as people do."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import factory
import time_machine
from django.utils import timezone
from factory.django import DjangoModelFactory

from clauses_portal.core.papers import freeze
from participants.enums import ContractType, Modality, Sex
from participants.models import (
    EligibilityCategory,
    EligibilityCertificate,
    EligibilityValidation,
    EmploymentContract,
    HoursEntry,
    Participant,
)
from participants.services.contracts import sign_contract
from participants.services.hours import record_month
from participants.services.persons import save_person
from participants.services.validations import grant, propose, refuse, revoke
from tests.factories.accounts import FIRST_NAMES, LAST_NAMES, ServiceFactory, author, one_of
from tests.factories.facilitators import CommuneFactory, TerritoryFactory
from tests.factories.markets import AwardFactory


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    territory = factory.SubFactory(TerritoryFactory)
    first_name = one_of(FIRST_NAMES)
    last_name = factory.Sequence(lambda n: f"{LAST_NAMES[n % len(LAST_NAMES)]} {chr(65 + n % 26)}")
    birth_date = factory.Sequence(lambda n: date(1970 + n % 30, 1 + n % 12, 1 + n % 28))
    sex = one_of((Sex.FEMALE, Sex.MALE))
    commune = factory.SubFactory(CommuneFactory, territory=factory.SelfAttribute("..territory"))
    lives_in_qpv = True
    receives_rsa = True

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return save_person(person=Participant(**fields), by=author())


class EligibilityCategoryFactory(DjangoModelFactory):
    class Meta:
        model = EligibilityCategory

    code = factory.Sequence(lambda n: f"CAT{n}")
    label = factory.Sequence(lambda n: f"Catégorie de public n° {n}")
    evidence = "Attestation de la CAF"
    evidence_months = 3
    valid_from = date(2021, 4, 1)


def at_the_first_day(validation, decide, **kwargs):
    """Take the decision on the morning the validation begins: nobody decides afterwards (M10)."""
    morning = datetime.combine(validation.starts_on, time(9), tzinfo=UTC)
    with time_machine.travel(morning, tick=False):
        return decide(validation=validation, by=author(), **kwargs)


class EligibilityValidationFactory(ServiceFactory):
    """A request for the year 2026. Traits: granted, refused, revoked."""

    class Meta:
        model = EligibilityValidation

    class Params:
        granted = factory.Trait(decisions=((grant, {}),))
        refused = factory.Trait(decisions=((refuse, {"reason": "Justificatif absent."}),))
        revoked = factory.Trait(decisions=((grant, {}), (revoke, {"reason": "Justificatif falsifié."})))

    participant = factory.SubFactory(ParticipantFactory)
    category = factory.SubFactory(EligibilityCategoryFactory)
    evidence_dated_on = factory.LazyAttribute(
        lambda request: min(request.starts_on - timedelta(days=17), timezone.localdate())
    )
    starts_on = date(2026, 1, 1)
    ends_on = date(2026, 12, 31)
    _steering = ("decisions",)
    decisions = ()

    @classmethod
    def _create(cls, model_class, *args, decisions, **fields):
        validation = propose(validation=EligibilityValidation(**fields), by=author())
        for decide, reasons in decisions:
            validation = at_the_first_day(validation, decide, **reasons)
        return validation


class EligibilityCertificateFactory(DjangoModelFactory):
    """The attestation of a granted validation, without the second it takes to lay out its page."""

    class Meta:
        model = EligibilityCertificate

    validation = factory.SubFactory(EligibilityValidationFactory, granted=True)
    participant = factory.SelfAttribute("validation.participant")
    number = factory.Sequence(lambda n: f"V-2026-{n:06}-1")

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return freeze(EligibilityCertificate(**fields), b"%PDF-1.7", by=author())


class EmploymentContractFactory(ServiceFactory):
    """A contract from February 2026, without end, on a lot of the person's territory. Traits: validated, ended."""

    class Meta:
        model = EmploymentContract

    class Params:
        validated = factory.Trait(validation="granted")
        ended = factory.Trait(ends_on=date(2026, 6, 15), end_reason="term")

    award = factory.SubFactory(AwardFactory)
    participant = factory.SubFactory(ParticipantFactory, territory=factory.SelfAttribute("..award.lot.territory"))
    employer = factory.SelfAttribute("award.company")
    modality = Modality.DIRECT
    contract_type = ContractType.CDD
    job_title = "Aide-maçon"
    rome_code = "F1703"
    starts_on = date(2026, 2, 1)
    _steering = ("validation",)
    validation = None

    @classmethod
    def _create(cls, model_class, *args, validation, **fields):
        contract = sign_contract(contract=EmploymentContract(**fields), by=author())
        if validation:
            EligibilityValidationFactory(participant=contract.participant, granted=True)
        return contract


class HoursEntryFactory(DjangoModelFactory):
    """Hours of one month of a validated contract."""

    class Meta:
        model = HoursEntry

    contract = factory.SubFactory(EmploymentContractFactory, validated=True)
    month = date(2026, 3, 1)
    declared = Decimal(100)

    @classmethod
    def _create(cls, model_class, *args, contract, month, declared):
        record_month(contract=contract, month=month, declared=declared, by=author())
        return HoursEntry.objects.get(contract=contract, month=month)
