"""What a company without account is sent and sends: links, reminders, declared months, imported statements."""

from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256

import factory
from factory.django import DjangoModelFactory

from markets.enums import ContactRole, LinkPurpose
from markets.models import CompanyContact, CompanyLink, CompanyReminder
from markets.services.companies import save_contact
from markets.services.company_links import create_link
from participants.models import DeclarationLine, HoursImport, ImportedLine, MonthlyDeclaration, StatementMapping
from participants.services.declarations import declare
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import TerritoryFactory
from tests.factories.mail import OutgoingMailFactory
from tests.factories.markets import CompanyFactory
from tests.factories.participants import EmploymentContractFactory

AUGUST = date(2026, 8, 1)


class PayrollContactFactory(DjangoModelFactory):
    """Somebody at the pay office, who receives the demands of hours."""

    class Meta:
        model = CompanyContact

    company = factory.SubFactory(CompanyFactory)
    role = ContactRole.PAYROLL
    name = factory.Sequence(lambda n: f"Camille Paie {n}")
    email = factory.Sequence(lambda n: f"paie{n}@example.test")
    receives_reminders = True

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return save_contact(contact=CompanyContact(**fields), by=author())


class CompanyLinkFactory(DjangoModelFactory):
    """A live link to declare August 2026."""

    class Meta:
        model = CompanyLink

    company = factory.SubFactory(CompanyFactory)
    purpose = LinkPurpose.HOURS
    month = AUGUST

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return create_link(**fields)


class CompanyReminderFactory(DjangoModelFactory):
    """The first reminder of August 2026."""

    class Meta:
        model = CompanyReminder

    company = factory.SubFactory(CompanyFactory)
    contact = factory.SubFactory(PayrollContactFactory, company=factory.SelfAttribute("..company"))
    link = factory.SubFactory(CompanyLinkFactory, company=factory.SelfAttribute("..company"))
    mail = factory.SubFactory(OutgoingMailFactory)
    month = AUGUST
    step = 1


class MonthlyDeclarationFactory(DjangoModelFactory):
    """August 2026 of a company, 70 h for each of its people. `contract`: one of them."""

    class Meta:
        model = MonthlyDeclaration

    class Params:
        contract = factory.SubFactory(EmploymentContractFactory, validated=True)

    company = factory.SelfAttribute("contract.employer")
    month = AUGUST
    hours = Decimal(70)
    signatory = "Camille Paie"

    @classmethod
    def _create(cls, model_class, *args, hours, **fields):
        from participants.declared_lines import month_of

        people = month_of(fields["company"], fields["month"]).open
        return declare(hours={contract.pk: (hours, "") for contract in people}, **fields)


class DeclarationLineFactory(DjangoModelFactory):
    """The only line of a declared month."""

    class Meta:
        model = DeclarationLine

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return MonthlyDeclarationFactory(**fields).lines.get()


def moment():
    return datetime(2026, 9, 15, 9, tzinfo=UTC)


class HoursImportFactory(DjangoModelFactory):
    """A statement that waits for the worker. Trait: done, tried and reported without a line."""

    class Meta:
        model = HoursImport

    class Params:
        done = factory.Trait(state="done", report={"headers": ["Nom", "Heures"], "missing": [], "notes": []})

    territory = factory.SubFactory(TerritoryFactory)
    company = factory.SubFactory(CompanyFactory)
    file_name = "releve.csv"
    content = b"Nom;Heures\nA;1\n"
    sha256 = factory.Sequence(lambda n: sha256(str(n).encode()).hexdigest())
    mapping = {"columns": {}, "month": ""}
    asked_at = factory.LazyFunction(moment)
    asked_by = factory.SubFactory(UserFactory)


class ImportedLineFactory(DjangoModelFactory):
    class Meta:
        model = ImportedLine

    source = factory.SubFactory(HoursImportFactory, done=True)
    row = factory.Sequence(lambda n: n + 2)
    person = "Bérenger Inès"
    month = AUGUST
    hours = Decimal(70)
    outcome = "unknown"


class StatementMappingFactory(DjangoModelFactory):
    class Meta:
        model = StatementMapping

    company = factory.SubFactory(CompanyFactory)
    signature = factory.Sequence(lambda n: f"{n:064x}")
    mapping = {"name": 0, "hours": 1}
