"""Two files of one person made one: nothing lost, no figure moved, a trace that leads to the file kept."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from clauses_portal.core.errors import Conflict, DomainError
from participants.models import ExitSituation, HoursEntry, ImportedLine, JobPosting, Participant, Referral
from participants.services.consistency import fate_differences, total_differences
from participants.services.merging import CHOSEN, differences, merge_persons
from participants.services.persons import save_person
from participants.services.validations import propose
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.factories.preparation import RomeCodeFactory
from tests.factories.privacy import DataRequestFactory, ParticipantHoldFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

JANUARY = date(2026, 1, 1)
SPRING = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 6, 30)}


@pytest.fixture
def kept(territory):
    return ParticipantFactory(territory=territory, last_name="Benali", first_name="Inès", phone="", lives_in_qpv=None)


@pytest.fixture
def merged(territory):
    return ParticipantFactory(territory=territory, last_name="Ben Ali", first_name="Inès", phone="04 42 00 00 00")


def merge(kept, merged, **kwargs):
    return merge_persons(kept=kept, merged=merged, by=author(), **kwargs)


def validate(person, starts_on, ends_on):
    return EligibilityValidationFactory(participant=person, starts_on=starts_on, ends_on=ends_on, granted=True)


def covered(person):
    """Days of her granted validations, none twice."""
    found = [
        row.starts_on + timedelta(days=n)
        for row in person.validations.granted()
        for n in range((row.ends_on - row.starts_on).days + 1)
    ]
    assert len(found) == len(set(found))
    return set(found)


def test_everything_goes_to_the_file_that_stays(kept, merged):
    entry = HoursEntryFactory(contract=EmploymentContractFactory(participant=merged, validated=True))
    EligibilityValidationFactory(participant=merged)
    result = merge(kept, merged)
    assert result == kept
    moved = HoursEntry.objects.get()
    assert (moved.participant, moved.contract.participant, moved.counted) == (kept, kept, 100)
    assert kept.validations.count() == 2
    assert moved.history.first().history_user == author()
    assert entry.version == moved.version


def test_the_other_file_is_a_trace_that_leads_to_the_kept_one(kept, merged):
    elder = ParticipantFactory(territory=kept.territory)
    merge(merged, elder)
    merge(kept, merged)
    traces = Participant.objects.exclude(pk=kept.pk)
    assert {trace.merged_into for trace in traces} == {kept}
    assert Participant.objects.get(pk=merged.pk).merged_by == author()
    assert list(Participant.objects.current()) == [kept]


def test_one_chooses_field_by_field(kept, merged):
    assert differences(kept, merged)[:2] == ["last_name", "birth_date"]
    chosen = merge(kept, merged, from_merged=["last_name", "phone"])
    assert (chosen.last_name, chosen.phone, chosen.birth_date) == ("Ben Ali", "04 42 00 00 00", kept.birth_date)
    assert chosen.search_name == "ben ali ines"


def test_the_name_of_the_other_file_may_be_taken(kept, merged):
    """The same name and birth date in one territory: the trace does not stand in the way."""
    chosen = merge(kept, merged, from_merged=CHOSEN)
    assert (chosen.search_name, chosen.birth_date) == (merged.search_name, merged.birth_date)


def test_what_was_merged_no_longer_changes(kept, merged):
    merge(kept, merged)
    trace = Participant.objects.get(pk=merged.pk)
    for act in (
        lambda: merge(kept, merged),
        lambda: merge(merged, kept),
        lambda: save_person(person=trace, by=author()),
        lambda: propose(validation=EligibilityValidationFactory.build(participant=trace), by=author()),
    ):
        with pytest.raises(Conflict, match="réunie à une autre"):
            act()


def test_a_file_is_not_merged_into_itself(kept):
    with pytest.raises(DomainError):
        merge(kept, kept)


def test_overlapping_validations_keep_every_day(kept, merged):
    validate(kept, date(2026, 1, 1), date(2026, 3, 31))
    inner = validate(kept, date(2026, 8, 1), date(2026, 8, 31))
    validate(merged, date(2026, 3, 1), date(2026, 9, 30))
    merge(kept, merged)
    assert covered(kept) == {JANUARY + timedelta(days=n) for n in range(273)}
    shortened = kept.validations.get(starts_on=JANUARY)
    assert (shortened.ends_on, shortened.first_ends_on) == (date(2026, 2, 28), date(2026, 3, 31))
    assert kept.validations.get(pk=inner.pk).state == "revoked"


def test_hours_already_sent_change_hands(kept, merged, close_quarter):
    for person, month in ((kept, 2), (merged, 3)):
        validate(person, date(2026, 1, 1), date(2026, 6, 30))
        HoursEntryFactory(
            contract=EmploymentContractFactory(participant=person, starts_on=JANUARY), month=date(2026, month, 1)
        )
    close_quarter(kept.territory, "2026-T1")
    merge(kept, merged)
    assert set(HoursEntry.objects.values_list("participant", "counted")) == {(kept.pk, Decimal(100))}


def test_hours_that_lacked_a_validation_find_it(kept, merged):
    validate(kept, **SPRING)
    entry = HoursEntryFactory(contract=EmploymentContractFactory(participant=merged))
    assert entry.counted == 0
    merge(kept, merged)
    assert HoursEntry.objects.get().counted == 100


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 300), st.integers(0, 120), st.integers(1, 9)), min_size=2, max_size=5
    )
)
def test_no_counted_hour_loses_its_validation(several):
    """Whatever the periods of the two files, what counted counts still, and every figure agrees."""
    award = AwardFactory()
    files = [ParticipantFactory(territory=award.lot.territory) for _ in range(2)]
    for in_second, start, length, month in several:
        person = files[in_second]
        first = JANUARY + timedelta(days=start)
        last = first + timedelta(days=length)
        if not person.validations.granted().filter(starts_on__lte=last, ends_on__gte=first).exists():
            validate(person, first, last)
        contract = EmploymentContractFactory(award=award, participant=person, starts_on=JANUARY)
        HoursEntryFactory(contract=contract, month=date(2026, month, 1), declared=Decimal(10))
    counted = {entry.pk: entry.counted for entry in HoursEntry.objects.filter(participant__in=files)}
    days = covered(files[0]) | covered(files[1])
    merge(*files)
    assert covered(files[0]) == days
    for entry in HoursEntry.objects.filter(participant=files[0]):
        assert entry.counted >= counted[entry.pk]
    assert fate_differences() == []
    assert total_differences() == []


def a_posting(award):
    row = JobPosting(
        award=award,
        lot=award.lot,
        territory=award.lot.territory,
        rome=RomeCodeFactory(),
        title="Maçon",
        contract_type="cdd",
        starts_on=date(2026, 10, 1),
        tasks="Maçonnerie.",
        author=author(),
    )
    row.save()
    return row


def referred(person, posting):
    row = Referral(
        participant=person,
        posting=posting,
        proposed_at=timezone.now(),
        proposed_by=author(),
        answer_due_on=date(2026, 9, 30),
        escalate_on=date(2026, 10, 7),
    )
    row.save()
    return row


def test_one_proposal_remains_per_post(kept, merged):
    award = AwardFactory()
    both, own = a_posting(award), a_posting(award)
    referred(kept, both)
    twice, alone = referred(merged, both), referred(merged, own)
    merge(kept, merged)
    assert Referral.objects.get(pk=alone.pk).participant == kept
    left = Referral.objects.get(pk=twice.pk)
    assert (left.participant, left.state) == (merged, "withdrawn")


def exit_of(person, contract, horizon="end", **fields):
    return ExitSituation.objects.create(
        participant=person,
        award=contract.award,
        contract=contract,
        lot=contract.lot,
        market=contract.market,
        territory=contract.territory,
        horizon=horizon,
        due_on=date(2026, 9, 1),
        **fields,
    )


def test_one_situation_remains_per_award_and_horizon(kept, merged):
    mine = EmploymentContractFactory(participant=kept)
    hers = EmploymentContractFactory(participant=merged, award=mine.award)
    answer = {"situation": "seeking", "source": "person", "observed_on": date(2026, 9, 2)}
    unanswered = exit_of(kept, mine)
    exit_of(merged, hers, asked_at=timezone.now(), asked_by=author(), **answer)
    later = exit_of(merged, hers, horizon="three_months")
    merge(kept, merged)
    assert ExitSituation.objects.get(pk=unanswered.pk).situation == "seeking"
    assert ExitSituation.objects.get(pk=later.pk).participant == kept
    assert ExitSituation.objects.known().count() == 1
    assert ExitSituation.objects.filter(participant=merged).to_ask(date(2026, 12, 1)).count() == 0


def test_what_keeps_a_file_and_what_is_asked_follow_the_person(kept, merged):
    hold, request = ParticipantHoldFactory(participant=merged), DataRequestFactory(participant=merged)
    merge_persons(kept=kept, merged=merged, by=author())
    for row in (hold, request):
        row.refresh_from_db()
        assert row.participant == kept


def test_every_table_about_a_person_is_thought_of():
    """A new table that refers to a person must say what a merge does with it."""
    moved = {
        "contracts",
        "hours",
        "validations",
        "referrals",
        "exits",
        "european_answers",
        "holds",
        "data_requests",
        "imported lines",
        "wanted_jobs",
    }
    stays = {"eligibility_certificates", "work_certificates", "merged_files", "access_exports"}
    related = {relation.related_name for relation in Participant._meta.related_objects if relation.related_name != "+"}
    assert related == (moved | stays) - {"imported lines", "wanted_jobs"}
    hidden = {
        relation.related_model
        for relation in Participant._meta.get_fields(include_hidden=True)
        if relation.auto_created and relation.is_relation and not relation.concrete
    } - {relation.related_model for relation in Participant._meta.related_objects}
    assert {model.__name__ for model in hidden if not model.__name__.startswith(("Historical", "Participant_"))} == {
        ImportedLine.__name__
    }
