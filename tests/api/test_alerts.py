"""Alerts by key: reported by the facilitator's program, answered by the Département's, closed (C18, C22)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from facilitators.enums import KeyDirection, KeyScope
from markets.models import Alert
from tests.factories.facilitators import TerritoryFactory
from tests.factories.markets import AlertFactory, AwardFactory, CompanyFactory, LotFactory
from tests.support.writing import accepted, not_to_be_sent

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

FIELDS = {"external_reference", "lot", "territory", "company", "category", "severity", "description", "due_on"}


@pytest.fixture
def reporter(as_key):
    """The facilitator's program."""
    return as_key(KeyScope.WRITE_ALERTS)


@pytest.fixture
def owner(as_key):
    """The program of the maître d’ouvrage."""
    return as_key(KeyScope.WRITE_MARKETS, KeyScope.READ_ALERTS, direction=KeyDirection.TO_FACILITATOR)


@pytest.fixture
def lot(territory):
    return LotFactory(territory=territory)


@pytest.fixture
def sent(lot):
    return {"lot": lot.pk, "category": "A04", "description": "Les embauches prennent du retard."}


@pytest.fixture
def alert(lot):
    return AlertFactory(lot=lot)


@pytest.fixture
def foreign():
    return AlertFactory(lot=LotFactory(territory=TerritoryFactory()))


def test_an_event_is_reported_on_a_lot(reporter, sent, territory):
    response = reporter.write("/alerts", sent | {"due_on": "2026-10-01", "external_reference": "AL-1"})
    assert response.status_code == 201, response.json()
    read = reporter.read(f"/alerts/{response.json()['id']}").json()
    assert read == response.json()
    assert read.items() >= (sent | {"territory": territory.code, "severity": "watch", "answer": ""}).items()
    alert = Alert.objects.get()
    assert (alert.author, alert.territory) == (reporter.account, territory)


def test_an_event_is_reported_on_a_territory(reporter, sent, territory):
    company = AwardFactory(lot__territory=territory).company
    place = {"lot": None, "territory": territory.code, "company": company.pk, "severity": "critical"}
    response = reporter.write("/alerts", sent | place)
    assert (response.status_code, response.json()["lot"], response.json()["company"]) == (201, None, company.pk)


def test_an_event_has_one_place(reporter, sent, territory):
    for place in ({"territory": territory.code}, {"lot": None}):
        response = reporter.write("/alerts", sent | place)
        assert response.json()["errors"] == [
            {"field": "lot", "message": "Indiquez un lot ou un territoire, l’un des deux."}
        ]


def test_a_company_is_one_of_the_place(reporter, sent, territory, elsewhere):
    """Seen on another lot, elsewhere or nowhere: the same words (A7)."""
    seen = AwardFactory(lot__territory=elsewhere).company
    for place in ({}, {"lot": None, "territory": territory.code}):
        told = [
            reporter.write("/alerts", sent | place | {"company": pk})
            for pk in (seen.pk, CompanyFactory().pk, seen.pk + 1000)
        ]
        assert {(answer.status_code, answer.content) for answer in told} == {(400, told[0].content)}
    assert not Alert.objects.exists()


def test_the_owner_answers_and_the_reporter_closes(reporter, owner, alert):
    path = f"/alerts/{alert.pk}"
    assert reporter.write(f"{path}/answer", {"answer": "Vu."}).status_code == 403
    assert owner.write(f"{path}/close", {"answer": "Vu."}).status_code == 403
    answered = owner.write(f"{path}/answer", {"answer": "Réunion le 20."})
    assert (answered.status_code, answered.json()["answer"]) == (200, "Réunion le 20."), answered.json()
    again = owner.write(f"{path}/answer", {"answer": "Bis."})
    assert (again.status_code, again.json()["code"]) == (409, "already_answered")
    closed = reporter.write(f"{path}/close", {})
    assert (closed.status_code, closed.json()["closed_on"] is not None) == (200, True)
    twice = reporter.write(f"{path}/close", {})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_closed")
    alert.refresh_from_db()
    assert (alert.answered_by, alert.closer) == (owner.account, reporter.account)


