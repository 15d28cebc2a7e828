"""What every installation is given, and what it keeps when it is given again."""

from io import StringIO

import pytest
from django.core.management import call_command

from facilitators.enums import Permission, Role
from facilitators.models import Commune, Structure, Territory
from facilitators.permissions import grant, territories_for
from facilitators.reference import DEPARTMENT_SIRET, ELSEWHERE, TERRITORIES, UNDER_CONVENTION, load
from participants.models import EligibilityCategory
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded():
    call_command("load_reference_data", verbosity=0, stdout=StringIO())


def test_the_communes_of_the_departement_and_of_the_metropole(loaded):
    departments = Commune.objects.values_list("department", flat=True)
    assert (len(departments), sum(code == "13" for code in departments)) == (121, 119)
    assert set(Commune.objects.exclude(department="13").values_list("name", flat=True)) == {
        "Pertuis",
        "Saint-Zacharie",
    }
    assert not Commune.objects.filter(territory__code=ELSEWHERE).exists()


@pytest.mark.parametrize(
    ("name", "territory"),
    [
        ("Aix-en-Provence", "AIX"),
        ("Pertuis", "AIX"),
        ("Aubagne", "AUBAGNE"),
        ("Saint-Zacharie", "AUBAGNE"),
        ("Martigues", "MARTIGUES"),
        ("Marseille", "MARSEILLE"),
        ("Arles", "ARLES"),
    ],
)
def test_a_commune_is_in_its_basin(loaded, name, territory):
    assert Commune.objects.get(name=name).territory.code == territory


def test_communes_that_share_a_postal_code(loaded):
    shared = Commune.objects.with_postal_code("13100").values_list("name", flat=True)
    assert "Aix-en-Provence" in shared
    assert len(shared) > 1
    assert not Commune.objects.with_postal_code("131").exists()


def test_loading_again_changes_nothing_that_is_right(loaded):
    before = {model: list(model.objects.order_by("pk").values()) for model in (Territory, Commune, Structure)}
    EligibilityCategory.objects.filter(code="RSA").update(label="Allocataire du RSA")
    call_command("load_reference_data", verbosity=0, stdout=StringIO())
    assert {model: list(model.objects.order_by("pk").values()) for model in before} == before
    assert EligibilityCategory.objects.get(code="RSA").label == "Allocataire du RSA"


def test_loading_again_corrects_what_is_wrong(loaded):
    Commune.objects.filter(name="Aubagne").update(name="Aubagna")
    Territory.objects.filter(code="AIX").update(name="Aix")
    Commune.objects.filter(name="Martigues").delete()
    load()
    assert Commune.objects.filter(name__in=["Aubagne", "Martigues"]).count() == 2
    assert Territory.objects.get(code="AIX").name == "Pays d’Aix"


def test_the_territories_of_the_convention_and_the_institutions(loaded):
    assert Territory.objects.filter(code__in=UNDER_CONVENTION).count() == 3
    assert Territory.objects.count() == len(TERRITORIES)
    assert Structure.objects.get(kind="department").siret == DEPARTMENT_SIRET
    for structure in Structure.objects.all():
        structure.full_clean()


def test_accounts_made_before_the_territories_reach_them():
    officer = UserFactory()
    grant(user=officer, role=Role.MISSION_OFFICER, by=None)
    load()
    assert territories_for(officer, Permission.DECIDE_CLAUSE).count() == len(TERRITORIES)


def test_categories_in_use_on_a_day(loaded, today):
    category = EligibilityCategory.objects.get(code="RSA")
    category.valid_until = today
    category.save()
    assert EligibilityCategory.objects.in_use(today).filter(code="RSA").exists()
    assert not EligibilityCategory.objects.in_use(today.replace(day=16)).filter(code="RSA").exists()
    assert not EligibilityCategory.objects.in_use(category.valid_from.replace(year=2020)).exists()
