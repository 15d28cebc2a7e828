"""From the page of a lot to the minutes in the hands of the guests, by the screens."""

import pytest
from django.urls import reverse

from facilitators.enums import Role
from facilitators.models import OutgoingMail
from markets.models import Meeting, MeetingMinutes
from tests.factories.markets import LotFactory
from tests.factories.meetings import MeetingFactory, MeetingGuestFactory, MeetingMinutesFactory, PlannedHireFactory
from tests.factories.preparation import RomeCodeFactory
from tests.support.pages import assert_done, assert_refused, document, submit, table, told, typed, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

LIST = "/reunions/"
WHEN = {"day": "2026-09-22", "hour": "09:30", "place": "Base vie"}


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


def url_of(name, row):
    return reverse(f"markets:{name}", args=[row.pk])


def test_the_first_meeting_is_planned_from_the_page_of_the_lot(facilitator, lot):
    page = facilitator.get(url_of("lot", lot))
    assert "Aucune réunion n’est prévue sur ce lot." in words(page)
    url = url_of("meeting_create", lot)
    assert document(page).xpath("//a[@href=$url]", url=url)
    form = typed(facilitator.get(url))
    assert (form["kind"], form["title"]) == ("first_site", "Gros œuvre")
    page = submit(facilitator, url, **WHEN)
    assert_done(page, "La réunion est prévue. Vérifiez les invités proposés, puis envoyez les invitations.")
    assert "22/09/2026, de 09:30 à 10:30" in words(page)
    assert [line[0] for line in table(page, "Personnes invitées")] == [
        f"Camille Martin {lot.awards.get().company}",
        f"{facilitator.user} Pays d’Aix",
    ]
    assert "Première réunion de chantier" in words(facilitator.get(url_of("lot", lot)))


def test_the_next_one_is_a_follow_up(facilitator, lot, meeting):
    assert typed(facilitator.get(url_of("meeting_create", lot)))["kind"] == "follow_up"


def test_what_is_missing_is_said(facilitator, lot):
    refused = submit(facilitator, url_of("meeting_create", lot), **WHEN | {"hour": ""}, minutes_long="700")
    assert_refused(refused, "Une réunion dure de 5 à 600 minutes.", "Ce champ est obligatoire.")


def test_a_cellule_operationnelle_is_called_on_ones_territory(facilitator, territory, elsewhere):
    url = reverse("markets:partners_meeting")
    page = facilitator.get(url)
    choices = document(page).xpath("//select[@name='territory']/option/@value")
    assert [value for value in choices if value] == [str(territory.pk)]
    assert_done(
        submit(facilitator, url, **WHEN),
        "La réunion est prévue. Vérifiez les invités proposés, puis envoyez les invitations.",
    )
    assert Meeting.objects.get().kind == "partners"


def test_invitations_are_sent_by_a_button(facilitator, meeting):
    page = facilitator.get(url_of("meeting", meeting))
    assert "Envoyer 2 invitations" in words(page)
    page = submit(facilitator, url_of("meeting", meeting), action=url_of("meeting_invite", meeting))
    assert_done(page, "Les invitations partent dans la minute.")
    assert "Envoyer 2 invitations" not in words(page)
    again = facilitator.post(url_of("meeting_invite", meeting), follow=True)
    assert told(again) == ["Aucune invitation à envoyer : chaque invité qui a une adresse l’a déjà reçue."]


def test_a_guest_is_added_and_taken_off(facilitator, meeting):
    added = submit(
        facilitator, url_of("guest_add", meeting), kind="safety", name="Zoé Le Goff", email="zoe@sps.example"
    )
    assert_done(added, "La personne est ajoutée.")
    again = submit(facilitator, url_of("guest_add", meeting), kind="safety", name="Zoé Le Goff")
    assert_refused(again, "Cette personne est déjà invitée.")
    zoe = meeting.guests.get(name="Zoé Le Goff")
    removed = submit(facilitator, url_of("meeting", meeting), action=url_of("guest_remove", zoe))
    assert_done(removed, "Zoé Le Goff n’est plus sur la liste.")


def test_a_meeting_is_moved_and_cancelled(facilitator, meeting):
    facilitator.post(url_of("meeting_invite", meeting))
    moved = submit(facilitator, url_of("meeting_edit", meeting), day="2026-09-29")
    assert_done(moved, "La réunion est enregistrée ; les personnes déjà invitées sont prévenues.")
    assert "29/09/2026, de 09:30 à 11:00" in words(moved)
    cancelled = submit(facilitator, url_of("meeting", meeting), action=url_of("meeting_cancel", meeting))
    assert_done(cancelled, "La réunion est annulée ; les personnes invitées sont prévenues.")
    assert not document(cancelled).xpath("//main//form")
    subjects = OutgoingMail.objects.order_by("pk").values_list("subject", flat=True)
    told_first = [subject.partition(" :")[0] for subject in subjects]
    assert told_first == ["Invitation"] * 2 + ["Réunion modifiée"] * 2 + ["Réunion annulée"] * 2


def test_somebody_else_changed_it_meanwhile(facilitator, meeting):
    sent = typed(facilitator.get(url_of("meeting_edit", meeting)))
    submit(facilitator, url_of("meeting_edit", meeting), place="Mairie")
    stale = facilitator.post(url_of("meeting_edit", meeting), sent)
    assert stale.status_code == 422
    assert "a été modifiée entre-temps" in words(stale)


