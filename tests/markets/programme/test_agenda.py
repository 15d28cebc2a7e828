"""The private calendar of a person: her dates and nobody else's, behind a link that dies with her rights (C5, C27)."""

import hashlib
import logging
from datetime import date, timedelta
from decimal import Decimal

import icalendar
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.logs import NoSecretFormatter
from facilitators.enums import Role
from facilitators.permissions import grant, revoke
from facilitators.services import switch_account
from markets.models import CalendarFeed
from markets.services.agenda import create_feed, dates_for, revoke_feed
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory, LotFinancialsFactory, MarketFinancialsFactory
from tests.factories.operations import MilestoneFactory, OperationFactory
from tests.support import canaries
from tests.support.pages import document, told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

PAGE, OPEN, CLOSE = (reverse(f"markets:{name}") for name in ("agenda", "agenda_open", "agenda_close"))


def a_market(territory, number, **changes):
    fields = {
        "planned_publication_on": date(2026, 10, 1),
        "planned_tenders_on": date(2026, 12, 1),
        "planned_notification_on": date(2027, 2, 1),
        "starts_on": date(2027, 3, 1),
        "ends_on": date(2027, 12, 31),
        "notified_on": None,
    }
    lot = LotFactory(
        territory=territory,
        market__number=number,
        market__operation=OperationFactory(communes=[territory.communes.first()]),
        **{f"market__{name}": value for name, value in (fields | changes).items()},
    )
    return lot.market


@pytest.fixture
def owner(territory):
    user = UserFactory()
    user.membership = grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


def address(secret):
    return reverse("markets:agenda_feed", args=[secret])


def read(secret):
    """The feed as an agenda reads it: without a session; reading it may write `read_on`."""
    return Client().get(address(secret))


def events(response):
    assert response.status_code == 200
    calendar = icalendar.Calendar.from_ical(response.content)
    return {str(event["summary"]): event for event in calendar.walk("VEVENT")}


def test_the_feed_holds_the_dates_of_the_markets_and_operations_of_its_owner(owner, territory):
    market = a_market(territory, "2027-014", title="Façades du collège")
    MilestoneFactory(operation=market.operation, planned_on=date(2026, 11, 15))
    MilestoneFactory(operation=market.operation, kind="start", planned_on=date(2026, 11, 20), done_on=date(2026, 9, 1))
    found = events(read(create_feed(by=owner)))
    assert list(found) == [
        "Publication : 2027-014 – Façades du collège",
        f"Publication de la consultation : {market.operation.reference} – {market.operation.title}",
        "Remise des offres : 2027-014 – Façades du collège",
        "Notification : 2027-014 – Façades du collège",
        "Début d’exécution : 2027-014 – Façades du collège",
        "Fin d’exécution : 2027-014 – Façades du collège",
    ]
    first = found["Publication : 2027-014 – Façades du collège"]
    assert first.decoded("dtstart") == date(2026, 10, 1)
    assert str(first["description"]) == territory.name
    assert str(first["url"]).endswith(reverse("markets:detail", args=[market.pk]))


def test_the_same_feed_is_the_same_byte_for_byte_until_a_date_moves(owner, territory):
    market, secret = a_market(territory, "2027-014"), create_feed(by=owner)
    first = read(secret).content
    with time_machine.travel("2026-09-15T18:00:00+02:00"):
        assert read(secret).content == first
        market.planned_publication_on = date(2026, 10, 2)
        market.save()
        assert read(secret).content != first


def test_the_markets_of_others_are_not_in_it(owner, territory, elsewhere):
    a_market(territory, "ICI")
    a_market(elsewhere, "AILLEURS")
    text = read(create_feed(by=owner)).content.decode()
    assert "ICI" in text
    assert "AILLEURS" not in text


def test_an_agent_reads_her_own_direction(territory):
    direction, agent = DirectorateFactory(), UserFactory()
    grant(user=agent, role=Role.DIRECTORATE_AGENT, directorate=direction, by=None)
    mine = a_market(territory, "MIEN")
    mine.operation.directorate = direction
    mine.operation.save()
    a_market(territory, "AUTRUI")
    text = read(create_feed(by=agent)).content.decode()
    assert "MIEN" in text
    assert "AUTRUI" not in text


def test_no_amount_is_in_it(owner, territory):
    market = a_market(territory, "2027-014")
    MarketFinancialsFactory(market=market, estimated_amount=Decimal("918273.64"))
    LotFinancialsFactory(lot=market.lots.get(), estimated_amount=Decimal("564738.29"))
    sent = canaries.everything_sent(read(create_feed(by=owner)))
    for amount in ("918273.64", "564738.29"):
        assert canaries.amount("amount", "", amount).found_in(sent) is None


