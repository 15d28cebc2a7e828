"""The facilitator proposes hours, the chargée de mission retains them; the computation stays on its screens."""

from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets.enums import LotState
from markets.models import Calibration, CalibrationMethod, Lot
from markets.services.calibration import propose
from tests.factories.accounts import author
from tests.factories.markets import THOUSAND_HOURS, LotFactory, LotFinancialsFactory
from tests.support.pages import assert_done, assert_refused, submit, typed, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
NOT_A_NUMBER = "Saisissez un nombre."
ABOVE_ZERO = "Indiquez un montant supérieur à zéro."
NOT_A_SHARE = "Indiquez un pourcentage supérieur à 0 et d’au plus 100."
PARAMETERS = {"amount": "1 000 000", "labour_share": "50 %", "insertion_rate": "5", "hourly_cost": "25,00"}


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory, retained=True)


@pytest.fixture
def version(lot):
    """A thousand hours, proposed."""
    return propose(lot=lot, by=author(), **THOUSAND_HOURS)


def url(name, row):
    return reverse(f"markets:{name}", args=[row.pk])


def test_hours_are_proposed(facilitator, lot):
    response = submit(facilitator, url("calibrate", lot), **PARAMETERS)
    assert_done(response, "Le calibrage est proposé à la chargée de mission.")
    assert "1 000 h" in words(response)
    version = Calibration.objects.get()
    assert (version.proposed_hours, version.proposed_by) == (1000, facilitator.user)
    assert CalibrationMethod.objects.get().parameters["labour_share"] == "0.5"


def test_the_known_amount_is_there_already(facilitator, lot):
    LotFinancialsFactory(lot=lot, estimated_amount=Decimal("412500.50"))
    assert typed(facilitator.get(url("calibrate", lot)))["amount"].split() == ["412", "500,5"]


def test_nonsense_proposes_nothing(facilitator, lot):
    for wrong, sentence in [
        ({"amount": ""}, REQUIRED),
        ({"amount": "0"}, ABOVE_ZERO),
        ({"amount": "un million"}, NOT_A_NUMBER),
        ({"labour_share": "NaN"}, NOT_A_NUMBER),
        ({"labour_share": "sNaN"}, NOT_A_NUMBER),
        ({"labour_share": "Infinity"}, NOT_A_NUMBER),
        ({"labour_share": "1e9999999"}, NOT_A_SHARE),
        ({"insertion_rate": "0"}, NOT_A_SHARE),
        ({"insertion_rate": "100,01"}, NOT_A_SHARE),
        ({"insertion_rate": "1e-9999999"}, "Taux d’insertion"),
        ({"hourly_cost": "-25"}, ABOVE_ZERO),
        ({"insertion_rate": "0,0001"}, "Le calcul ne donne pas assez d’heures pour une clause."),
        ({"amount": "9999999999", "labour_share": "100"}, "Le résultat dépasse un million d’heures"),
    ]:
        response = submit(facilitator, url("calibrate", lot), **PARAMETERS | wrong)
        assert response.status_code == 422
        assert sentence in words(response)
        assert typed(response)["hourly_cost"] == wrong.get("hourly_cost", "25,00")
        assert not Calibration.objects.exists()


def test_a_lot_without_a_clause_is_not_calibrated(facilitator, territory):
    lot = LotFactory(territory=territory)
    response = submit(facilitator, url("calibrate", lot), **PARAMETERS)
    assert_refused(response, "Ce lot n’a pas de clause retenue : il ne peut pas être calibré.")


def test_a_rate_is_told_as_it_was_typed(facilitator, officer, lot):
    submit(facilitator, url("calibrate", lot), **PARAMETERS | {"labour_share": "43,217", "insertion_rate": "2,5"})
    shown = words(officer.get(url("retain", Calibration.objects.get())))
    assert "1 000 000 € × 43,217 % = 432 170 €" in shown
    assert "432 170 € × 2,5 % = 10 804,25 €" in shown


def test_the_page_of_the_lot_never_shows_the_computation(officer, facilitator, version, lot):
    for client in (officer, facilitator):
        shown = words(client.get(url("lot", lot)))
        assert "1 000 h" in shown
        for secret in ("500 000", "25 000", "50 %", "25 €", "main-d’œuvre"):
            assert secret not in shown


def test_a_confidential_screen_says_so(facilitator, lot):
    assert "Écran confidentiel" in words(facilitator.get(url("calibrate", lot)))


def test_the_office_may_keep_the_method_to_itself(as_role, lot, settings):
    settings.FACILITATORS_SEE_METHOD = False
    facilitator = as_role(Role.FACILITATOR)
    assert facilitator.get(url("calibrate", lot)).status_code == 403
    assert url("calibrate", lot) not in facilitator.get(url("lot", lot)).content.decode()