def test_a_meeting_is_written_down_then_its_minutes_are_produced(facilitator, lot):
    meeting = MeetingFactory(lot=lot, begins_on="2026-09-15 08:00+02:00")
    page = facilitator.get(url_of("meeting", meeting))
    assert "Saisissez d’abord ce qui s’est dit et qui était là" in words(page)
    guest = meeting.guests.get(name="Camille Martin")
    everybody = {f"guest_{other.pk}": "excused" for other in meeting.guests.all()}
    page = submit(
        facilitator,
        url_of("meeting_record", meeting),
        **everybody | {f"guest_{guest.pk}": "present"},
        asked_job_sheets="on",
        statement_day="5",
        decisions="Deux maçons en octobre.",
    )
    assert_done(page, "C’est enregistré. Relisez l’aperçu, puis produisez le compte rendu.")
    assert "Oui Fiches de poste" in words(page)
    assert "Non abordé Retour à l’emploi durable" in words(page)
    page = submit(facilitator, url_of("meeting", meeting), action=url_of("minutes_produce", meeting))
    assert_done(page, "Le compte rendu est produit ; il part dans la minute à chaque invité qui a une adresse.")
    assert "Version 1 (PDF)" in words(page)
    minutes = MeetingMinutes.objects.get()
    downloaded = facilitator.get(url_of("minutes", minutes))
    assert downloaded.content == bytes(minutes.content)
    assert minutes.number in downloaded["Content-Disposition"]


def test_a_day_of_statement_that_not_every_month_has_is_refused(facilitator, held):
    refused = submit(facilitator, url_of("meeting_record", held), statement_day="31")
    assert_refused(refused, "Le jour de remise est compris entre 1 et 28.")


def test_hires_announced_are_noted_one_trade_at_a_time(facilitator, held):
    first, second = RomeCodeFactory(code="F1703", label="Maçonnerie"), RomeCodeFactory()
    refused = submit(facilitator, url_of("hire_add", held), trade=f"{first.pk}, {second.pk}", number="2")
    assert_refused(refused, "Indiquez un métier, et un seul : ajoutez les autres un par un.")
    page = submit(facilitator, url_of("hire_add", held), trade="F1703", number="2", starts_on="2026-10-05")
    assert_done(page, "Le recrutement annoncé est noté.")
    assert table(page, "Postes annoncés")[0][1:3] == ["2", "05/10/2026"]
    page = submit(facilitator, url_of("meeting", held), action=url_of("hire_remove", held.hires.get()))
    assert_done(page, "Le recrutement annoncé est retiré.")


@pytest.mark.parametrize("after", ["", "-1", "1", "a", "9" * 40])
def test_a_page_that_is_out_of_date_produces_nothing(facilitator, held, after):
    held.guests.update(attendance="present")
    page = facilitator.post(url_of("minutes_produce", held), {"after": after}, follow=True)
    assert told(page) == ["Cette fiche a été modifiée entre-temps. Rechargez-la avant d’enregistrer."]
    assert not MeetingMinutes.objects.exists()


def test_the_papers_are_downloaded(facilitator, held):
    for name in ("attendance_sheet", "minutes_preview"):
        assert facilitator.get(url_of(name, held)).content.startswith(b"%PDF")


def test_the_list_goes_by_moment_kind_and_territory(as_role, lot, meeting, held, elsewhere):
    officer = as_role(Role.MISSION_OFFICER)
    there = MeetingFactory(partners=True, territory=elsewhere)
    assert len(table(officer.get(LIST), "Réunions")) == 2
    assert len(table(officer.get(LIST, {"when": ""}), "Réunions")) == 3
    for query, expected in (
        ({"when": "to_minute"}, held),
        ({"when": "past"}, held),
        ({"kind": "partners"}, there),
        ({"territory": elsewhere.pk}, there),
    ):
        page = officer.get(LIST, query)
        assert document(page).xpath("//tbody//th/a/@href") == [url_of("meeting", expected)]
    MeetingMinutesFactory(meeting=held)
    assert "Aucune réunion ne répond à ces critères" in words(officer.get(LIST, {"when": "to_minute"}))


def test_minutes_to_produce_wait_on_the_home_page(facilitator, held):
    page = facilitator.get("/")
    assert "comptes rendus de réunion à produire" in words(page)
    assert document(page).xpath("//main//a[@href='/reunions/?when=to_minute']")


def test_who_sees_the_lot_reads_and_changes_nothing(as_role, held):
    MeetingGuestFactory(meeting=held)
    page = as_role(Role.LEGAL_OFFICER).get(url_of("meeting", held))
    assert not document(page).xpath("//main//form")
    assert "Feuille d’émargement" in words(page)
    other = LotFactory(territory=held.territory)
    assert "Prévoir une réunion" not in words(as_role(Role.LEGAL_OFFICER).get(url_of("lot", other)))


def test_the_list_and_the_page_cost_the_same_whatever_they_hold(as_role, lot, count_queries):
    client, costs = as_role(Role.MISSION_OFFICER), []
    meeting = MeetingFactory(lot=lot, held=True)
    for _ in range(2):
        MeetingGuestFactory.create_batch(3, meeting=meeting)
        PlannedHireFactory.create_batch(3, meeting=meeting)
        MeetingFactory(lot=LotFactory(territory=lot.territory))
        pages = (LIST, url_of("meeting", meeting), url_of("meeting_record", meeting))
        costs.append([count_queries(lambda url=url: client.get(url)) for url in pages])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 13
