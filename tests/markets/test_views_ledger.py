"""The pages of a company on a lot: its ledger, transfers, how it leaves."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.models import Award
from markets.services.award_ends import NOT_YET, end_award
from markets.services.awards import add_objective, objective_of
from tests.factories.companies import HoursTransferFactory
from tests.factories.facilitators import DirectorateFactory, siret
from tests.factories.markets import AwardFactory, LotFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, tidy, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

NEW = siret(500)


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory, calibrated=True)


def companies(response):
    """Cells of the table of the companies of a lot."""
    return table(response, "Entreprises du lot")


@pytest.mark.parametrize("role", [Role.DIRECTORATE_AGENT, Role.FACILITATOR, Role.LEGAL_OFFICER])
def test_only_the_mission_officer_decides_what_is_due(as_role, territory, convention, role):
    directorate = DirectorateFactory()
    place = {"directorate": directorate} if role == Role.DIRECTORATE_AGENT else {}
    award = AwardFactory(
        lot__territory=territory, lot__calibrated=True, lot__market__operation__directorate=directorate
    )
    client = as_role(role, **place)
    for name in ("objective", "transfer", "award_cede"):
        assert client.get(reverse(f"markets:{name}", args=[award.pk])).status_code == 403
        assert client.post(reverse(f"markets:{name}", args=[award.pk]), {}).status_code == 403
    page = client.get(reverse("markets:ledger", args=[award.pk]))
    assert table(page, "Heures dues")[0][1:4] == ["Heures du marché", "+1 000 h", "1 000 h"]
    assert "Ajouter une ligne" not in words(page)


def test_the_ledger_tells_minimum_offered_and_current_apart(officer, lot):
    award = AwardFactory(lot=lot, hours_minimum=1000, hours_offered=150)
    add_objective(
        award=award, kind="neutralised", hours=-50, effective_on=date(2026, 9, 1), reason="Intempéries", by=officer.user
    )
    page = officer.get(reverse("markets:ledger", args=[award.pk]))
    figures = document(page).xpath("//dl[@class='key-figures']/div")
    told = {tidy(figure.findtext("dt")): tidy(figure.find("dd").text_content()) for figure in figures}
    assert told == {
        "Minimum du marché": "1 000 h",
        "Offertes en plus": "150 h",
        "Objectif du jour": "1 100 h",
        "Comptabilisées": "0 h",
        "Restent à faire": "1 100 h",
    }
    assert [row[3] for row in table(page, "Heures dues")] == ["1 000 h", "1 150 h", "1 100 h"]


def test_the_tree_of_a_lot_is_shown_with_who_left(officer, lot):
    lead = AwardFactory(lot=lot, role="lead", grouping="joint", company__name="Alpha")
    under = AwardFactory(lot=lot, role="subcontractor", parent=lead, hours_minimum=None, company__name="Bêta")
    AwardFactory(lot=lot, role="subcontractor", parent=under, hours_minimum=None, company__name="Gamma")
    end_award(award=under, ended_on=date(2026, 9, 10), by=officer.user)
    rows = companies(officer.get(reverse("markets:lot", args=[lot.pk])))
    names = [row[0].partition(" SIRET")[0] for row in rows]
    assert names == ["Alpha", "– Bêta", "– – Gamma"]
    assert rows[0][1] == "Mandataire (conjoint)"
    assert rows[1][1] == "Sous-traitant de Alpha A quitté le lot le 10/09/2026 Retrait du sous-traitant"
    assert "10/09/2026" in rows[2][1]


def test_an_award_is_completed(officer, lot):
    award = AwardFactory(lot=lot, subcontractor=True)
    url = reverse("markets:award_edit", args=[award.pk])
    response = submit(
        officer, url, accepted_on="2026-09-01", intervenes_from="2026-10-01", intervenes_until="2026-09-01"
    )
    assert_refused(response, "La fin d’intervention précède son début.")
    response = submit(officer, url, accepted_on="2026-09-01", intervenes_from="2026-10-01")
    assert_done(response, "L’attribution est enregistrée.")
    assert "Agréé le (DC4) 01/09/2026" in words(response)


def test_a_subcontractor_withdraws(officer, lot):
    award = AwardFactory(lot=lot, subcontractor=True, company__name="Bêta")
    url = reverse("markets:award_end", args=[award.pk])
    assert_refused(submit(officer, url, ended_on="2026-12-01"), NOT_YET)
    assert_done(submit(officer, url, ended_on="2026-09-10"), "Bêta a quitté le lot.")
    assert Award.objects.live().get() == award.parent


def test_a_market_is_ceded(officer, lot):
    award = AwardFactory(lot=lot, company__name="Alpha")
    url = reverse("markets:award_cede", args=[award.pk])
    assert typed(officer.get(url))["hours"] == "1000"
    response = submit(officer, url, siret=NEW, company_name="Repreneur", hours=700, reason="Cession du 1er septembre")
    assert_done(response, "Le marché est cédé à Repreneur.")
    assert table(response, "Heures dues")[0][:4] == [
        "15/09/2026",
        f"Transfert reçu Alpha, {lot.market.number} lot {lot.number}",
        "+700 h",
        "700 h",
    ]
    award.refresh_from_db()
    assert (award.end_reason, award.ended_on) == ("assignment", date(2026, 9, 15))


def test_hours_are_transferred_to_another_lot_of_the_company(officer, lot, territory):
    award = AwardFactory(lot=lot)
    url = reverse("markets:transfer", args=[award.pk])
    assert "Aucun lot d’accueil" in words(officer.get(url))
    other = AwardFactory(company=award.company)
    values = {
        "target": other.pk,
        "source_agreed_on": "2026-09-01",
        "target_agreed_on": "2026-09-02",
        "reason": "Un parcours",
    }
    assert_refused(
        submit(officer, url, **values, hours=1200),
        "Il ne reste que 1 000 h à faire : transférez-en moins, ou "
        "indiquez que le transfert va au-delà du reste à faire.",
    )
    assert_refused(
        submit(officer, url, **values | {"source_agreed_on": "2026-10-01"}, hours=100),
        "Un accord écrit porte une date passée, ou celle du jour.",
    )
    response = submit(officer, url, **values, hours=400)
    assert_done(response, "Les heures sont transférées.")
    assert "Accords écrits du 01/09/2026 et du 02/09/2026" in words(response)
    assert [objective_of(row) for row in (award, other)] == [600, 1400]


def test_the_other_end_of_a_transfer_is_for_those_who_may_see_it(as_role, territory, elsewhere):
    here = AwardFactory(lot__territory=territory, lot__calibrated=True)
    there = AwardFactory(lot__territory=elsewhere, lot__calibrated=True, company=here.company)
    HoursTransferFactory(source=there, target=here)
    page = words(as_role(Role.FACILITATOR).get(reverse("markets:ledger", args=[here.pk])))
    assert "Un lot hors de votre périmètre" in page
    assert there.lot.market.number not in page
