"""What counts on a market, beyond the hours worked there: read by all, decided by the Département."""

import pytest
from django.urls import reverse

from clauses_portal.core.versions import Stale
from facilitators.enums import Role
from markets.models import CountingRule
from markets.services.counting_rules import rule_of, set_rule
from tests.factories.accounts import author
from tests.factories.companies import CountingRuleFactory
from tests.factories.markets import LotFactory
from tests.support.pages import assert_done, assert_refused, document, submit, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


@pytest.fixture
def market(territory):
    return LotFactory(territory=territory).market


def url(market):
    return reverse("markets:counting_rule", args=[market.pk])


def test_a_market_without_a_rule_has_the_usual_one(market):
    rule = rule_of(market)
    assert (rule.pk, rule.training_counts, rule.prehire_training_cap, rule.tolerance_days) == (None, True, 0, 0)
    assert (rule.lasting_job_bonus, rule.qpv_required) == (0, False)


def test_the_mission_officer_sets_it(as_role, market):
    officer = as_role(Role.MISSION_OFFICER)
    assert "Personne n’a fixé de règle" in words(officer.get(url(market)))
    values = {"prehire_training_cap": 20, "tolerance_days": 30, "lasting_job_bonus": 100, "training_counts": None}
    response = submit(officer, url(market), **values)
    assert_done(response, "La règle de comptage du marché est enregistrée.")
    shown = words(response)
    assert "Compte, dans la limite de 20 % de l’objectif" in shown
    assert "Les heures comptent encore 30 jours" in shown
    assert "100 h valorisées par embauche" in shown
    rule = CountingRule.objects.get()
    assert rule.history.get().history_user == officer.user
    assert rule.training_counts is False


def test_a_rule_that_makes_no_sense_is_not_set(as_role, market):
    officer = as_role(Role.MISSION_OFFICER)
    for wrong, sentence in [
        ({"prehire_training_cap": 101}, "Le plafond de formation est compris entre 0 et 100 pour cent."),
        ({"tolerance_days": 400}, "La tolérance est de 366 jours au plus."),
        ({"lasting_job_bonus": 3000}, "Les heures valorisées sont au plus de 2 000 par embauche."),
    ]:
        assert_refused(submit(officer, url(market), **wrong), sentence)
    assert not CountingRule.objects.exists()


@pytest.mark.parametrize("role", [Role.FACILITATOR, Role.LEGAL_OFFICER])
def test_the_others_read_it(as_role, market, role):
    CountingRuleFactory(market=market, qpv_required=True)
    client = as_role(role)
    page = client.get(url(market))
    assert "Seuls leurs habitants comptent" in words(page)
    assert document(page).xpath("//main//form") == []
    assert client.post(url(market), {}).status_code == 403


def test_two_people_do_not_overwrite_one_another(market):
    set_rule(rule=CountingRule(market=market, tolerance_days=10), seen="", by=author())
    with pytest.raises(Stale):
        set_rule(rule=CountingRule(market=market, tolerance_days=20), seen="", by=author())
    assert rule_of(market).tolerance_days == 10
    set_rule(rule=CountingRule(market=market, tolerance_days=20), by=author())
    assert CountingRule.objects.get().tolerance_days == 20