def test_an_alert_is_not_closed_without_a_word(reporter, alert):
    refused = reporter.write(f"/alerts/{alert.pk}/close", {})
    assert refused.json()["errors"][0]["message"] == "Indiquez la suite donnée avant de clore l’alerte."
    assert reporter.change(f"/alerts/{alert.pk}", {"description": "Autre"}).status_code == 405
    assert Alert.objects.get().closed_on is None


def test_an_alert_elsewhere_does_not_exist(reporter, owner, foreign):
    assert reporter.read("/alerts").json()["items"] == []
    asked = [
        lambda pk: reporter.read(f"/alerts/{pk}"),
        lambda pk: reporter.write(f"/alerts/{pk}/close", {"answer": "Fait."}),
        lambda pk: owner.write(f"/alerts/{pk}/answer", {"answer": "Fait."}),
    ]
    for ask in asked:
        there, nowhere = ask(foreign.pk), ask(foreign.pk + 1000)
        assert (there.status_code, there.content) == (404, nowhere.content)


def test_an_event_is_reported_where_the_key_may(reporter, sent, foreign):
    places = [{"lot": foreign.lot_id}, {"lot": foreign.lot_id + 1000}]
    territories = [{"lot": None, "territory": code} for code in (foreign.territory.code, "ZZ")]
    for first, second in (places, territories):
        told = [reporter.write("/alerts", sent | place) for place in (first, second)]
        assert [answer.status_code for answer in told] == [400, 400]
        assert told[0].content == told[1].content
    assert Alert.objects.count() == 1


def test_a_key_that_reads_does_not_write(as_key, sent, alert):
    reader = as_key(KeyScope.READ_ALERTS)
    assert reader.read(f"/alerts/{alert.pk}").status_code == 200
    answers = [reader.write("/alerts", sent), reader.write(f"/alerts/{alert.pk}/close", {"answer": "Fait."})]
    assert [answer.status_code for answer in answers] == [403, 403]


def test_only_its_own_fields_are_taken(reporter, sent, alert):
    names = not_to_be_sent(Alert, FIELDS)
    assert {"id", "author", "recipients", "closed_on", "closer", "rule_key", "answer", "path"} <= set(names)
    assert accepted(lambda body: reporter.write("/alerts", sent | body), [*names, "version"]) == []
    close = f"/alerts/{alert.pk}/close"
    forged = [*(set(names) - {"answer"}), "category"]
    assert accepted(lambda body: reporter.write(close, {"answer": "Fait."} | body), forged) == []
    assert Alert.objects.get().closed_on is None


def test_many_are_written_or_none(reporter, sent):
    lines = [sent | {"external_reference": "AL-1"}, sent | {"category": "Z99"}]
    refused = reporter.write("/alerts/bulk", {"items": lines})
    assert (refused.status_code, Alert.objects.exists()) == (422, False)
    assert [(error["line"], error["field"]) for error in refused.json()["errors"]] == [(2, "category")]
    twice = reporter.write("/alerts/bulk", {"items": [lines[0], lines[0]]})
    assert [(error["line"], Alert.objects.exists()) for error in twice.json()["errors"]] == [(2, False)]


def test_a_list_is_filtered_by_what_it_shows(reporter, alert, elsewhere):
    other = AlertFactory(lot=LotFactory(territory=elsewhere), category="A05")
    later = timezone.now() + timedelta(hours=1)
    for parameters, expected in (
        ({"lot": alert.lot_id}, [alert.pk]),
        ({"category": "A05"}, [other.pk]),
        ({"territory_code": elsewhere.code}, [other.pk]),
        ({"modified_since": later.isoformat()}, []),
    ):
        assert [row["id"] for row in reporter.read("/alerts", parameters).json()["items"]] == expected
    for name in ("limit", "ordering", "lot__financials__estimated_amount__gt"):
        assert reporter.read("/alerts", {name: "1000000000"}).status_code == 400


def test_more_alerts_cost_no_more(reporter, lot, count_queries):
    AlertFactory.create_batch(10, lot=lot)
    reporter.read("/alerts")
    ten = count_queries(lambda: reporter.read("/alerts"))
    AlertFactory.create_batch(20, lot=lot)
    assert len(reporter.read("/alerts").json()["items"]) == 30
    assert count_queries(lambda: reporter.read("/alerts")) == ten <= 10
