"""How long files live: said first, done only when asked, never twice."""

from datetime import date, timedelta

import pytest
import time_machine
from dateutil.relativedelta import relativedelta
from django.core.management import call_command
from django.utils import timezone

from clauses_portal.core.errors import Conflict
from facilitators.models import OutgoingMail
from markets.models import Lot
from participants.enums import RetentionStep
from participants.models import HoursImport, MonthlyDeclaration, Participant
from participants.privacy.last_contact import with_last_contact
from participants.services.privacy.holds import place_hold, release_hold
from participants.services.privacy.retention import (
    apply_retention,
    archive_person,
    persons_by_step,
    restore_person,
    silent_accounts,
)
from participants.tasks import apply_retention as every_night
from tests.factories.accounts import UserFactory, author
from tests.factories.companies import CompanyContactFactory
from tests.factories.mail import OutgoingMailFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, ParticipantFactory
from tests.support.privacy_rows import silent_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]
S = RetentionStep


def steps(today):
    return {step: set(rows) for step, rows in persons_by_step(today).items() if rows}


@pytest.fixture
def hired(territory):
    """Somebody whose contract ended on 15 June 2026."""
    lot = LotFactory(territory=territory, calibrated=True)
    return EmploymentContractFactory(award=AwardFactory(lot=lot), validated=True, ended=True).participant


def test_a_file_is_active_for_24_months_after_the_last_contact(hired, today):
    last = with_last_contact(Participant.objects, today).get().last_contact
    assert last == today  # what was typed today
    assert steps(last + relativedelta(months=24, days=-1)) == {}
    assert steps(last + relativedelta(months=24)) == {S.ARCHIVE: {hired}}


def test_a_contract_under_way_is_a_contact_of_the_day(territory, today):
    EmploymentContractFactory(award=AwardFactory(lot=LotFactory(territory=territory, calibrated=True)))
    assert steps(today + relativedelta(years=9)) == {}


def test_somebody_never_hired_is_anonymised_after_24_months(territory, today):
    person = silent_person(territory=territory)
    ParticipantFactory(territory=territory)
    assert steps(today) == {S.ANONYMISE: {person}}


def test_nothing_moves_in_a_dry_run(territory, today):
    person = silent_person(territory=territory)
    assert apply_retention().persons[S.ANONYMISE] == 1
    person.refresh_from_db()
    assert (person.archived_on, person.anonymised_on) == (None, None)


def test_a_file_is_archived_then_anonymised_two_years_later(hired):
    with time_machine.travel("2028-09-15T10:00:00+02:00"):
        assert apply_retention(apply=True, by=author()).persons[S.ARCHIVE] == 1
        assert apply_retention(apply=True).persons == {S.ARCHIVE: 0, S.ANONYMISE: 0, S.HELD: 0}
    hired.refresh_from_db()
    assert (hired.archived_on, hired.anonymised_on) == (date(2028, 9, 15), None)
    with time_machine.travel("2030-09-15T10:00:00+02:00"):
        assert apply_retention(apply=True).failed == []
    hired.refresh_from_db()
    assert hired.anonymised_on == date(2030, 9, 15)


def test_an_archived_file_is_in_no_list(hired, as_role):
    client = as_role("facilitator")
    assert client.get(f"/personnes/{hired.pk}/").status_code == 200
    archive_person(participant=hired, by=author())
    assert client.get(f"/personnes/{hired.pk}/").status_code == 404
    assert not Participant.objects.current().filter(pk=hired.pk).exists()
    assert as_role("privacy_officer").get(f"/donnees-personnelles/personnes/{hired.pk}/").status_code == 200
    restore_person(participant=hired, by=author())
    assert client.get(f"/personnes/{hired.pk}/").status_code == 200
    with pytest.raises(Conflict):
        restore_person(participant=hired, by=author())


