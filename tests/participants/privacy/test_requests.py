"""What persons ask about their data: recorded here, decided by the officer, within a month."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError

from clauses_portal.accounts.models import JournalEntry
from clauses_portal.core.errors import Conflict, DomainError
from facilitators.enums import Role
from facilitators.models import Notification
from participants.models import DataRequest, Participant
from participants.services.persons import save_person
from participants.services.privacy.requests import (
    answer_request,
    check_identity,
    extend_request,
    lift_mark,
    remind_of_requests,
)
from tests.factories.accounts import author
from tests.factories.participants import ParticipantFactory
from tests.factories.privacy import DataRequestFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]
HOME = "/donnees-personnelles"


@pytest.fixture
def person(territory):
    return ParticipantFactory(territory=territory, available_from=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        (date(2026, 9, 1), date(2026, 10, 1), date(2026, 12, 1)),
        (date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 30)),
    ],
)
def test_the_answer_is_due_within_a_month_or_three(person, received, due, extended):
    row = DataRequestFactory(participant=person, received_on=received)
    assert DataRequest.objects.get(pk=row.pk).due_on == due
    extend_request(request=row, reason="Dossier volumineux", by=author())
    assert DataRequest.objects.get(pk=row.pk).due_on == extended


def test_it_is_extended_once_with_a_reason_and_in_time(person):
    row = DataRequestFactory(participant=person)
    with pytest.raises(ValidationError):
        extend_request(request=row, reason=" ", by=author())
    with time_machine.travel("2026-10-02"), pytest.raises(DomainError):
        extend_request(request=row, reason="Trop tard", by=author())
    extend_request(request=row, reason="Dossier volumineux", by=author())
    with pytest.raises(Conflict):
        extend_request(request=row, reason="Encore", by=author())


def test_the_officer_is_told_and_the_journal_knows(person, as_role):
    officer = as_role(Role.PRIVACY_OFFICER).user
    row = DataRequestFactory(participant=person)
    told = Notification.objects.get(recipient=officer)
    assert person.last_name not in told.text
    assert told.path == f"{HOME}/demandes/{row.pk}/"
    assert JournalEntry.objects.filter(action="data_request", object_id=row.pk).exists()


def test_who_answers_is_told_of_a_late_request_once(person, as_role):
    officer = as_role(Role.PRIVACY_OFFICER).user
    DataRequestFactory(participant=person)
    assert remind_of_requests() == 0
    with time_machine.travel("2026-10-02"):
        assert remind_of_requests() == remind_of_requests() == 1
    assert Notification.objects.filter(recipient=officer).count() == 2


def test_nothing_is_given_before_the_identity_is_checked(person):
    row = DataRequestFactory(participant=person)
    with pytest.raises(ValidationError, match="Vérifiez l’identité"):
        answer_request(request=row, outcome="granted", answer="Copie remise.", by=author())
    check_identity(request=row, by=author())
    answer_request(request=row, outcome="granted", answer="Copie remise.", by=author())
    with pytest.raises(Conflict):
        answer_request(request=row, outcome="refused", answer="Non.", by=author())


def answered(person, kind):
    row = DataRequestFactory(participant=person, kind=kind, identity_checked=True)
    answer_request(request=row, outcome="granted", answer="Accepté.", by=author())
    person.refresh_from_db()


def test_an_opposition_keeps_her_out_of_the_proposals(person, today):
    assert person in Participant.objects.available(today)
    answered(person, "opposition")
    assert person not in Participant.objects.available(today)
    lift_mark(person=person, column="opposed_on", by=author())
    assert person in Participant.objects.available(today)


def test_a_limitation_keeps_her_file_as_it_is(person, today):
    answered(person, "limitation")
    assert person not in Participant.objects.available(today)
    with pytest.raises(Conflict, match="seulement conservées"):
        save_person(person=person, by=author())
    save_person(person=lift_mark(person=person, column="limited_on", by=author()), by=author())


def test_a_refused_opposition_changes_nothing(person, today):
    row = DataRequestFactory(participant=person, kind="opposition")
    answer_request(request=row, outcome="refused", answer="Mission d’intérêt public.", by=author())
    assert person in Participant.objects.available(today)


def test_a_request_to_come_or_from_elsewhere_is_refused(person, elsewhere):
    with pytest.raises(ValidationError):
        DataRequestFactory(participant=person, received_on=date(2026, 9, 16))
    with pytest.raises(DomainError):
        DataRequestFactory(participant=person, territory=elsewhere)


def test_from_the_search_to_the_answer(person, as_role):
    facilitator, officer = as_role(Role.FACILITATOR), as_role(Role.PRIVACY_OFFICER)
    page = facilitator.get(f"{HOME}/demandes/nouvelle/", {"q": person.last_name}).content.decode()
    assert f"{HOME}/personnes/{person.pk}/demande/" in page
    typed = {"kind": "access", "received_on": "2026-09-10", "details": "Tout"}
    response = facilitator.post(f"{HOME}/personnes/{person.pk}/demande/", typed)
    row = DataRequest.objects.get()
    assert response.url == f"{HOME}/demandes/{row.pk}/"
    facilitator.post(f"{response.url}identite/")
    assert facilitator.get(f"{response.url}repondre/").status_code == 403
    officer.post(f"{response.url}repondre/", {"outcome": "granted", "answer": "Copie remise en main propre."})
    row.refresh_from_db()
    assert (row.outcome, row.answered_by) == ("granted", officer.user)
    assert "répondue" in facilitator.get(response.url).content.decode()


def test_somebody_without_a_file_may_ask_too(territory, as_role):
    client = as_role(Role.FACILITATOR)
    typed = {"territory": territory.pk, "requester": "Odile Inconnue", "kind": "access", "received_on": "2026-09-10"}
    client.post(f"{HOME}/demandes/nouvelle/", typed)
    assert DataRequest.objects.get().requester == "Odile Inconnue"
    assert "Odile Inconnue" in client.get(f"{HOME}/demandes/").content.decode()


def test_the_officer_forgets_a_person_from_her_page(person, as_role):
    client = as_role(Role.PRIVACY_OFFICER)
    url = f"{HOME}/personnes/{person.pk}/"
    assert client.post(f"{url}anonymiser/", {"reason": "Demande"}).status_code == 422
    client.post(f"{url}anonymiser/", {"reason": "Demande", "sure": "on"})
    person.refresh_from_db()
    assert person.anonymised_on == date(2026, 9, 15)
    page = client.get(url).content.decode()
    assert "anonymisée le 15/09/2026" in page


def test_a_copy_asked_from_the_page_is_made_and_taken(person, as_role):
    from participants.tasks import gather_access_export

    client = as_role(Role.PRIVACY_OFFICER)
    url = client.post(f"{HOME}/personnes/{person.pk}/copie/").url
    assert client.get(url).status_code == 200
    gather_access_export(int(url.split("/")[-2]))
    response = client.post(f"{url}telecharger/")
    assert response["Content-Disposition"].startswith("attachment")
    assert response.content.startswith(b"PK")
