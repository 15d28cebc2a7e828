"""What a company without account sends and is sent: a declared month, its link, a statement to share out."""

from datetime import date
from decimal import Decimal

from tests.core.made_files import PDF
from tests.factories.links import (
    AUGUST,
    CompanyLinkFactory,
    HoursImportFactory,
    ImportedLineFactory,
    MonthlyDeclarationFactory,
    PayrollContactFactory,
)
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory

SHEET = ("relevé.pdf", PDF)


def company_month_rows(contract):
    """{target: object} of the employer of a contract that runs in August 2026."""
    run = HoursImportFactory(territory=contract.territory, company=contract.employer, done=True)
    return {
        "declaration": MonthlyDeclarationFactory(contract=contract, file=SHEET),
        "hours_link": CompanyLinkFactory(company=contract.employer),
        "statement": run,
        "imported_line": ImportedLineFactory(
            source=run,
            participant=contract.participant,
            person=f"{contract.participant.last_name} {contract.participant.first_name}",
            outcome="ambiguous",
        ),
    }


def a_contract(world, **changes):
    award = AwardFactory(lot=LotFactory(territory=world.territory, calibrated=True))
    return EmploymentContractFactory(award=award, validated=True, **changes)


def a_company_month(world):
    """One more company with people, a contact, a link and an answer."""
    contract = a_contract(world)
    PayrollContactFactory(company=contract.employer)
    CompanyLinkFactory(company=contract.employer)
    MonthlyDeclarationFactory(contract=contract)


def a_declared_line(world):
    """One more line to check, in the month of the same company."""
    if world.row is None:
        contract = a_contract(world)
        world.row = contract.employer
    else:
        contract = EmploymentContractFactory(award=world.row.awards.get(), validated=True)
    HoursEntryFactory(contract=contract, month=AUGUST, declared=Decimal(60))
    MonthlyDeclarationFactory(contract=contract)


def a_statement(world):
    HoursImportFactory(territory=world.territory, done=True)


def an_imported_line(world):
    """One more line of the same statement."""
    world.row = world.row or HoursImportFactory(territory=world.territory, done=True)
    contract = a_contract(world, starts_on=date(2026, 2, 1))
    ImportedLineFactory(
        source=world.row, contract=contract, participant=contract.participant, row=world.number + 1, outcome="differs"
    )
