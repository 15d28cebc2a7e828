"""A world small enough to be counted by hand: four contracts, one territory, the second quarter of 2026."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import time_machine

from markets.enums import ObjectiveKind
from markets.services.alerts import close_alert, raise_alert
from markets.services.awards import add_objective
from participants.enums import ContractType, Sex
from tests.factories.accounts import author
from tests.factories.facilitators import CommuneFactory, TerritoryFactory
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)


def small_world():
    """Make it; returns its places, its awards and its persons.

    | person | validated | contract | hours |
    | first  | 2026 | `one` from 1 February | February 100, March 100, April 120 |
    | first  |      | `two` from 1 June     | June 30 |
    | second | no   | `one`, 1 April to 15 June | April 50 rejected |
    | third  | from 16 May | `one` from 1 May | May 40 waiting, June 60 |
    """
    territory = TerritoryFactory(code="AIX", name="Pays d’Aix", slug="pays-d-aix")
    elsewhere = TerritoryFactory()
    operation = OperationFactory(communes=[CommuneFactory(territory=territory)])
    one = LotFactory(awarded=True, territory=territory, market__operation=operation).awards.get()
    two = LotFactory(awarded=True, territory=territory, market=one.lot.market).awards.get()
    amend(one, 200, date(2026, 5, 1))
    amend(one, 500, date(2026, 7, 1))
    persons = people(one, two)
    MarketFinancialsFactory(market=one.lot.market)
    LotFinancialsFactory(lot=one.lot)
    neighbour = EmploymentContractFactory(award__lot__territory=elsewhere, validated=True)
    HoursEntryFactory(contract=neighbour, month=date(2026, 5, 1), declared=Decimal(200))
    alerts(one.lot)
    return SimpleNamespace(
        territory=territory, elsewhere=elsewhere, one=one, two=two, market=one.lot.market, persons=persons
    )


def amend(award, hours, day):
    add_objective(
        award=award, kind=ObjectiveKind.AMENDMENT, hours=hours, effective_on=day, reason="Avenant", by=author()
    )


def people(one, two):
    place = {"territory": one.lot.territory}
    first = ParticipantFactory(sex=Sex.FEMALE, lives_in_qpv=True, receives_rsa=True, **place)
    second = ParticipantFactory(sex=Sex.MALE, lives_in_qpv=None, receives_rsa=False, **place)
    third = ParticipantFactory(sex=Sex.FEMALE, lives_in_qpv=False, receives_rsa=None, **place)
    EligibilityValidationFactory(participant=first, granted=True)
    EligibilityValidationFactory(
        participant=third,
        starts_on=date(2026, 5, 16),
        granted=True,
        category=EligibilityCategoryFactory(label="Jeune sans qualification"),
    )
    work(first, one, {2: 100, 3: 100, 4: 120}, starts_on=date(2026, 2, 1))
    work(first, two, {6: 30}, starts_on=date(2026, 6, 1))
    work(
        second,
        one,
        {4: 50},
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 6, 15),
        end_reason="term",
        contract_type=ContractType.CDDI,
    )
    work(third, one, {5: 40, 6: 60}, starts_on=date(2026, 5, 1))
    return first, second, third


def work(person, award, hours, **contract):
    signed = EmploymentContractFactory(participant=person, award=award, **contract)
    for month, declared in hours.items():
        HoursEntryFactory(contract=signed, month=date(2026, month, 1), declared=Decimal(declared))


def alerts(lot):
    """(raised, closed) of five alerts; times are those of Paris."""
    for name, raised, closed in (
        ("Close avant", "2026-02-01T10:00:00+01:00", "2026-03-31T23:30:00+02:00"),
        ("Ancienne, ouverte", "2026-02-02T10:00:00+01:00", None),
        ("Close dans le trimestre", "2026-02-03T10:00:00+01:00", "2026-06-30T23:30:00+02:00"),
        ("Close le lendemain", "2026-04-01T00:30:00+02:00", "2026-07-01T00:30:00+02:00"),
        ("Levée après", "2026-07-01T00:30:00+02:00", None),
    ):
        with time_machine.travel(raised, tick=False):
            alert = raise_alert(lot=lot, category="A04", severity="watch", description=name, by=author())
        if closed:
            with time_machine.travel(closed, tick=False):
                close_alert(alert=alert, answer="Réglé.", by=author())
