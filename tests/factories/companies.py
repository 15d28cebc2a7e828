"""What one knows of a company, beyond its name, and what its markets count."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from markets.models import CompanyContact, CountingRule, HourlyRate, HoursTransfer
from markets.services.companies import save_contact
from markets.services.transfers import transfer_hours
from tests.factories.accounts import ServiceFactory, author
from tests.factories.markets import AwardFactory, CompanyFactory, MarketFactory


class CompanyContactFactory(ServiceFactory):
    """Somebody to speak to in a company, confirmed when it was typed."""

    class Meta:
        model = CompanyContact

    company = factory.SubFactory(CompanyFactory)
    role = "insertion"
    name = factory.Sequence(lambda n: f"Camille Martin {n}")
    email = factory.Sequence(lambda n: f"contact{n}@entreprise.example")
    phone = "04 42 00 00 00"

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return save_contact(contact=CompanyContact(**fields), by=author())


class HoursTransferFactory(ServiceFactory):
    """100 h that go from an award to another, both of 1 000 h."""

    class Meta:
        model = HoursTransfer

    source = factory.SubFactory(AwardFactory)
    target = factory.SubFactory(AwardFactory)
    hours = 100
    effective_on = source_agreed_on = target_agreed_on = date(2026, 9, 1)
    reason = "Un même parcours sur les deux chantiers."

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return transfer_hours(by=author(), **fields)


class CountingRuleFactory(DjangoModelFactory):
    class Meta:
        model = CountingRule

    market = factory.SubFactory(MarketFactory)


class HourlyRateFactory(DjangoModelFactory):
    class Meta:
        model = HourlyRate

    code = "ceiling"
    value = Decimal(30)
    valid_from = factory.Sequence(lambda n: date(2026 + n, 1, 1))
    source = "Arrêté du 22 décembre 2025"
