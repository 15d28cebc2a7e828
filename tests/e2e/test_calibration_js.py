"""The calibration screen in a browser: the result follows the typing, a method shows its own fields, nothing kept."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from facilitators.enums import Role
from markets.models import Calibration
from tests.factories.markets import LotFactory, LotFinancialsFactory
from tests.factories.preparation import TradeParametersFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(visit, as_role, territory, convention):
    lot = LotFactory(territory=territory, retained=True, trade=TradeParametersFactory().trade)
    LotFinancialsFactory(lot=lot, estimated_amount=1_000_000)
    page = visit(as_role(Role.FACILITATOR), reverse("markets:calibrate", args=[lot.pk]))
    page.set_default_timeout(6_000)
    return page


def fill(page, **fields):
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def test_the_result_follows_what_is_typed(screen):
    result = screen.locator("#apercu")
    fill(screen, labour_share="50", insertion_rate="5", hourly_cost="25")
    expect(result).to_contain_text("1 000 h")
    expect(result).to_contain_text("0,62 ETP")
    fill(screen, insertion_rate="0")
    expect(result).to_contain_text("Indiquez un pourcentage supérieur à 0")
    expect(screen.locator("[name=insertion_rate]")).to_be_focused()
    assert not Calibration.objects.exists()
    assert screen.script_errors == []


def test_a_method_brings_its_own_fields(screen):
    screen.get_by_label("Méthode de calcul").select_option("pact")
    expect(screen.locator("[name=transferable_monthly_hours]")).to_be_visible()
    expect(screen.locator("[name=labour_share]")).to_have_count(0)
    fill(screen, amount="600 000", months="48", transferable_monthly_hours="300", insertion_rate="10", ratio="25")
    expect(screen.locator("#apercu")).to_contain_text("960 h")
    screen.get_by_role("button", name="Calculer et proposer").click()
    expect(screen.locator("main")).to_contain_text("Le calibrage est proposé à la chargée de mission.")
    assert Calibration.objects.get().proposed_hours == 960
    assert "600" not in screen.url
    assert screen.script_errors == []
