"""The pages of an opening balance: its form, the ledger and the lot that tell it."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.models import OpeningBalance
from tests.factories.markets import AwardFactory
from tests.support.pages import assert_done, assert_refused, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

FIGURES = {"hours": "400", "persons": "3", "until": "2026-06-30", "source": "Tableur de suivi"}


@pytest.fixture
def award(territory, convention):
    return AwardFactory(lot__territory=territory, lot__calibrated=True)


def test_the_facilitator_takes_over_what_was_done_and_everybody_sees_it(as_role, award):
    client, url = as_role(Role.FACILITATOR), reverse("markets:ledger", args=[award.pk])
    assert "Reprendre l’antériorité" in words(client.get(url))
    page = client.post(reverse("markets:opening", args=[award.pk]), FIGURES, follow=True)
    assert_done(page, "L’antériorité est reprise : elle est déduite de ce qui reste dû.")
    opening = OpeningBalance.objects.get()
    assert (opening.award, opening.recorded_by, opening.until) == (award, client.user, date(2026, 6, 30))
    told = "Dont reprise d’antériorité : 400 h, 3 personnes, jusqu’au 30/06/2026 (Tableur de suivi)"
    for page in (client.get(url), client.get(reverse("markets:lot", args=[award.lot_id]))):
        assert told in words(page)
        assert "Reprendre l’antériorité" not in words(page)
    assert told in words(as_role(Role.MISSION_OFFICER).get(url))


def test_a_refusal_stays_on_the_form(as_role, award):
    client = as_role(Role.FACILITATOR)
    page = client.post(reverse("markets:opening", args=[award.pk]), FIGURES | {"hours": "1001"})
    assert_refused(page, "Cette entreprise ne doit que 1 000 h : la reprise ne peut pas les dépasser.")
    assert not OpeningBalance.objects.exists()


def test_a_line_of_the_ledger_is_never_an_opening_balance(as_role, award):
    page = as_role(Role.MISSION_OFFICER).get(reverse("markets:objective", args=[award.pk]))
    assert "Reprise d’antériorité" not in words(page)
    assert "Avenant" in words(page)
