"""Awards by key: who got a lot, what it owes today, how it leaves (C7, C22, C23)."""

from datetime import date

import pytest

from facilitators.enums import KeyScope
from markets.models import Award, Company, LotFinancials, ObjectiveEntry
from tests.factories.companies import CompanyContactFactory
from tests.factories.facilitators import TerritoryFactory, siret
from tests.factories.markets import AwardFactory, CompanyFactory, LotFactory
from tests.support.writing import accepted, not_to_be_sent

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

FIELDS = {"external_reference", "version", "role", "grouping", "notified_on", "accepted_on", "intervenes_from"}
FIELDS |= {"intervenes_until"}
AT_FIRST = {"lot", "company", "parent", "hours_minimum", "hours_offered"}


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory, calibrated=True)


@pytest.fixture
def sent(lot):
    """A body that is accepted, for a company nobody knows."""
    company = {"siret": siret(77), "name": "Façades du Sud"}
    return {"lot": lot.pk, "company": company, "hours_minimum": 1000, "hours_offered": 150, "notified_on": "2026-09-01"}


@pytest.fixture
def held(territory):
    """The award of a lot of the territory, 1 000 h due."""
    return AwardFactory(lot__territory=territory)


def test_an_award_is_deposited_with_its_company(depositor, sent, lot):
    response = depositor.write("/awards", sent | {"external_reference": "A-1"})
    assert response.status_code == 201, response.json()
    award = Award.objects.get()
    read = depositor.read(f"/awards/{award.pk}").json()
    assert read == response.json()
    assert (read["objective"], read["company_siret"], read["role"]) == (1150, siret(77), "holder")
    assert (award.lot.state, award.company.name) == ("awarded", "Façades du Sud")
    assert award.history.get().history_user == depositor.account


def test_the_ledger_is_read_line_by_line(reader, held, territory):
    lines = reader.read(f"/awards/{held.pk}/objective").json()["items"]
    entry = ObjectiveEntry.objects.get()
    expected = {"id": entry.pk, "kind": "initial", "hours": 1000, "effective_on": "2026-01-05", "reason": ""}
    assert lines == [expected]
    assert reader.read(f"/awards/{held.pk}/objective", {"ordering": "hours"}).status_code == 400


def test_a_company_is_named_in_three_ways(depositor, sent, held, territory):
    known = depositor.write("/companies", {"siret": siret(78), "external_reference": "E-1"}).json()
    for company, pk in ((held.company_id, held.company_id), ("E-1", known["id"]), (known["id"], known["id"])):
        lot = LotFactory(territory=territory, calibrated=True)
        response = depositor.write("/awards", sent | {"company": company, "lot": lot.pk})
        assert (response.status_code, response.json()["company"]) == (201, pk)


def test_a_company_out_of_sight_is_like_none(depositor, sent):
    """By its identifier; its SIRET is public."""
    foreign = CompanyFactory()
    answers = [depositor.write("/awards", sent | {"company": pk}) for pk in (foreign.pk, foreign.pk + 1000)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content
    by_siret = depositor.write("/awards", sent | {"company": {"siret": foreign.siret, "name": "Autre nom"}})
    assert by_siret.json()["company"] == foreign.pk
    assert Company.objects.get(pk=foreign.pk).name == foreign.name


@pytest.mark.parametrize(
    ("company", "field"),
    [
        ({"siret": "123"}, "company.siret"),
        ({"siret": siret(77), "kind": "ei"}, "company.kind"),
        ({"name": "Sans SIRET"}, "company.siret"),
        ([1], "company"),
        (True, "company"),
        (None, "company"),
    ],
)
def test_a_wrong_company_is_refused(depositor, sent, company, field):
    response = depositor.write("/awards", sent | {"company": company})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, field)
    assert not Company.objects.exists()


def test_a_subcontractor_answers_to_its_parent(depositor, sent, held):
    body = sent | {"lot": held.lot_id, "role": "subcontractor", "parent": held.pk, "hours_minimum": None}
    response = depositor.write("/awards", body | {"hours_offered": None})
    assert response.status_code == 201, response.json()
    assert (response.json()["parent"], response.json()["objective"]) == (held.pk, 0)
    alone = depositor.write("/awards", body | {"parent": None, "company": {"siret": siret(79)}})
    assert alone.json()["errors"][0]["message"].startswith("Un sous-traitant dépend d’une entreprise du lot")


def test_a_company_leaves_the_lot(depositor, held):
    path = f"/awards/{held.pk}/end"
    to_come = depositor.write(path, {"ended_on": "2026-09-16"})
    assert (to_come.status_code, to_come.json()["errors"][0]["field"]) == (400, "ended_on")
    left = depositor.write(path, {"ended_on": "2026-09-10"})
    assert (left.status_code, left.json()["ended_on"], left.json()["end_reason"]) == (200, "2026-09-10", "termination")
    assert depositor.write(path, {"ended_on": "2026-09-10"}).status_code == 409


