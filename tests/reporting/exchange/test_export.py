"""What a package holds: what its author may read of one structure, the same bytes for the same data (C22, C27)."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from facilitators.enums import KeyDirection, Role
from facilitators.permissions import grant
from facilitators.references import name_row
from reporting.models import PackageExport
from reporting.services import packages
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import ConventionFactory, TerritoryFactory
from tests.factories.markets import LotFactory
from tests.factories.participants import HoursEntryFactory, ParticipantFactory
from tests.support.exchanged import both_ways, exported, package_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HOURS_IN_MARCH = "contract__award__lot__territory"


@pytest.fixture
def officer(territories):
    user = UserFactory()
    grant(user=user, role=Role.MISSION_OFFICER, by=None)
    return user


def read(content):
    """{file: text} of a package."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def test_the_departement_gets_no_names(officer, territory, convention):
    entry = HoursEntryFactory(**{HOURS_IN_MARCH: territory})
    her = entry.participant
    name_row(convention.structure, "participants", "DUPONT-Marie", her.pk)
    files = read(package_of(officer, convention.structure))
    manifest = json.loads(files["manifest.json"])
    assert manifest["not_readable"] == ["personnes.csv", "validations.csv", "sorties.csv"]
    assert "100" in files["heures.csv"]
    everything = "".join(files.values())
    assert [word for word in (her.last_name, "DUPONT", her.birth_date.isoformat()) if word in everything] == []


def test_the_facilitator_sends_the_names_of_her_structure_alone(territories, convention):
    here, there = ParticipantFactory(territory=territories[0]), ParticipantFactory(territory=TerritoryFactory())
    ConventionFactory(territories=[there.territory])
    files = read(package_of(both_ways([*territories, there.territory]), convention.structure))
    assert here.last_name in files["personnes.csv"]
    assert there.last_name not in files["personnes.csv"]


def test_no_amount_leaves(officer, territory, convention):
    LotFactory(territory=territory, calibrated=True)
    files = read(package_of(officer, convention.structure, KeyDirection.TO_FACILITATOR))
    assert sorted(files) == [
        *("attributions.csv", "entreprises.csv", "lots.csv", "manifest.json", "marches.csv", "operations.csv"),
    ]
    assert ";1000;" in files["lots.csv"]
    everything = "".join(files.values())
    assert [word for word in ("918273", "564738", "0.05", "0,05", "€") if word in everything] == []


def test_the_same_data_give_the_same_bytes(officer, territory, convention):
    LotFactory(territory=territory)
    first, second = (package_of(officer, convention.structure, KeyDirection.TO_FACILITATOR) for _ in range(2))
    assert first == second


def test_a_package_costs_the_same_however_many_rows(officer, territory, convention, count_queries):
    LotFactory(territory=territory)
    one = count_queries(lambda: package_of(officer, convention.structure, KeyDirection.TO_FACILITATOR))
    for _ in range(3):
        LotFactory(territory=territory)
    four = count_queries(lambda: package_of(officer, convention.structure, KeyDirection.TO_FACILITATOR))
    assert four <= one  # the first one also reads the rights


def test_the_hours_are_those_of_the_period(territories, convention):
    HoursEntryFactory(**{HOURS_IN_MARCH: territories[0]})
    user = both_ways(territories)
    months = {"starts_on": timezone.localdate().replace(month=4, day=1)}
    assert exported(user, convention.structure, KeyDirection.TO_DEPARTMENT, **months).counts["heures"] == 0
    assert exported(user, convention.structure, KeyDirection.TO_DEPARTMENT).counts["heures"] == 1


def test_the_file_is_gone_after_a_week(officer, convention):
    asked = exported(officer, convention.structure, KeyDirection.TO_FACILITATOR)
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23)):
        assert packages.erase_old_packages() == 0
        packages.open_package(asked).close()
        assert asked.file.storage.exists(asked.file.name)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        with pytest.raises(DomainError, match="sept jours"):
            packages.open_package(asked)
        assert packages.erase_old_packages() == 1
        assert packages.erase_old_packages() == 0
    assert not asked.file.storage.exists(asked.file.name)


def test_nobody_exports_for_a_structure_that_is_not_hers(territory, elsewhere, convention):
    other = ConventionFactory(territories=[TerritoryFactory()]).structure
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, by=None, territory=territory)
    with pytest.raises(DomainError, match="cette structure"):
        packages.ask_package(by=user, structure=other, direction=KeyDirection.TO_DEPARTMENT)
    asked = packages.ask_package(by=user, structure=convention.structure, direction=KeyDirection.TO_DEPARTMENT)
    again = packages.ask_package(by=user, structure=convention.structure, direction=KeyDirection.TO_DEPARTMENT)
    assert (PackageExport.objects.count(), again.pk) == (1, asked.pk)
