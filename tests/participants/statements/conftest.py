"""An ETTI, two persons it lends, and the statement it sends."""

from datetime import date

import pytest

from facilitators.enums import Role
from facilitators.permissions import grant
from participants.models import HoursImport
from participants.services.hours_imports import ask_hours_import, ask_recording
from participants.tasks import import_hours
from tests.factories.accounts import UserFactory
from tests.factories.markets import AwardFactory, CompanyFactory, LotFactory
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory, ParticipantFactory
from tests.participants.statements.statement_files import HEADERS, statement


@pytest.fixture
def lender():
    return CompanyFactory(kind="etti", name="Intérim Solidaire")


@pytest.fixture
def asker(territory, convention):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


@pytest.fixture
def hire(lender, territory):
    """hire(last name, first name, …) is the contract of a validated person lent by the ETTI."""

    def make(last_name, first_name, *, validated=True, award=None, participant=None, **changes):
        person = participant or ParticipantFactory(territory=territory, last_name=last_name, first_name=first_name)
        if validated and not participant:
            EligibilityValidationFactory(participant=person, granted=True)
        award = award or AwardFactory(lot=LotFactory(territory=territory, calibrated=True))
        terms = {"modality": "2", "contract_type": "temporary", "employer": lender, "starts_on": date(2026, 2, 1)}
        return EmploymentContractFactory(participant=person, award=award, **terms | changes)

    return make


@pytest.fixture
def give(asker, territory, lender):
    """give(row, …) tries a statement and returns its run."""

    def run(*rows, content=None, name="releve.csv", company=None, **options):
        asked = ask_hours_import(
            by=asker,
            territory=territory,
            company=company or lender,
            file_name=name,
            content=content or statement(*rows, headers=options.pop("headers", HEADERS)),
            **options,
        )
        import_hours(asked.pk)
        return HoursImport.objects.get(pk=asked.pk)

    return run


@pytest.fixture
def record(asker):
    """record(run) records it and returns it."""

    def act(run):
        ask_recording(run=run, by=asker)
        import_hours(run.pk)
        return HoursImport.objects.get(pk=run.pk)

    return act