def test_a_change_names_the_version_and_keeps_the_hours(depositor, held):
    path = f"/awards/{held.pk}"
    version = depositor.read(path).json()["version"]
    changed = depositor.change(path, {"intervenes_from": "2026-10-01", "version": version}).json()
    assert (changed["intervenes_from"], changed["objective"]) == ("2026-10-01", 1000)
    assert depositor.change(path, {"intervenes_from": "2026-11-01", "version": version}).status_code == 409
    assert Award.objects.get().intervenes_from == date(2026, 10, 1)


def test_an_award_elsewhere_does_not_exist(depositor, reader, sent):
    foreign = AwardFactory(lot__territory=TerritoryFactory())
    asked = [
        lambda pk: reader.read(f"/awards/{pk}"),
        lambda pk: reader.read(f"/awards/{pk}/objective"),
        lambda pk: depositor.change(f"/awards/{pk}", {"version": 1}),
        lambda pk: depositor.write(f"/awards/{pk}/end", {"ended_on": "2026-09-10"}),
    ]
    for ask in asked:
        there, nowhere = ask(foreign.pk), ask(foreign.pk + 1000)
        assert (there.status_code, there.content) == (404, nowhere.content)
    for name, pk in (("lot", foreign.lot_id), ("parent", foreign.pk)):
        told = [depositor.write("/awards", sent | {name: value}) for value in (pk, pk + 1000)]
        assert [answer.status_code for answer in told] == [400, 400]
        assert told[0].content == told[1].content
    assert reader.read("/awards").json()["items"] == []


def test_a_key_that_reads_does_not_write(reader, depositor, sent, held):
    answers = [
        reader.write("/awards", sent),
        reader.write(f"/awards/{held.pk}/end", {"ended_on": "2026-09-10"}),
        reader.change(f"/awards/{held.pk}", {"version": 1}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert depositor.delete(f"/api/v1/awards/{held.pk}").status_code == 405
    assert Award.objects.get().ended_on is None


def test_only_its_own_fields_are_taken(depositor, sent, held):
    names = not_to_be_sent(Award, AT_FIRST | FIELDS)
    assert {"id", "ended_on", "end_reason", "succeeds", "objective_entries"} <= set(names)
    assert accepted(lambda body: depositor.write("/awards", sent | body), [*names, "objective"]) == []
    later = [*names, *AT_FIRST, "objective"]
    path = f"/awards/{held.pk}"
    assert accepted(lambda body: depositor.change(path, {"version": 1} | body), later) == []
    forged = depositor.write(f"{path}/end", {"ended_on": "2026-09-10", "end_reason": "assignment"})
    assert forged.json()["errors"] == [{"field": "end_reason", "message": "Champ inconnu."}]
    assert list(Award.objects.values_list("pk", "ended_on", "hours_minimum")) == [(held.pk, None, 1000)]


def test_many_are_written_or_none(depositor, sent, lot, territory):
    other = LotFactory(territory=territory)
    lines = [sent | {"external_reference": "A-1"}, sent | {"lot": other.pk}]
    refused = depositor.write("/awards/bulk", {"items": lines})
    assert (refused.status_code, Award.objects.exists(), Company.objects.exists()) == (422, False, False)
    assert [(error["line"], error["message"]) for error in refused.json()["errors"]] == [
        (2, "Ce lot n’est pas calibré : retenez d’abord ses heures.")
    ]
    written = depositor.write("/awards/bulk", {"items": lines[:1]})
    assert [row["external_reference"] for row in written.json()["items"]] == ["A-1"]


def test_a_list_is_filtered_by_what_it_shows(reader, held, territory):
    other = AwardFactory(lot__territory=territory)
    for name, value in (
        ("lot", held.lot_id),
        ("market", held.lot.market_id),
        ("company", held.company_id),
        ("company_siret", held.company.siret),
    ):
        items = reader.read("/awards", {name: value}).json()["items"]
        assert [row["id"] for row in items] == [held.pk], name
    assert [row["id"] for row in reader.read("/awards", {"after": held.pk}).json()["items"]] == [other.pk]
    for name in ("limit", "ordering", "lot__financials__awarded_amount__gt"):
        assert reader.read("/awards", {name: "1000000000"}).status_code == 400


def test_no_amount_is_ever_read(as_key, held):
    LotFinancials.objects.create(lot=held.lot, estimated_amount="564738.29", awarded_amount="537461.83")
    CompanyContactFactory(company=held.company)
    key = as_key(*KeyScope.of("to_department"))
    for path in ("/awards", f"/awards/{held.pk}", f"/awards/{held.pk}/objective", "/companies"):
        content = key.read(path).content
        assert b'"id":' in content
        assert b"564738" not in content
        assert b"537461" not in content


def test_more_awards_cost_no_more(reader, held, count_queries):
    def more(number):
        for _ in range(number):
            AwardFactory(lot=held.lot)

    more(9)
    reader.read("/awards")
    ten = count_queries(lambda: reader.read("/awards"))
    more(20)
    assert len(reader.read("/awards").json()["items"]) == 30
    assert count_queries(lambda: reader.read("/awards")) == ten <= 10
