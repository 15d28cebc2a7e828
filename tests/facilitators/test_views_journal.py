"""« Journal »: who did what, found by day, account, act, result, territory or object; never a name of a person."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clauses_portal.accounts.models import JournalAction as A
from clauses_portal.accounts.models import JournalEntry, JournalResult
from facilitators.enums import Role
from facilitators.journal_page import A_PAGE, address_of
from tests.factories.accounts import UserFactory
from tests.factories.journal import JournalEntryFactory
from tests.factories.participants import ParticipantFactory
from tests.support.pages import document, table, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]
URL, PARIS = "/journal/", ZoneInfo("Europe/Paris")
PERSON = "participants.participant"


@pytest.fixture
def officer(as_role):
    return as_role(Role.PRIVACY_OFFICER)


def acts(client, **asked):
    return [row[2] for row in table(client.get(URL, asked))]


def test_a_line_says_who_what_when_and_on_which_number(officer, territory):
    person = ParticipantFactory(territory=territory, last_name="ZZCANARINOM")
    actor = UserFactory(first_name="Ada", last_name="Martin")
    at = datetime(2026, 9, 14, 8, 5, tzinfo=PARIS)
    JournalEntryFactory(
        at=at,
        actor=actor,
        object_kind=PERSON,
        object_id=person.pk,
        territory_id=territory.pk,
        count=1,
        route="participants:person",
        address="192.0.2.7",
        request_id="0123456789ab",
    )
    response = officer.get(URL)
    (row,) = table(response)
    assert row[:4] == [
        "14/09/2026 08:05",
        str(actor),
        "Lecture nominative",
        f"personne n° {person.pk} /personnes/{person.pk}/",
    ]
    assert row[4:] == ["1", territory.name, "Fait", "192.0.2.7 0123456789ab"]
    assert "CANARI" not in words(response)
    assert f"/personnes/{person.pk}/" not in document(response).xpath("//main//@href")


def test_the_filters_are_in_the_address(officer, territory):
    ada, day = UserFactory(), datetime(2026, 9, 1, tzinfo=PARIS)
    JournalEntryFactory(action=A.SIGN_IN, actor=ada, at=day)
    JournalEntryFactory(action=A.EXPORT, at=day - timedelta(minutes=1), result=JournalResult.REFUSED)
    JournalEntryFactory(action=A.AMOUNTS, at=day + timedelta(days=1), territory_id=territory.pk, object_id=7)
    signed_in, exported, read = "Connexion", "Export", "Consultation de montants"
    for asked, found in [
        ({}, [read, signed_in, exported]),
        ({"since": "2026-09-01"}, [read, signed_in]),
        ({"until": "2026-09-01"}, [signed_in, exported]),
        ({"since": "2026-09-01", "until": "2026-09-01"}, [signed_in]),
        ({"actor": ada.pk}, [signed_in]),
        ({"act": "export"}, [exported]),
        ({"result": "refused"}, [exported]),
        ({"territory": territory.pk}, [read]),
        ({"number": "7"}, [read]),
    ]:
        assert acts(officer, **asked) == found, asked


def test_nothing_found_is_said(officer):
    response = officer.get(URL, {"number": "999999"})
    assert "Rien ne répond à ces critères." in words(response)


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "x"},
        {"until": "9999-99-99"},
        {"actor": "x"},
        {"act": "x"},
        {"number": "-1"},
        {"number": "9" * 30},
        {"apres": "x"},
        {"apres": "9" * 30},
        {"territory": "0"},
    ],
)
def test_what_makes_no_sense_is_no_error(officer, asked):
    assert officer.get(URL, asked).status_code == 200


def test_the_pages_follow_each_other_without_a_gap(officer):
    same = timezone.now()
    for number in range(A_PAGE + 3):
        JournalEntryFactory(at=same, actor=None, object_id=number + 1)
    first = officer.get(URL, {"act": "reading"})
    (following,) = document(first).xpath("//nav[@aria-label='Pages du journal']//a/@href")
    second = officer.get(URL + following)
    shown = [row[3] for response in (first, second) for row in table(response)]
    assert shown == [f"n° {number}" for number in range(A_PAGE + 3, 0, -1)]
    assert "Les plus récentes" in words(second)


def test_the_page_costs_the_same_with_seven_lines(officer, count_queries, territory):
    costs = []
    for more in (2, 5):
        JournalEntryFactory.create_batch(more, object_kind=PERSON, object_id=1, territory_id=territory.pk)
        costs.append(count_queries(lambda: officer.get(URL)))
    assert costs[0] == costs[1] <= 12


def test_three_hundred_thousand_lines_stay_quick(officer):
    """What the database does for a page: some lines of an index, never the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_journalentry (at, actor_id, action, result, object_kind, route, request_id)"
            " SELECT now() - n * interval '100 seconds', %s, 'reading', 'done', '', '', ''"
            " FROM generate_series(1, 300000) AS n",
            [officer.user.pk],
        )
        cursor.execute("ANALYZE accounts_journalentry")
    for asked in [{}, {"actor": officer.user.pk}, {"act": "reading"}, {"since": "2026-01-01", "until": "2026-01-31"}]:
        with CaptureQueriesContext(connection) as captured:
            assert len(table(officer.get(URL, asked))) == A_PAGE
        (reading,) = [query["sql"] for query in captured if 'FROM "accounts_journalentry"' in query["sql"]]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {reading}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Limit" in plan
        assert "accounts_journalentry" in plan
        assert "Seq Scan on accounts_journalentry" not in plan, (asked, plan)


def test_taking_the_journal_away_is_a_line(officer):
    JournalEntryFactory(object_kind=PERSON, object_id=12, route="participants:person")
    response = officer.get("/journal/export.csv")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "personne n°\u00a012" in response.content.decode()
    line = JournalEntry.objects.get(action=A.EXPORT)
    assert (line.actor, line.route, line.count) == (officer.user, "facilitators:journal_export", 1)


@pytest.mark.parametrize(
    ("route", "pk", "address"),
    [
        ("participants:edit", 12, "/personnes/12/modifier/"),
        ("participants:list_export", None, "/personnes/export.…"),
        ("markets:agenda_feed", None, "/agenda/….ics"),
        ("account_login", None, "/compte/connexion/"),
        ("api:participants-list", None, "Interface d’échange"),
        ("gone:page", 3, ""),
        ("", None, ""),
    ],
)
def test_a_screen_is_told_by_its_address(route, pk, address):
    assert address_of(route, pk) == address
