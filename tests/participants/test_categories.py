"""The categories of public: complete from the first day, dated, closed and never lost."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from participants.models import EligibilityCategory
from participants.reference import load
from tests.factories.participants import EligibilityCategoryFactory
from tests.support.pages import assert_done, assert_refused, submit, table

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

LIST = "/referentiels/publics/"


@pytest.fixture
def administrator(as_role):
    return as_role(Role.ADMINISTRATOR)


def url(name, row=None):
    return reverse(f"participants:category_{name}", args=[row.pk] if row else [])


def test_the_categories_of_the_state_are_there():
    load()
    codes = set(EligibilityCategory.objects.values_list("code", flat=True))
    assert {"RSA", "CAP_BEP", "ZRR", "FLE", "PM", "GEIQ_45", "QPV", "AVIS"} <= codes
    asked = dict(EligibilityCategory.objects.values_list("code", "requirement"))
    assert (asked["AVIS"], asked["IAE"], asked["RSA"]) == ("opinion", "structure", "evidence")


def test_loading_again_changes_nothing_of_what_the_office_wrote():
    load()
    EligibilityCategory.objects.filter(code="RSA").update(evidence_months=6)
    number = load()
    assert EligibilityCategory.objects.count() == number
    assert EligibilityCategory.objects.get(code="RSA").evidence_months == 6


def test_a_category_is_added(administrator):
    response = submit(
        administrator, url("create"), code="test", label="Autre", evidence="Avis", valid_from="2026-10-01"
    )
    assert_done(response, "La catégorie est enregistrée.")
    assert EligibilityCategory.objects.get().code == "TEST"
    again = submit(administrator, url("create"), code="TEST", label="Autre", evidence="Avis", valid_from="2027-10-01")
    assert_refused(again, "Ce code existe déjà : ouvrez une nouvelle version de la catégorie.")


def test_a_new_version_closes_the_former_one(administrator, today):
    former = EligibilityCategoryFactory(code="RSA", evidence_months=3)
    response = submit(administrator, url("renew", former), evidence_months="2", valid_from="2026-10-01")
    assert_done(response, f"La nouvelle version est enregistrée ({former}).")
    assert EligibilityCategory.objects.in_use(today).get().evidence_months == 3
    assert EligibilityCategory.objects.in_use(date(2026, 10, 1)).get().evidence_months == 2
    assert EligibilityCategory.objects.get(pk=former.pk).valid_until == date(2026, 9, 30)
    assert [row[5] for row in table(administrator.get(LIST), "Catégories")] == ["À venir", "En vigueur"]


def test_a_version_does_not_begin_before_the_last(administrator):
    former = EligibilityCategoryFactory(valid_from=date(2026, 1, 1))
    response = submit(administrator, url("renew", former), valid_from="2026-01-01")
    assert response.status_code == 422
    assert EligibilityCategory.objects.count() == 1


def test_a_category_is_corrected_then_closed(administrator, today):
    row = EligibilityCategoryFactory()
    assert_done(submit(administrator, url("edit", row), label="Mieux dit"), "La catégorie est corrigée.")
    response = submit(administrator, url("end", row), last_day="2026-09-14")
    assert_done(response, "Cette catégorie ne sera plus proposée (Mieux dit).")
    assert not EligibilityCategory.objects.in_use(today).exists()
    assert row.history.first().history_user == administrator.user


def test_an_absurd_freshness_is_refused(administrator):
    row = EligibilityCategoryFactory()
    response = submit(administrator, url("edit", row), evidence_months="0")
    assert_refused(response, "La fraîcheur d’un justificatif va de 1 à 60 mois.")