def test_what_is_past_or_notified_is_left_out(owner, territory):
    a_market(territory, "VIEUX", planned_publication_on=date(2026, 5, 1))
    a_market(territory, "NOTIFIE", notified_on=date(2026, 9, 1))
    found = events(read(create_feed(by=owner)))
    assert not [name for name in found if name.startswith("Publication") and "VIEUX" in name]
    assert [name.split(" : ")[0] for name in found if "NOTIFIE" in name] == ["Début d’exécution", "Fin d’exécution"]


def test_a_link_that_is_dead_looks_like_one_that_never_was(owner, territory):
    unknown = read("x" * 43)
    former = create_feed(by=owner)
    secret = create_feed(by=owner)
    assert read(secret).status_code == 200
    dead = [read(former)]
    switch_account(user=owner, by=author())
    dead.append(read(secret))
    switch_account(user=owner, by=author())
    revoke(membership=owner.membership, by=author())
    dead.append(read(secret))
    for response in dead:
        assert (response.status_code, response.content) == (404, unknown.content)
        assert sorted(response.headers.items()) == sorted(unknown.headers.items())
    grant(user=owner, role=Role.FACILITATOR, territory=territory, by=None)
    assert read(secret).status_code == 200
    revoke_feed(by=owner)
    assert read(secret).status_code == 404


def test_a_role_that_sees_no_market_has_no_feed(owner):
    director = UserFactory()
    grant(user=director, role=Role.DIRECTOR, by=None)
    assert read(create_feed(by=director)).status_code == 404


def test_the_answer_is_for_its_reader_alone(owner):
    headers = read(create_feed(by=owner)).headers
    assert headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in headers


def test_the_link_answers_no_other_method(owner):
    secret = create_feed(by=owner)
    for method in ("post", "put", "patch", "delete"):
        assert getattr(Client(), method)(address(secret)).status_code == 405
    assert Client().head(address(secret)).status_code == 200


def test_reading_is_noted_once_an_hour(owner):
    secret = create_feed(by=owner)
    read(secret)
    first = CalendarFeed.objects.get().read_on
    read(secret)
    assert CalendarFeed.objects.get().read_on == first
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        read(secret)
    assert CalendarFeed.objects.get().read_on > first


def test_the_secret_is_kept_nowhere(owner, caplog):
    caplog.set_level(logging.DEBUG)
    secret = create_feed(by=owner)
    assert CalendarFeed.objects.get().digest == hashlib.sha256(secret.encode()).hexdigest()
    read(secret)
    revoke_feed(by=owner)
    assert read(secret).status_code == 404
    written = [NoSecretFormatter().format(record) for record in caplog.records]
    assert any("/agenda/…" in line for line in written)
    assert not any(secret in line for line in written)


def test_a_person_has_one_link_at_a_time(owner):
    for _ in range(3):
        create_feed(by=owner)
    assert CalendarFeed.objects.visible_to(owner).live().count() == 1
    revoke_feed(by=owner)
    with pytest.raises(DomainError, match="pas de lien"):
        revoke_feed(by=owner)


def test_the_link_is_shown_once(as_role):
    client = as_role(Role.FACILITATOR)
    assert "Aucun lien en service" in words(client.get(PAGE))
    response = client.post(OPEN)
    link = document(response).xpath("//input[@id='lien-agenda']/@value")[0]
    assert read(link.split("/agenda/")[1].removesuffix(".ics")).status_code == 200
    page = client.get(PAGE)
    assert "Un lien est en service" in words(page)
    assert link not in page.content.decode()


def test_a_link_is_closed_from_its_page(as_role):
    client = as_role(Role.FACILITATOR)
    client.post(OPEN)
    assert told(client.post(CLOSE, follow=True)) == [
        "Votre lien d’agenda est fermé : plus personne ne peut s’en servir."
    ]
    assert told(client.post(CLOSE, follow=True)) == ["Vous n’avez pas de lien d’agenda en service."]


def test_the_dates_are_read_in_a_few_queries(owner, territory, count_queries):
    def dates():
        return dates_for(owner, date(2026, 9, 1), date(2027, 12, 31))

    a_market(territory, "1")
    dates()  # the rights are read once
    few = count_queries(dates)
    for number in range(2, 6):
        MilestoneFactory(operation=a_market(territory, f"{number}").operation, planned_on=date(2026, 11, 1))
    assert count_queries(dates) == few <= 4