def test_a_hold_stops_the_last_step_until_it_is_released(territory, today):
    person = silent_person(territory=territory)
    hold = place_hold(participant=person, kind="litigation", reason="Recours", by=author())
    assert steps(today) == {S.HELD: {person}}
    assert apply_retention(apply=True).persons[S.ANONYMISE] == 0
    release_hold(hold=hold, by=author())
    assert steps(today) == {S.ANONYMISE: {person}}


def test_a_european_hold_ends_by_itself(territory, today):
    person = silent_person(territory=territory)
    place_hold(participant=person, kind="fse", reason="Opération", until=today, by=author())
    assert steps(today) == {S.HELD: {person}}
    assert steps(today + timedelta(days=1)) == {S.ANONYMISE: {person}}


def test_mails_of_a_year_lose_their_text():
    OutgoingMailFactory(sent_on=timezone.now() - timedelta(days=367))
    OutgoingMailFactory(sent_on=timezone.now() - timedelta(days=300))
    OutgoingMailFactory()
    assert apply_retention().purged["Courriels de plus d’un an"] == 1
    apply_retention(apply=True)
    assert OutgoingMail.objects.filter(body="").count() == 1
    assert apply_retention().purged["Courriels de plus d’un an"] == 0


def test_deposits_of_a_year_lose_their_content(hired):
    contract = hired.contracts.get()
    HoursImport.objects.create(
        territory=contract.territory,
        company=contract.employer,
        file_name="heures.xlsx",
        content=b"PK",
        sha256="1" * 64,
        asked_at=timezone.now() - timedelta(days=400),
        asked_by=author(),
    )
    apply_retention(apply=True)
    assert bytes(HoursImport.objects.get().content) == b""


@pytest.mark.parametrize(("kept", "left"), [(False, None), (True, b"%PDF")])
def test_evidence_goes_once_it_is_seen_unless_the_office_keeps_it(hired, settings, kept, left):
    settings.EVIDENCE_KEPT = kept
    MonthlyDeclaration.objects.create(
        company=hired.contracts.get().employer,
        month=date(2026, 3, 1),
        signatory="M. Paie",
        file_name="a.pdf",
        content=b"%PDF",
    )
    apply_retention(apply=True)
    content = MonthlyDeclaration.objects.get().content
    assert (content and bytes(content)) == left


def test_the_people_of_a_company_go_three_years_after_its_last_lot(territory, today):
    award = AwardFactory(lot=LotFactory(territory=territory, calibrated=True))
    Lot.objects.filter(pk=award.lot_id).update(starts_on=date(2022, 1, 1), ends_on=date(2023, 1, 31))
    contact = CompanyContactFactory(company=award.company, name="Mme Paie", email="paie@exemple.test")
    label = "Contacts d’entreprises sans marché depuis trois ans"
    assert apply_retention(apply=True).purged[label] == 1
    contact.refresh_from_db()
    assert (contact.name, contact.email) == ("Contact effacé", "")
    assert not contact.history.filter(name="Mme Paie").exists()
    assert apply_retention().purged[label] == 0


def test_accounts_nobody_uses_are_listed(today):
    silent = UserFactory(date_joined=timezone.now() - timedelta(days=900))
    UserFactory(date_joined=timezone.now() - timedelta(days=900), last_login=timezone.now())
    UserFactory()
    assert list(silent_accounts(today)) == [silent]


@pytest.mark.parametrize(("on", "moved"), [(False, 0), (True, 1)])
def test_it_runs_at_night_only_when_it_is_switched_on(territory, settings, on, moved):
    silent_person(territory=territory)
    settings.RETENTION_SCHEDULED = on
    every_night()
    assert Participant.objects.filter(anonymised_on__isnull=False).count() == moved


def test_the_command_says_before_it_does(territory, capsys):
    silent_person(territory=territory)
    call_command("apply_retention")
    assert "À anonymiser : 1" in (said := capsys.readouterr().out)
    assert "Essai à blanc" in said
    call_command("apply_retention", "--apply")
    assert Participant.objects.filter(anonymised_on__isnull=False).count() == 1
