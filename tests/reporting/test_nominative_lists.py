"""A nominative list asked for: once, with a reason, made by a worker, gone in a day, every download logged."""

import logging
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.utils import timezone

from clauses_portal.celery import app
from clauses_portal.core import jobs
from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import JobState
from clauses_portal.core.jobs.worker import REFUSED
from facilitators.enums import Role
from facilitators.models import Notification, OutgoingMail
from facilitators.permissions import grant, revoke
from participants.services.validations import revoke as revoke_validation
from reporting.models import ListDownload, NominativeList
from reporting.services import nominative
from reporting.services.nominative import GONE, MOVING, NO_REASON, NOT_BEGUN, ask_list, take_away
from reporting.tasks import erase_expired_lists, produce_nominative_list, republish_forgotten_jobs
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.nominative import NominativeListFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory, ParticipantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

REASON = "Bilan de l’année pour l’assemblée."


@pytest.fixture
def facilitator(territory, convention):
    user = UserFactory()
    user.membership = grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    return user


@pytest.fixture
def officer():
    user = UserFactory()
    grant(user=user, role=Role.MISSION_OFFICER, by=None)
    return user


@pytest.fixture
def contract(territory):
    """A beneficiary of Pays d’Aix with 12,5 h in May."""
    person = ParticipantFactory(territory=territory, last_name="ZZCANARI", first_name="Zoé")
    award = AwardFactory(lot=LotFactory(territory=territory, calibrated=True))
    contract = EmploymentContractFactory(award=award, participant=person, validated=True)
    HoursEntryFactory(contract=contract, month=date(2026, 5, 1), declared=Decimal("12.5"))
    return contract


def ask(by, territory=None, *, starts_on=date(2026, 4, 1), ends_on=date(2026, 6, 30), reason=REASON):
    return ask_list(by=by, territory=territory, starts_on=starts_on, ends_on=ends_on, reason=reason)


def produced(asked):
    """What the worker makes of it."""
    produce_nominative_list(asked.pk)
    return NominativeList.objects.get(pk=asked.pk)


def test_a_list_is_asked_with_its_number_its_months_and_its_reason(officer):
    asked = ask(officer, starts_on=date(2026, 4, 12), ends_on=date(2026, 6, 3), reason=f"  {REASON} ")
    assert asked.number == "LN-2026-000001"
    assert (asked.starts_on, asked.ends_on) == (date(2026, 4, 1), date(2026, 6, 30))
    assert (asked.reason, asked.state, asked.territory) == (REASON, JobState.ASKED, None)


def test_numbers_follow_one_another(officer, territory):
    NominativeListFactory(number="LN-2026-000041")
    NominativeListFactory(number="LN-2025-000099", territory=territory)
    assert ask(officer, territory).number == "LN-2026-000042"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"reason": "Bilan."}, NO_REASON),
        ({"reason": "  Bilan 26   "}, NO_REASON),
        ({"reason": ""}, NO_REASON),
        ({"starts_on": date(2026, 10, 1), "ends_on": date(2026, 12, 31)}, NOT_BEGUN),
        ({"starts_on": date(2026, 6, 1), "ends_on": date(2026, 4, 30)}, "La fin de la période précède son début."),
    ],
)
def test_a_bad_request_is_refused(officer, values, sentence):
    with pytest.raises(ValidationError) as error:
        ask(officer, **values)
    assert error.value.messages == [sentence]
    assert not NominativeList.objects.exists()


def test_asked_twice_it_is_one_list(officer, facilitator, territory):
    first = ask(officer, territory)
    assert ask(officer, territory, reason="Une autre raison, plus tard.") == first
    others = [ask(officer), ask(facilitator, territory), ask(officer, territory, ends_on=date(2026, 7, 31))]
    assert len({first, *others}) == NominativeList.objects.count() == 4
    produced(first)
    assert ask(officer, territory) != first


def test_delivered_three_times_it_is_made_once(officer, contract):
    asked = ask(officer)
    made = [produced(asked) for _ in range(3)]
    assert {(row.state, row.attempts, bytes(row.xlsx)) for row in made} == {(JobState.DONE, 1, bytes(made[0].xlsx))}


def test_a_killed_worker_leaves_it_to_the_next(officer, contract, monkeypatch):
    asked, read = ask(officer), nominative.nominative.read

    def killed(*args, **options):
        raise OperationalError("the database went away")

    monkeypatch.setattr(nominative.nominative, "read", killed)
    with pytest.raises(OperationalError):
        jobs.run(NominativeList, asked.pk, allowed=nominative.may_still_ask, work=nominative.produce)
    monkeypatch.setattr(nominative.nominative, "read", read)
    assert NominativeList.objects.get().pdf is None
    done = produced(asked)
    assert (done.state, done.attempts, NominativeList.objects.count()) == (JobState.DONE, 2, 1)


def test_a_forgotten_list_is_sent_again(officer):
    asked = ask(officer)
    republish_forgotten_jobs()
    asked.refresh_from_db()
    assert asked.sent_on is not None


def test_it_is_made_in_the_queue_of_papers():
    assert app.amqp.router.route({}, NominativeList.task)["queue"].name == "pdf"


