"""Markets, lots in each of their states, companies, awards, alerts."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from facilitators.reference import DEPARTMENT_SIRET
from markets.enums import AlertCategory, AwardRole, ClauseOutcome, LegalBasis, MarketKind
from markets.models import Alert, Award, Company, Lot, LotFinancials, Market, MarketFinancials
from markets.services.alerts import close_alert, raise_alert
from markets.services.awards import award_lot
from markets.services.calibration import propose, retain
from markets.services.clause import decide_clause
from markets.services.markets import close_lot
from tests.factories.accounts import ServiceFactory, author
from tests.factories.facilitators import TerritoryFactory, siret
from tests.factories.operations import OperationFactory

# 1 000 000 € × 50 % × 5 % ÷ 25 € = 1 000 h (domain.md §3.3, T2).
THOUSAND_HOURS = {
    "amount": Decimal(1_000_000),
    "labour_share": Decimal("0.5"),
    "insertion_rate": Decimal("0.05"),
    "hourly_cost": Decimal(25),
}


class MarketFactory(DjangoModelFactory):
    """A market without its lots: `LotFactory` makes both."""

    class Meta:
        model = Market

    operation = factory.SubFactory(OperationFactory)
    buyer_siret = DEPARTMENT_SIRET
    number = factory.Sequence(lambda n: f"2026-{n:03d}")
    title = factory.Sequence(lambda n: f"Travaux de rénovation n° {n}")
    kind = MarketKind.WORKS
    notified_on = date(2026, 1, 5)
    starts_on = date(2026, 2, 1)
    ends_on = date(2027, 1, 31)
    duration_months = 12


def set_aside(lot):
    decide_clause(lot=lot, outcome=ClauseOutcome.NO_CLAUSE, reason="Marché de fourniture pure.", by=author())


def retain_clause(lot):
    decide_clause(lot=lot, outcome=ClauseOutcome.CLAUSE, legal_basis=LegalBasis.EXECUTION, by=author())


def calibrate(lot):
    retain(version=propose(lot=lot, by=author(), **THOUSAND_HOURS), hours=1000, by=author())


def award(lot):
    award_lot(lot=lot, company=CompanyFactory(), hours_minimum=1000, notified_on=date(2026, 1, 5), by=author())


def run(lot):
    from tests.factories.participants import EmploymentContractFactory

    EmploymentContractFactory(award=lot.awards.get())


def close(lot):
    close_lot(lot=lot, by=author())


class LotFactory(ServiceFactory):
    """A lot to review, in a market of its own. Traits reach the other states by the services, as people do."""

    class Meta:
        model = Lot

    class Params:
        set_aside = factory.Trait(path=(set_aside,))
        retained = factory.Trait(path=(retain_clause,))
        calibrated = factory.Trait(path=(retain_clause, calibrate))
        awarded = factory.Trait(path=(retain_clause, calibrate, award))
        running = factory.Trait(path=(retain_clause, calibrate, award, run))
        closed = factory.Trait(path=(retain_clause, calibrate, award, run, close))

    market = factory.SubFactory(MarketFactory)
    number = factory.Sequence(lambda n: f"{n + 1}")
    title = factory.Sequence(lambda n: f"Lot de gros œuvre n° {n}")
    territory = factory.SubFactory(TerritoryFactory)
    starts_on = date(2026, 2, 1)
    ends_on = date(2027, 1, 31)
    _steering = ("path",)
    path = ()

    @classmethod
    def _create(cls, model_class, *args, path, **fields):
        lot = super()._create(model_class, *args, **fields)
        for step in path:
            step(lot)
        return Lot.objects.get(pk=lot.pk)


class MarketFinancialsFactory(DjangoModelFactory):
    class Meta:
        model = MarketFinancials

    market = factory.SubFactory(MarketFactory)
    estimated_amount = Decimal("918273.64")


class LotFinancialsFactory(DjangoModelFactory):
    class Meta:
        model = LotFinancials

    lot = factory.SubFactory(LotFactory)
    estimated_amount = Decimal("564738.29")


class CompanyFactory(DjangoModelFactory):
    class Meta:
        model = Company

    siret = factory.Sequence(siret)
    name = factory.Sequence(lambda n: f"Bâtisseurs du Sud {n}")


class AwardFactory(DjangoModelFactory):
    """The holder of a calibrated lot, 1 000 h due. Trait: subcontractor (of the holder of the same lot)."""

    class Meta:
        model = Award

    class Params:
        subcontractor = factory.Trait(
            role=AwardRole.SUBCONTRACTOR,
            hours_minimum=None,
            parent=factory.SubFactory("tests.factories.markets.AwardFactory", lot=factory.SelfAttribute("..lot")),
        )

    lot = factory.SubFactory(LotFactory, calibrated=True)
    company = factory.SubFactory(CompanyFactory)
    hours_minimum = 1000
    notified_on = date(2026, 1, 5)

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return award_lot(by=author(), **fields)


class AlertFactory(ServiceFactory):
    """An open alert. Trait: closed."""

    class Meta:
        model = Alert

    class Params:
        closed = factory.Trait(answer="Réunion tenue, deux postes ouverts.")

    lot = factory.SubFactory(LotFactory, awarded=True)
    category = AlertCategory.NO_FIRST_HIRE
    severity = "watch"
    description = "Aucun recrutement deux mois après le démarrage."
    _steering = ("answer",)
    answer = ""

    @classmethod
    def _create(cls, model_class, *args, answer, **fields):
        alert = raise_alert(by=author(), **fields)
        return close_alert(alert=alert, answer=answer, by=author()) if answer else alert
