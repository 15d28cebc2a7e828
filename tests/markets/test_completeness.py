"""What an avant-projet lacks, named, each point leading to its field (C6; domain.md §9.1)."""

from datetime import date

import pytest
from django.urls import reverse

from markets.completeness import Amounts, completeness, missing
from markets.enums import ExecutionTerm, Source, Technique
from markets.models import Market
from markets.services.preparation import review
from tests.factories.preparation import LotPhaseFactory
from tests.support.avant_projet import complete_lot, complete_market, new_market

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]


def lacking(market):
    """{(what, where)} that the portal finds missing."""
    market = Market.objects.select_related("operation").get(pk=market.pk)
    return {(point.label, point.where) for point in review(market, list(market.lots.all())).missing}


def after(market, **changes):
    Market.objects.filter(pk=market.pk).update(**changes)
    return lacking(market)


def test_a_whole_avant_projet_lacks_nothing(territory):
    market = complete_market(territory)
    assert lacking(market) == set()
    assert review(market, list(market.lots.all())).percent == 100


def test_a_new_market_is_told_everything_it_lacks(territory):
    market = new_market(territory)
    assert lacking(market) == {
        ("Corps de métier", "Lot 1"),
        ("Qualification requise", "Lot 1"),
        ("Effectif prévisionnel", "Lot 1"),
        ("Durée ferme", "Lot 1"),
        ("Métiers (ROME)", "Lot 1"),
        ("Montant estimé du marché", "Montants"),
        ("Montant estimé du lot 1", "Montants"),
        ("Une pièce du dossier de consultation", "Pièces"),
    }


@pytest.mark.parametrize(
    ("field", "empty", "point"),
    [
        ("cpv", "", ("Code CPV", "Marché")),
        ("procedure", "", ("Procédure", "Marché")),
        ("volume", "", ("Volumétrie", "Marché")),
        ("duration_months", None, ("Durée", "Marché")),
        ("starts_on", None, ("Début d’exécution", "Marché")),
        ("ends_on", None, ("Fin d’exécution", "Marché")),
        ("operation", None, ("Opération de rattachement", "Marché")),
        ("planned_publication_on", None, ("Publication prévue", "Calendrier")),
        ("planned_tenders_on", None, ("Remise des offres prévue", "Calendrier")),
        ("planned_notification_on", None, ("Notification prévue", "Calendrier")),
    ],
)
def test_each_field_of_the_market_is_asked(territory, field, empty, point):
    assert after(complete_market(territory), **{field: empty}) == {point}


@pytest.mark.parametrize(("field", "label"), [("officer", "Chargé d’opération"), ("address", "Adresse du site")])
def test_each_field_of_the_operation_is_asked(territory, field, label):
    market = complete_market(territory)
    setattr(market.operation, field, "")
    market.operation.save()
    assert lacking(market) == {(label, "Opération")}


def test_a_publication_that_slipped_into_the_past_is_missing_again(territory):
    market = complete_market(territory)
    assert after(market, planned_publication_on=date(2026, 9, 15)) == set()
    past = after(market, planned_publication_on=date(2026, 9, 14))
    assert past == {("Publication prévue à une date passée", "Calendrier")}


def test_a_market_already_launched_has_no_plan_to_give(territory):
    market = complete_market(territory)
    assert after(market, planned_publication_on=None, consultation_on=date(2026, 9, 1)) == set()
    no_plan = dict.fromkeys(("planned_publication_on", "planned_tenders_on", "planned_notification_on"))
    market.dce.all().delete()
    assert after(market, **no_plan, notified_on=date(2026, 9, 1)) == set()


def test_a_framework_says_how_it_is_carried_out(territory):
    market = complete_market(territory)
    label = "Bons de commande ou marchés subséquents de l’accord-cadre"
    assert after(market, technique=Technique.FRAMEWORK) == {(label, "Marché")}
    assert after(market, execution_terms=[ExecutionTerm.ORDERS]) == set()


def test_announced_tranches_are_described(territory):
    market = complete_market(territory)
    assert after(market, execution_terms=[ExecutionTerm.TRANCHES]) == {("Tranches annoncées, à décrire", "Lot 1")}
    LotPhaseFactory(lot=market.lots.get(), kind="tranche", number="2")
    label = "Montant estimé : tranche optionnelle 2 du lot 1"
    assert lacking(market) == {(label, "Montants")}


def test_a_renewal_says_how_long_it_lasts(territory):
    market = complete_market(territory)
    LotPhaseFactory(lot=market.lots.get(), kind="renewal", number="1", months=None)
    assert ("Durée de la reconduction 1", "Lot 1") in lacking(market)


def test_staff_taken_over_has_its_hours(territory):
    market = complete_market(territory)
    market.lots.update(staff_takeover=True)
    assert lacking(market) == {("Heures mensuelles du personnel repris", "Lot 1")}
    market.lots.update(takeover_hours=0)
    assert lacking(market) == set()


def test_amounts_are_named_and_never_shown(territory):
    market = complete_market(territory)
    lots, today = list(market.lots.all()), date(2026, 9, 15)
    points = missing(market, lots, amounts=Amounts(agree=False), documents=1, today=today)
    assert [point.label for point in points] == [
        "Montant estimé du marché",
        "Montant estimé du lot 1",
        "Somme des lots différente du montant du marché",
    ]
    assert {point.where for point in points} == {"Montants"}


def test_an_imported_market_is_asked_nothing(territory):
    market = new_market(territory)
    market.source = Source.DECP
    whole = completeness(market, list(market.lots.all()), amounts=Amounts(), documents=0, today=date(2026, 9, 15))
    assert (whole.missing, whole.percent) == ([], 100)


def test_the_share_done_grows_and_reaches_a_hundred_only_at_the_end(territory):
    market = new_market(territory)
    shares = [review(market, list(market.lots.all())).percent]
    complete_lot(market.lots.get())
    shares.append(review(market, list(market.lots.all())).percent)
    assert 0 < shares[0] < shares[1] < 100


def test_every_point_leads_to_a_field_of_the_page_it_names(as_role, territory):
    """The address of a point is a page, and its anchor the id of something on that page."""
    market = new_market(territory, cpv="", procedure="", volume="", duration_months=None)
    market.operation.officer = market.operation.address = ""
    market.operation.save()
    lot = market.lots.get()
    LotPhaseFactory(lot=lot, kind="renewal", months=None)
    lot.staff_takeover = True
    lot.save()
    officer = as_role("mission_officer")
    points = review(market, [lot]).missing
    assert len(points) > 14
    for point in points:
        path, anchor = point.url.split("#")
        assert f'id="{anchor}"' in officer.get(path).content.decode(), point
    assert points[0].url == reverse("operations:edit", args=[market.operation_id]) + "#id_officer"
