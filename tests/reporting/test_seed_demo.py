"""The demonstration shows every case, agrees with itself, and never ages."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from clauses_portal.accounts.models import User
from clauses_portal.core.validators import validate_siret
from facilitators.enums import Role
from facilitators.models import AccessKey, Convention, Webhook
from markets.enums import AwardRole, LotState, ObjectiveKind
from markets.models import (
    Alert,
    Award,
    BidderQuestion,
    Calibration,
    Company,
    CompanyContact,
    ContractDocument,
    FacilitatorOpinion,
    HoursTransfer,
    Lot,
    ObjectiveEntry,
    OpeningBalance,
    PenaltyCase,
    PenaltyLetter,
)
from markets.services.openings import first_day_declared
from participants.alert_rules import run_rules
from participants.enums import Modality, ValidationState
from participants.models import (
    EligibilityCertificate,
    EligibilityValidation,
    EmploymentContract,
    HoursEntry,
    Participant,
)
from participants.services.duplicates import exact_elsewhere, likely_here
from reporting.consistency import differences
from reporting.demo.accounts import DEMO_ACCOUNTS
from reporting.demo.calendar import DemoCalendar
from reporting.demo.closing import close_markets
from reporting.demo.companies import invented_siret
from reporting.demo.seed import build
from reporting.demo.tables import table
from reporting.demo.world import SCALES
from reporting.enums import FileKind, StatementKind
from reporting.indicators.progress import expected_percentage, light
from reporting.models import ExecutionCertificate, ExecutionProposal, Statement

# Named so that the database is there when this module runs alone.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The small demonstration, made once for this module, and taken away. The tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(DemoCalendar(timezone.localdate()), SCALES["small"])
        transaction.set_rollback(True)


def hours_of(lot):
    """(hours due, hours counted) of a lot."""
    due = ObjectiveEntry.objects.filter(award__lot=lot).aggregate(total=Sum("hours"))["total"]
    counted = HoursEntry.objects.filter(lot=lot).aggregate(total=Sum("counted"))["total"]
    return due, counted


def worked_lots():
    return Lot.objects.filter(state__in=[LotState.RUNNING, LotState.CLOSED])


def test_it_says_what_it_made(demo):
    assert demo["opérations"] == 3
    assert demo["personnes"] == Participant.objects.count() == 52
    assert demo["lots"] == Lot.objects.count()


def test_a_company_had_begun_before_the_portal(demo):
    opening = OpeningBalance.objects.get()
    assert opening.until < first_day_declared(opening.award)


def test_a_program_is_told_no_more(demo):
    """Nothing may leave the demonstration."""
    webhook = Webhook.objects.get()
    assert webhook.created_at < webhook.ended_at <= timezone.now()
    assert webhook.deliveries.settled().count() == webhook.deliveries.count() > 1
    assert not Webhook.objects.open().exists()


def test_a_key_is_in_service_and_another_was_revoked(demo):
    keys = AccessKey.objects.with_state(timezone.now())
    assert sorted(key.state for key in keys) == ["live", "revoked"]
    assert all(key.created_at < key.last_used_on and key.addresses.exists() for key in keys)


def test_everything_agrees(demo):
    assert {label: found for label, found in differences().items() if found} == {}
    call_command("check_grants")


def test_lots_are_in_every_state(demo):
    assert set(Lot.objects.values_list("state", flat=True)) == set(LotState)


def test_validations_are_in_every_state(demo):
    assert set(EligibilityValidation.objects.values_list("state", flat=True)) == set(ValidationState)


def test_files_of_persons_show_every_case(demo):
    said = EligibilityValidation.objects
    assert said.filter(extends__isnull=False).exists()
    assert said.filter(tie_declared=True).exists()
    assert not said.granted().filter(number__isnull=True).exists()
    assert EligibilityCertificate.objects.count() == 2
    persons = Participant.objects.select_related("territory")
    assert any(likely_here(person, [person.territory]) for person in persons)
    assert any(exact_elsewhere(person, [person.territory]) for person in persons)


def test_a_validation_expired_before_the_contract_was_over(demo):
    assert any(
        entry.rejected and entry.contract.participant.validations.granted().filter(ends_on__lt=entry.starts_on)
        for entry in HoursEntry.objects.filter(rejected__gt=0)
    )


def test_some_hours_came_before_the_validation(demo):
    assert any(
        entry.contract.participant.validations.granted().filter(starts_on__gt=entry.ends_on)
        for entry in HoursEntry.objects.filter(rejected__gt=0)
    )


def test_hours_have_the_three_fates(demo):
    sums = HoursEntry.objects.aggregate(Sum("counted"), Sum("rejected"), Sum("pending"))
    assert all(total > 0 for total in sums.values())
    assert sums["counted__sum"] > 8 * (sums["rejected__sum"] + sums["pending__sum"])


def test_months_are_credible(demo):
    calendar = DemoCalendar(timezone.localdate())
    for entry in HoursEntry.objects.all():
        assert 20 <= entry.declared <= Decimal("151.67")
        assert calendar.month(-18) <= entry.month <= calendar.month(-1)
    assert HoursEntry.objects.filter(month=calendar.month(-1)).exists()


def test_every_lot_at_work_did_a_believable_share(demo):
    for lot in worked_lots():
        due, counted = hours_of(lot)
        assert 20 <= counted * 100 / due <= 115, lot


def test_some_lots_are_late(demo):
    today = timezone.localdate()
    words = [
        light(counted * 100 / due, expected_percentage(lot.starts_on, lot.ends_on, today))
        for lot in worked_lots()
        for due, counted in [hours_of(lot)]
    ]
    assert "En retard" in words
    assert Counter(words).most_common(1)[0][0] != "En retard"


def test_contracts_are_of_all_modalities_and_of_ten_types(demo):
    contracts = EmploymentContract.objects
    assert set(contracts.values_list("modality", flat=True)) == set(Modality)
    assert len(set(contracts.values_list("contract_type", flat=True))) >= 10


def test_nobody_works_twice_on_a_day(demo):
    last_day = {}
    for contract in EmploymentContract.objects.order_by("participant", "starts_on"):
        assert contract.starts_on > last_day.get(contract.participant_id, date.min)
        last_day[contract.participant_id] = contract.ends_on or date.max


def test_the_ledger_has_more_than_first_lines(demo):
    kinds = set(ObjectiveEntry.objects.values_list("kind", flat=True))
    assert kinds >= {ObjectiveKind.INITIAL, ObjectiveKind.AMENDMENT, ObjectiveKind.OPTION}


def test_companies_share_and_subcontract(demo):
    roles = set(Award.objects.values_list("role", flat=True))
    assert roles >= {AwardRole.HOLDER, AwardRole.SUBCONTRACTOR}


def test_companies_have_a_right_key_and_an_invented_number(demo):
    assert Company.objects.count() == 60
    for company in Company.objects.all():
        validate_siret(company.siret)
        assert company.siret.startswith("9999")


def test_alerts_name_nobody(demo):
    names = set(Participant.objects.values_list("last_name", flat=True))
    for alert in Alert.objects.all():
        words = set(f"{alert.description} {alert.answer}".replace("’", " ").replace(".", " ").split())
        assert not words & names


def test_rules_report_and_the_maitre_d_ouvrage_answers(demo):
    assert Alert.objects.filter(author=None, category="A04").exists()
    assert Alert.objects.filter(answered_at__isnull=False).exists()
    assert run_rules() == (0, 0)


def test_penalties_go_as_far_as_the_decision(demo):
    assert set(PenaltyCase.objects.values_list("state", flat=True)) == {"found", "notice_sent", "decided"}
    assert PenaltyLetter.objects.count() == 3


def test_alerts_are_open_and_closed(demo):
    assert 0 < Alert.objects.open().count() < Alert.objects.count()


def test_the_conventions_were_in_force_all_along(demo):
    calendar = DemoCalendar(timezone.localdate())
    for day in (calendar.month(-18), calendar.today):
        assert Convention.objects.in_force(day).count() == 3


def test_every_account_signs_in_with_its_role(demo):
    for account in DEMO_ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert user.check_password(account.password)
        assert [membership.role for membership in user.memberships.all()] == [account.role]
        assert user.emailaddress_set.get().verified
    assert {account.role for account in DEMO_ACCOUNTS} == set(Role)
    assert all(account.email.endswith(".invalid") for account in DEMO_ACCOUNTS)


def test_every_row_that_has_a_history_was_recorded(demo):
    for model in apps.get_models():
        if hasattr(model._meta, "simple_history_manager_attribute"):
            recorded = set(model.history.values_list(model._meta.pk.name, flat=True))
            assert recorded == set(model._base_manager.values_list("pk", flat=True)), model


def test_nothing_is_dated_from_the_future(demo):
    now = timezone.now()
    for model in apps.get_models():
        stamps = [field.name for field in model._meta.fields if field.name.endswith(("_at", "history_date"))]
        for stamp in stamps:
            assert not model._base_manager.filter(**{f"{stamp}__gt": now}).exists(), (model, stamp)


def test_the_whole_programme_has_the_size_that_was_asked():
    lots = table("lots")
    assert len(table("operations")) == 12
    assert len(table("markets")) == 46
    assert len(lots) == 100
    assert len(table("companies")) == 60
    assert Counter(line["state"] for line in lots) == {
        "programmed": 8,
        "to_review": 16,
        "awaiting_visa": 1,
        "set_aside": 8,
        "retained": 10,
        "calibrated": 10,
        "awarded": 6,
        "running": 28,
        "closed": 13,
    }


@pytest.mark.parametrize(
    ("today", "published", "open_from"),
    [
        (date(2026, 11, 22), ["2026-T1", "2026-T2"], date(2026, 7, 1)),
        (date(2027, 1, 1), ["2026-T2", "2026-T3"], date(2026, 10, 1)),
        (date(2028, 2, 29), ["2027-T2", "2027-T3"], date(2027, 10, 1)),
        (date(2026, 12, 31), ["2026-T1", "2026-T2"], date(2026, 7, 1)),
    ],
)
def test_dates_follow_the_day_it_is_made(today, published, open_from):
    calendar = DemoCalendar(today)
    assert [str(quarter) for quarter in calendar.published] == published
    assert calendar.open_from == open_from


def test_months_are_counted_across_years():
    calendar = DemoCalendar(date(2028, 2, 29))
    assert calendar.month(-14) == date(2026, 12, 1)
    assert calendar.period(-1, 2) == (date(2028, 1, 1), date(2028, 2, 29))
    assert list(calendar.months_worked(-20, 4)) == [-18, -17]


def test_an_invented_siret_has_a_right_key():
    assert invented_siret(0).startswith("99990000")
    for rank in range(50):
        validate_siret(invented_siret(rank))


def test_production_never_gets_the_demonstration(settings):
    settings.DEMO = False
    for command in ("seed_demo", "demo_accounts"):
        with pytest.raises(CommandError, match="démonstration"):
            call_command(command)


def test_the_accounts_are_printed_one_per_line(settings, capsys):
    settings.DEMO = True
    call_command("demo_accounts")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(DEMO_ACCOUNTS)
    assert all(
        account.role_label in line and account.email in line and account.password in line
        for account, line in zip(DEMO_ACCOUNTS, lines, strict=True)
    )


def test_what_comes_before_the_award_is_shown(demo):
    """Opinions awaited and given, phases with hours, référents, papers ready to publish."""
    assert FacilitatorOpinion.objects.awaited().exists()
    assert FacilitatorOpinion.objects.exclude(given_at=None).exists()
    assert Calibration.objects.filter(purpose="phase", retained_hours__gt=0).exists()
    assert not Lot.objects.filter(referents=None).exists()
    assert ContractDocument.objects.count() == demo["pièces produites"] == 8
    assert BidderQuestion.objects.filter(published_on__isnull=False).exists() == bool(demo["questions de candidats"])


def test_what_happens_to_companies_after_the_award_is_shown(demo):
    assert demo["cessions"] == demo["règles de comptage"] == 1
    assert HoursTransfer.objects.exists()
    assert CompanyContact.objects.count() == demo["contacts"]
    assert Company.objects.lacking_contacts().exists()
    assert Company.objects.with_bounced_contact().exists()
    assert Award.objects.filter(parent__parent__isnull=False).exists()
    assert Award.objects.filter(end_reason="liquidation", successors__isnull=False).exists()


def test_markets_that_are_over_are_closed_once(demo):
    """The small demonstration has one such market; the whole one has five."""
    with transaction.atomic():
        assert close_markets() == 1
        report = Statement.objects.get(kind=StatementKind.CLOSING)
        assert report.published_at
        assert report.files.filter(kind=FileKind.COMPANY).exists()
        assert ExecutionProposal.objects.waiting().count() == ExecutionCertificate.objects.count() == 1
        assert close_markets() == 0
        transaction.set_rollback(True)
