"""Hours by key: deposited month by month, counted by the same rules as the grid (C14; security.md A18, A25, M7–M11)."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from facilitators.enums import KeyScope
from participants.enums import HoursSource
from participants.models import HoursEntry
from participants.services.hours import record_cells, record_month
from tests.factories.accounts import author
from tests.factories.facilitators import TerritoryFactory
from tests.factories.markets import AwardFactory
from tests.factories.participants import (
    EmploymentContractFactory,
    HoursEntryFactory,
)
from tests.support.deposits import MARCH, close, counted, grid_line, refusal, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

M6 = "Cette fiche a été modifiée entre-temps. Rechargez-la avant d’enregistrer."
M7 = "Ce mois est clôturé : ses heures ne peuvent plus être modifiées."
M11 = "Des heures existent déjà pour ce contrat et ce mois."


@pytest.fixture
def writer(as_key):
    return as_key(KeyScope.WRITE_HOURS)


@pytest.fixture
def award(territory):
    return AwardFactory(lot__territory=territory)


@pytest.fixture
def contract(award):
    return EmploymentContractFactory(award=award, validated=True)


def test_hours_are_deposited_and_read_again(writer, contract):
    for declared in ("151.67", 151.67):
        HoursEntry.objects.all().delete()
        response = writer.write("/hours", sent(contract, declared))
        assert response.status_code == 200, response.json()
        outcome = response.json()
        assert {name: outcome[name] for name in ("status", "declared", "counted", "message")} == {
            "status": "counted", "declared": "151.67", "counted": "151.67", "message": "",
        }  # fmt: skip
    line = writer.read("/hours", {"contract": contract.pk}).json()["items"][0]
    assert (line["month"], line["starts_on"], line["ends_on"]) == ("2026-03", "2026-03-01", "2026-03-31")
    assert (line["declared"], line["booked_in"], line["source"]) == ("151.67", None, "api")
    assert line["version"] == outcome["version"]
    assert writer.read(f"/hours/{line['id']}").json() == line
    entry = HoursEntry.objects.get()
    assert (entry.source, entry.history.first().history_user) == (HoursSource.API, writer.account)


def test_the_list_is_narrowed(writer, contract, award):
    other = EmploymentContractFactory(award=award)
    for one, month in ((contract, MARCH), (contract, date(2026, 4, 1)), (other, MARCH)):
        record_month(contract=one, month=month, declared=Decimal(10), by=author())

    def found(**asked):
        return len(writer.read("/hours", asked).json()["items"])

    assert (found(), found(contract=contract.pk), found(lot=award.lot_id), found(month="2026-03")) == (3, 2, 3, 2)
    assert found(contract=contract.pk, month="2026-04") == 1
    for asked in ({"month": "2026-13"}, {"month": "mars"}, {"contract": "x"}, {"name": "x"}):
        answer = writer.read("/hours", asked)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, next(iter(asked)))


def test_hours_are_replaced_with_their_version(writer, contract):
    version = writer.write("/hours", sent(contract)).json()["version"]
    replaced = writer.write("/hours", sent(contract, "90.5", version=version)).json()
    assert (replaced["declared"], replaced["version"]) == ("90.50", version + 1)
    stale = writer.write("/hours", sent(contract, "80", version=version))
    assert refusal(stale) == (409, "stale_version", M6)
    assert HoursEntry.objects.get().declared == Decimal("90.5")


def test_other_hours_are_not_replaced_by_a_program_that_read_nothing(writer, contract):
    grid_line(contract)
    assert refusal(writer.write("/hours", sent(contract, "90"))) == (409, "hours_already_there", M11)
    assert refusal(writer.write("/hours", sent(contract, None))) == (409, "hours_already_there", M11)
    entry = HoursEntry.objects.get()
    assert (entry.declared, entry.source) == (100, HoursSource.GRID)


def test_the_same_hours_again_change_nothing(writer, contract):
    first = writer.write("/hours", sent(contract)).json()
    lines = HoursEntry.history.count()
    assert writer.write("/hours", sent(contract, "100.00")).json() == first
    assert HoursEntry.history.count() == lines
    assert counted() == (100, 100)


def test_hours_are_erased_and_told_so(writer, contract):
    before = timezone.now()
    version = writer.write("/hours", sent(contract)).json()["version"]
    pk = HoursEntry.objects.get().pk
    erased = writer.write("/hours", sent(contract, None, version=version)).json()
    assert (erased["status"], erased["declared"], erased["version"]) == ("empty", None, 0)
    assert not HoursEntry.objects.exists()
    gone = writer.read("/hours/erased", {"since": before.isoformat()}).json()["items"]
    assert [(row["id"], row["contract"], row["month"]) for row in gone] == [(pk, contract.pk, "2026-03")]
    assert set(gone[0]) == {"id", "contract", "month", "nature", "erased_at"}
    assert writer.read("/hours/erased", {"since": "2027-01-01T00:00:00Z"}).json()["items"] == []
    for asked in ({"since": "hier"}, {"contract": contract.pk}):
        assert writer.read("/hours/erased", asked).status_code == 400


def test_what_was_erased_elsewhere_is_not_told(writer):
    outside = HoursEntryFactory(contract__award__lot__territory=TerritoryFactory())
    record_month(contract=outside.contract, month=MARCH, declared=None, by=author())
    assert writer.read("/hours/erased").json()["items"] == []


def test_a_closed_month_no_longer_changes(writer, contract):
    grid_line(contract)
    close(contract)
    assert refusal(writer.write("/hours", sent(contract, "90", version=1))) == (409, "month_closed", M7)
    pk = HoursEntry.objects.get().pk
    aside = {"version": 1, "hours": "10", "reason": "duplicate"}
    assert refusal(writer.write(f"/hours/{pk}/withhold", aside)) == (409, "month_closed", M7)
    assert HoursEntry.objects.get().declared == 100


def test_a_month_that_was_sent_is_regularised(writer, contract):
    grid_line(contract)
    right = {"contract": contract.pk, "month": "2026-03", "hours": "120", "reason": "Relevé corrigé."}
    early = writer.write("/hours/regularisations", right)
    assert refusal(early)[:2] == (422, "month_not_closed")
    close(contract)
    response = writer.write("/hours/regularisations", right)
    assert response.status_code == 201, response.json()
    line = response.json()
    assert (line["declared"], line["counted"], line["booked_in"], line["month"], line["source"]) == (
        "20.00", "20.00", "2026-04", "2026-04", "api",
    )  # fmt: skip
    stale = writer.write("/hours/regularisations", right | {"hours": "130", "version": 1})
    assert refusal(stale) == (409, "stale_version", M6)
    half = writer.write("/hours/regularisations", right | {"starts_on": "2026-03-01"})
    assert (half.status_code, half.json()["errors"][0]["field"]) == (400, "starts_on")
    assert counted() == (120, 120)


def test_hours_are_set_aside_and_given_back(writer, contract):
    grid_line(contract)
    entry = HoursEntry.objects.get()
    path = f"/hours/{entry.pk}/withhold"
    aside = writer.write(path, {"version": 1, "hours": "40", "reason": "duplicate"}).json()
    assert (aside["counted"], aside["rejected"], aside["withheld"], aside["rejection_reason"]) == (
        "60.00", "40.00", "40.00", "duplicate",
    )  # fmt: skip
    assert refusal(writer.write(path, {"version": 1, "hours": "0"})) == (409, "stale_version", M6)
    unexplained = writer.write(path, {"version": aside["version"], "hours": "10"})
    assert (unexplained.status_code, unexplained.json()["errors"][0]["field"]) == (400, "reason")
    assert writer.write(path, {"version": aside["version"], "hours": 0}).json()["counted"] == "100.00"


def test_a_line_of_the_grid_then_the_same_month_by_key_is_one_line(writer, contract):
    grid_line(contract)
    assert writer.write("/hours", sent(contract)).status_code == 200
    version = HoursEntry.objects.get().version
    assert writer.write("/hours", sent(contract, "80", version=version)).status_code == 200
    assert HoursEntry.objects.get().declared == 80


def test_a_month_by_key_then_a_cell_of_the_grid_is_one_line(writer, contract):
    writer.write("/hours", sent(contract))
    by_page = record_cells(cells=[(contract, MARCH, "80", 0)], by=author())[0]
    assert (by_page.status, by_page.declared, by_page.message) == ("conflict", 100, M6)
    assert HoursEntry.objects.get().declared == 100


def test_the_contract_may_be_named_by_the_reference_of_the_caller(as_key, contract):
    client = as_key(KeyScope.WRITE_HOURS, KeyScope.WRITE_PERSONS)
    row = client.read(f"/contracts/{contract.pk}").json()
    client.change(f"/contracts/{contract.pk}", {"external_reference": "C-1", "version": row["version"]})
    for path, body in (("/hours", sent(contract)), ("/hours/bulk", {"items": [sent(contract, "0")]})):
        HoursEntry.objects.all().delete()
        line = body.get("items", [body])[0]
        line["contract"] = "C-1"
        assert client.write(path, body).status_code == 200
    assert HoursEntry.objects.get().contract == contract
