"""Forgetting a person: when it is refused, what stays, and what the document that cannot change still says."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.periods import Year
from participants.models import EligibilityCertificate, Participant
from participants.privacy.free_texts import FREE_TEXTS, marks_of, redacted
from participants.services.persons import save_person
from participants.services.privacy.anonymising import NAME, anonymise_participant, commune_kept
from participants.services.privacy.holds import place_hold
from reporting.indicators.catalogue import every_figure
from reporting.indicators.definition import Breakdown, compute, split
from reporting.indicators.scope import Scope
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory, ParticipantFactory
from tests.factories.reporting import StatementCommentFactory
from tests.support.person_traces import somebody_everywhere
from tests.support.source import histories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def forget(person, reason="Demande de la personne"):
    return anonymise_participant(participant=person, by=author(), reason=reason)


@pytest.fixture
def person(territory):
    return ParticipantFactory(territory=territory, first_name="Éloïse", last_name="Mac-Mahon d’Arc")


def test_a_reason_is_needed(person):
    with pytest.raises(DomainError):
        forget(person, reason=" ")


def test_somebody_at_work_is_not_forgotten(territory):
    contract = EmploymentContractFactory(award=AwardFactory(lot=LotFactory(territory=territory, calibrated=True)))
    with pytest.raises(DomainError, match="contrat en cours"):
        forget(contract.participant)


def test_a_held_file_is_not_forgotten(person, today):
    place_hold(participant=person, kind="fse", reason="Opération", until=today, by=author())
    with pytest.raises(DomainError, match="15/09/2026"):
        forget(person)


def test_done_once(person):
    forget(person)
    with pytest.raises(Conflict):
        forget(person)


def test_the_trace_of_a_merge_follows_the_file_that_stays(person, territory):
    other = ParticipantFactory(territory=territory)
    Participant.objects.filter(pk=other.pk).update(
        merged_into=person, merged_at="2026-09-01T10:00Z", merged_by=author()
    )
    with pytest.raises(Conflict):
        forget(other)
    assert forget(person).files == 2
    assert set(Participant.objects.values_list("last_name", flat=True)) == {NAME}


def test_an_anonymised_file_no_longer_changes(person):
    forget(person)
    person.refresh_from_db()
    person.last_name = "Retour"
    with pytest.raises(Conflict):
        save_person(person=person, by=author())


def test_two_anonymised_files_of_a_year_live_side_by_side(territory):
    for _ in range(2):
        forget(ParticipantFactory(territory=territory, birth_date=date(1987, 5, 23)))
    assert Participant.objects.filter(birth_date=date(1987, 1, 1)).count() == 2


def test_a_commune_of_few_persons_becomes_its_departement(person, territory):
    commune = person.commune
    kept = commune_kept(commune)
    assert (kept.name, kept.department, kept.territory) == ("Autre commune (13)", "13", commune.territory)
    ParticipantFactory.create_batch(4, territory=territory, commune=commune)
    assert commune_kept(commune) == commune


def test_the_figures_do_not_move(territory, today):
    person = somebody_everywhere(territory)
    HoursEntryFactory(contract__award__lot__territory=territory)
    ParticipantFactory.create_batch(5, territory=territory, commune=person.commune)
    before = figures(territory)
    forget(person)
    assert figures(territory) == before


def figures(territory):
    """{code: value} of every figure of the portal, over the year and the place of the person."""
    scope, year = Scope(territory.pk), Year(2026)
    found = {}
    for code, figure in every_figure().items():
        read = split(figure, scope, year) if isinstance(figure, Breakdown) else compute([figure], scope, year)[code]
        found[code] = str(read)
    return found


def test_a_document_that_does_not_change_is_told(person):
    remark = StatementCommentFactory(text="Voir le dossier d’Eloise Mac Mahon d'Arc.")
    assert forget(person).kept == [f"commentaire {remark}"]


def test_somebody_who_shares_her_name_keeps_it(person, territory):
    """« M. Mac-Mahon d’Arc » may be her brother: only her whole name is hers."""
    ParticipantFactory(territory=territory, first_name="Paul", last_name="Mac-Mahon d’Arc")
    pattern = marks_of([person.pk]).naming
    assert redacted("M. Mac-Mahon d’Arc a écrit", pattern) == "M. Mac-Mahon d’Arc a écrit"
    assert redacted("M. MAC MAHON D'ARC Éloïse", pattern) == "M. [effacé]"


def test_the_database_forgets_nobody_else(person):
    """What erases history erases it for an anonymised person alone, and a certificate changes in no other way."""
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT participants_forget_history(%s)", [person.pk])


def test_a_certificate_is_still_frozen(territory):
    person = somebody_everywhere(territory)
    rows = EligibilityCertificate.objects.filter(participant=person)
    for content in (b"", b"%PDF-2"):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(content=content)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.forgetting', 'on', true)")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(content=b"%PDF-2")


def test_the_command_says_what_is_kept(person, capsys):
    StatementCommentFactory(text="Éloïse Mac-Mahon d’Arc")
    call_command("anonymise_participant", str(person.pk), "--reason", "Demande")
    said = capsys.readouterr().out
    assert "Fiches anonymisées : 1." in said
    assert "Gardé tel quel, à examiner : commentaire" in said


def test_each_free_text_that_has_a_history_is_scrubbed_there_too():
    """A free text that is redacted in its table, and not in its history, would be read there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(participants_free_history())")
        places = {place for (place,) in cursor.fetchall()}
    kept = [model for model in histories() if hasattr(model, "instance_type")]
    with_history = {model.instance_type._meta.label: model._meta.db_table for model in kept}
    own = {"participants.EligibilityValidation", "participants.HoursEntry", "participants.EmploymentContract"}
    own |= {"participants.Referral", "participants.DataRequest"}
    wanted = {
        f"{with_history[text.model]}.{name}"
        for text in FREE_TEXTS
        if text.model in with_history and text.model not in own and text.act.value != "keep"
        for name in text.fields
    }
    assert wanted == places