def test_both_files_are_there_for_a_day(officer, contract):
    with time_machine.travel(timezone.now(), tick=False):
        done = produced(ask(officer))
        in_a_day = timezone.now() + timedelta(hours=24)
    assert bytes(done.pdf).startswith(b"%PDF")
    assert bytes(done.xlsx).startswith(b"PK")
    assert (done.persons, done.expires_on) == (1, in_a_day)


def test_a_long_list_is_a_workbook_only(officer, contract, monkeypatch):
    monkeypatch.setattr(nominative, "MOST_LINES_IN_PDF", 0)
    done = produced(ask(officer))
    assert (done.pdf, bytes(done.xlsx)[:2], done.persons) == (None, b"PK", 1)


def test_hours_that_never_stay_still_end_the_job_with_a_sentence(officer, contract, monkeypatch):
    monkeypatch.setattr(nominative.nominative.Content, "holds_together", False)
    done = produced(ask(officer))
    assert (done.state, done.error, done.pdf, done.xlsx) == (JobState.FAILED, MOVING, None, None)


@pytest.mark.parametrize("reason", ["revoked", "inactive", "convention over"])
def test_rights_are_those_of_the_moment_it_is_made(facilitator, territory, convention, contract, reason):
    asked = ask(facilitator, territory)
    match reason:
        case "revoked":
            revoke(membership=facilitator.membership, by=author())
        case "inactive":
            type(facilitator).objects.filter(pk=facilitator.pk).update(is_active=False)
        case "convention over":
            convention.territories.clear()
    done = produced(asked)
    assert (done.state, done.error, done.pdf, done.xlsx) == (JobState.REFUSED, REFUSED, None, None)


def test_a_facilitator_cannot_have_every_territory_made(facilitator):
    assert produced(ask(facilitator)).state == JobState.REFUSED


def test_a_revoked_validation_takes_the_person_off_the_next_list(officer, contract):
    assert produced(ask(officer)).persons == 1
    validation = contract.participant.validations.granted().get()
    revoke_validation(validation=validation, reason="Justificatif falsifié.", by=author())
    assert produced(ask(officer)).persons == 0


def test_every_download_is_logged_with_who_and_when(officer, contract):
    asked = produced(ask(officer))
    with time_machine.travel(timezone.now(), tick=False):
        for file in ("pdf", "xlsx", "xlsx"):
            assert take_away(asked=asked, file=file, by=officer) == bytes(getattr(asked, file))
        logged = ListDownload.objects.order_by("pk").values_list("file", "downloaded_by", "downloaded_at")
        assert list(logged) == [(file, officer.pk, timezone.now()) for file in ("pdf", "xlsx", "xlsx")]


def test_nothing_is_taken_away_after_a_day(officer, contract):
    with time_machine.travel(datetime(2026, 9, 15, 8, tzinfo=timezone.get_default_timezone()), tick=False) as clock:
        asked = produced(ask(officer))
        clock.shift(timedelta(hours=24) - timedelta(seconds=1))
        assert take_away(asked=asked, file="pdf", by=officer)
        clock.shift(timedelta(seconds=1))
        with pytest.raises(DomainError, match=GONE):
            take_away(asked=asked, file="pdf", by=officer)
    assert ListDownload.objects.count() == 1


def test_a_list_that_is_not_made_has_nothing_to_take(officer):
    with pytest.raises(DomainError, match=GONE):
        take_away(asked=ask(officer), file="xlsx", by=officer)
    assert not ListDownload.objects.exists()


def test_expired_files_are_erased_and_the_request_stays(officer):
    rows = {
        "expired": NominativeListFactory(done=True, asked_by=officer, expires_on=timezone.now()),
        "workbook": NominativeListFactory(done=True, pdf=None, expires_on=timezone.now() - timedelta(hours=1)),
        "in time": NominativeListFactory(done=True, expires_on=timezone.now() + timedelta(minutes=1)),
        "waiting": NominativeListFactory(),
    }
    assert nominative.erase_expired() == 2
    assert nominative.erase_expired() == 0
    for row in rows.values():
        row.refresh_from_db()
    assert [name for name, row in rows.items() if row.xlsx is not None] == ["in time"]
    assert rows["expired"].pdf is None
    assert (rows["expired"].reason, rows["expired"].asked_by, rows["expired"].persons) == (
        "Valorisation du trimestre.",
        officer,
        1,
    )


def test_beat_erases_them_every_ten_minutes(settings):
    schedule = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert schedule[erase_expired_lists.name] == 600
    NominativeListFactory(done=True, expires_on=timezone.now())
    erase_expired_lists()
    assert NominativeList.objects.get().xlsx is None


def test_names_are_in_the_two_files_and_nowhere_else(officer, contract, caplog):
    caplog.set_level(logging.DEBUG)
    asked = produced(ask(officer))
    take_away(asked=asked, file="pdf", by=officer)
    rest = NominativeList.objects.values().get() | {"pdf": None, "xlsx": None}
    told = f"{rest}{caplog.text}{list(Notification.objects.values())}{list(OutgoingMail.objects.values())}"
    assert "ZZCANARI" not in told
    assert "Zoé" not in told
