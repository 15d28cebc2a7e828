"""The copy a person asks for: all that is hers, and nothing of anybody else."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from clauses_portal.accounts.journal import record
from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.jobs import JobState
from facilitators.enums import Role
from participants.models import AccessExport, Participant
from participants.privacy.rows import rows_of
from participants.services.privacy.copies import ask_copy, erase_expired_copies, take_copy
from participants.tasks import gather_access_export
from tests.factories.accounts import author
from tests.factories.participants import HoursEntryFactory, ParticipantFactory
from tests.support.person_traces import MARKS, somebody_everywhere

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def opened(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    return archive, json.loads(archive.read("donnees.json"))


@pytest.fixture
def officer(as_role):
    return as_role(Role.PRIVACY_OFFICER).user


def made(person, officer):
    """The archive of a copy asked and made by the worker."""
    asked = ask_copy(participant=person, by=officer)
    gather_access_export(asked.pk)
    asked.refresh_from_db()
    assert asked.error == ""
    return asked


def test_it_holds_each_column_of_each_table_that_is_hers(territory, officer):
    person = somebody_everywhere(territory)
    record(JournalAction.READING, by=officer, of=person)
    archive, data = opened(take_copy(asked=made(person, officer), by=officer))
    tables = {table["modele"]: table for table in data["tables"]}
    for model, rows in rows_of([person.pk]):
        table = tables[model._meta.label]
        assert set(table["colonnes"]) == {column.name for column in model._meta.concrete_fields}
        assert len(table["lignes"]) == rows.count() > 0, model
        assert all(set(line) == set(table["colonnes"]) for line in table["lignes"])
    whole = json.dumps(data, ensure_ascii=False)
    assert [mark for mark in MARKS[3:] if mark not in whole and mark != "1987-05-23"] == []
    assert len(data["textes"]) >= 8
    assert ["Délégué à la protection des données", 1] in [
        [line["role"], line["nombre"]] for line in data["consultations"]
    ]
    assert archive.read("vos-donnees.pdf").startswith(b"%PDF")


def test_it_says_nothing_of_another_person(territory, officer):
    somebody_everywhere(territory)
    other = HoursEntryFactory(contract__award__lot__territory=territory).participant
    archive, data = opened(take_copy(asked=made(other, officer), by=officer))
    assert other.last_name in json.dumps(data, ensure_ascii=False)
    assert [mark for mark in MARKS if mark in json.dumps(data, ensure_ascii=False)] == []


def test_agents_are_not_named(territory, officer):
    entry = HoursEntryFactory(contract__award__lot__territory=territory)
    _, data = opened(take_copy(asked=made(entry.participant, officer), by=officer))
    assert author().last_name not in json.dumps(data, ensure_ascii=False)


def test_it_is_taken_for_three_days_then_erased(territory, officer, today):
    asked = made(ParticipantFactory(territory=territory), officer)
    AccessExport.objects.filter(pk=asked.pk).update(expires_on=timezone.now() - timedelta(seconds=1))
    with pytest.raises(DomainError):
        take_copy(asked=asked, by=officer)
    assert erase_expired_copies() == 1
    assert AccessExport.objects.get().content is None


def test_asked_twice_made_once(territory, officer):
    person = ParticipantFactory(territory=territory)
    assert ask_copy(participant=person, by=officer) == ask_copy(participant=person, by=officer)


def test_who_lost_the_right_gets_nothing(territory):
    person = ParticipantFactory(territory=territory)
    asked = AccessExport.objects.create(participant=person, asked_at=timezone.now(), asked_by=author())
    gather_access_export(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.content) == (JobState.REFUSED, None)


def test_an_anonymised_person_has_nothing_to_copy(territory, officer):
    person = ParticipantFactory(territory=territory)
    Participant.objects.filter(pk=person.pk).update(anonymised_on="2026-09-01", **blank())
    person.refresh_from_db()
    with pytest.raises(Conflict):
        ask_copy(participant=person, by=officer)


def blank():
    names = ("first_name", "birth_name", "address", "phone", "email", "france_travail_id", "search_name")
    return dict.fromkeys(names, "") | {"birth_date": "1987-01-01"}


def test_the_command_writes_it_in_a_folder(territory, tmp_path):
    person = ParticipantFactory(territory=territory)
    call_command("export_participant", str(person.pk), str(tmp_path), verbosity=0)
    archive, _ = opened((tmp_path / f"donnees-{person.pk}.zip").read_bytes())
    assert archive.namelist() == ["donnees.json", "vos-donnees.pdf"]
