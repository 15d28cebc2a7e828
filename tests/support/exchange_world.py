"""A world where every operation of the interface has a row to work on, the same identifiers at each run.

Made for the examples of the documentation (docs/api/examples): the first row of each table is number 1001.
"""

from datetime import date
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from clauses_portal.core.jobs import JobState
from clauses_portal.core.periods import Quarter
from facilitators.enums import KeyDirection, KeyScope
from facilitators.models import Commune
from markets.models import CpvCode, RomeCode
from participants.models import HoursEntry
from participants.services.hours import record_month
from reporting.enums import ExchangeOutcome, ExchangeTable
from reporting.models import DataImport, ExchangeLine, PackageExport
from reporting.services.statements import close_quarter
from tests.factories.accounts import author
from tests.factories.companies import CompanyContactFactory
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import AlertFactory, AwardFactory, LotFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)
from tests.factories.preparation import TradeFactory
from tests.factories.reporting import StatementFactory, StatementFileFactory
from tests.factories.work import ExitSituationFactory
from tests.support.keys import program
from tests.support.sent import send

FIRST = 1001
BOTH = (KeyScope.READ_MARKETS, KeyScope.READ_ALERTS, KeyScope.READ_STATEMENTS)
WRITES = (KeyScope.WRITE_PERSONS, KeyScope.WRITE_HOURS, KeyScope.WRITE_ALERTS)


def number_from(first):
    """Have the next row of every table be this one, until the transaction is undone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences")
        for (name,) in cursor.fetchall():
            cursor.execute(f"ALTER SEQUENCE {name} RESTART WITH {int(first)}")


def exchange_world(territory):
    """The rows, with the two programs: `.department` writes the markets, `.facilitator` the persons and the hours.

    The convention of the territory must be in force.
    """
    number_from(FIRST)
    communes = list(territory.communes.order_by("pk"))
    name_communes(communes)
    RomeCode.objects.get_or_create(code="F1703", defaults={"label": "Maçonnerie"})
    CpvCode.objects.get_or_create(code="45210000", defaults={"label": "Travaux de construction de bâtiments"})
    operation = OperationFactory(communes=communes, directorate=DirectorateFactory(code="DEC"), reference="2026-COL")
    award, lots = _lots(territory, operation)
    person = ParticipantFactory(territory=territory, commune=communes[0])
    category = EligibilityCategoryFactory(code="RSA", label="Allocataire du RSA")
    granted = EligibilityValidationFactory(participant=person, category=category, granted=True)
    contract = EmploymentContractFactory(award=award, participant=person)
    statement = StatementFactory(territory=territory, period_code="2025-T4")
    file = StatementFileFactory(statement=statement)
    keys = programs()
    exchange_jobs(keys["facilitator"])
    return SimpleNamespace(
        territory=territory,
        operation=operation,
        market=operation.markets.first(),
        award=award,
        lots=lots,
        person=person,
        granted=granted,
        asked=_asked(territory, category, communes[0]),
        contract=contract,
        hours=_hours(contract),
        exit=_exit(award, communes[0]),
        alert=AlertFactory(lot=award.lot, company=award.company),
        statement=send(statement),
        file=file,
        **keys,
    )


def exchange_jobs(key):
    """A package this key asked for, ready, and one it deposited, tried, with a line ready to be recorded."""
    done = {"structure": key.key.structure, "asked_by": key.account, "asked_at": timezone.now()}
    done |= {"state": JobState.DONE, "finished_on": timezone.now()}
    asked = PackageExport(direction=key.key.direction, counts={"heures": 2}, sha256="0" * 64, **done)
    asked.file.save("paquet.zip", ContentFile(b"PK"), save=False)
    asked.save()
    report = {"tried": {"new": 1, "refused": 1}}
    run = DataImport.objects.create(system="Suivi", file_name="paquet.zip", content=b"PK", report=report, **done)
    line = {"source": run, "table": ExchangeTable.PERSONS}
    ExchangeLine.objects.create(row=2, reference="P-1", outcome=ExchangeOutcome.NEW, **line)
    ExchangeLine.objects.create(
        row=3, reference="P-2", outcome=ExchangeOutcome.REFUSED, message="La date de naissance manque.", **line
    )


def programs(**options):
    """{name: KeyClient} of the programs of both sides, with all a key may hold."""
    return {
        "department": program(KeyScope.WRITE_MARKETS, *BOTH, direction=KeyDirection.TO_FACILITATOR, **options),
        "facilitator": program(*WRITES, *BOTH, **options),
    }


def name_communes(communes):
    """Names one reads in the documentation."""
    for commune, name in zip(communes, ("Aix-en-Provence", "Gardanne"), strict=False):
        Commune.objects.filter(pk=commune.pk).update(name=name)


def _lots(territory, operation):
    """(the award of lot 1001, [lots 1001 awarded, 1002 calibrated, 1003 to review]) of one market."""
    trade = TradeFactory(code="gros-oeuvre", label="Gros œuvre")
    first = LotFactory(territory=territory, market__operation=operation, calibrated=True, number="1", trade=trade)
    award = AwardFactory(lot=first)
    CompanyContactFactory(company=award.company)
    same = {"territory": territory, "market": first.market, "trade": trade}
    return award, [first, LotFactory(number="2", calibrated=True, **same), LotFactory(number="3", **same)]


def _asked(territory, category, commune):
    """A request that waits for the facilitator's word."""
    person = ParticipantFactory(territory=territory, commune=commune)
    period = {"starts_on": date(2026, 9, 15), "ends_on": date(2027, 9, 14)}
    return EligibilityValidationFactory(participant=person, category=category, **period)


def _hours(contract):
    """Hours of August, those of June, which were sent, and those of July, which were erased."""
    record_month(contract=contract, month=date(2026, 8, 1), declared=140, by=author())
    record_month(contract=contract, month=date(2026, 6, 1), declared=100, by=author())
    close_quarter(territory=contract.territory, quarter=Quarter.parse("2026-T2"), by=author())
    record_month(contract=contract, month=date(2026, 7, 1), declared=70, by=author())
    record_month(contract=contract, month=date(2026, 7, 1), declared=None, by=author())
    return HoursEntry.objects.get(contract=contract, month=date(2026, 8, 1))


def _exit(award, commune):
    """What is to be asked of somebody who has left."""
    person = ParticipantFactory(territory=award.lot.territory, commune=commune)
    contract = EmploymentContractFactory(award=award, participant=person, ended=True, validated=True)
    return ExitSituationFactory(contract=contract)
