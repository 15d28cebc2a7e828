"""Two files of one person made one: everything goes to the file that stays, the other is kept as a trace.

No figure moves: hours, contracts and validations change hands, the days that were covered still are. It holds in
quarters already sent too; the months still open are recounted then: each file gains the other's validations.
"""

from django.db import connection, transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from clauses_portal.core import french
from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import lock, validated_save
from participants.eligibility import keep_apart
from participants.models import HoursEntry, ImportedLine, Participant
from participants.services import hours
from participants.services.european import give_answers
from participants.services.persons import refuse_closed, renew_keys
from participants.services.validations import cut_short

SAME_FILE = "Une fiche se réunit à une autre."
DEFERRED = "hours_follow_contract, hours_need_a_validation"
# What a person may choose from one file or the other. Files of one person stay where they are followed.
CHOSEN = (
    *("last_name", "first_name", "birth_name", "birth_date", "sex", "commune", "address", "phone", "email"),
    *("lives_in_qpv", "qpv_code", "receives_rsa", "education_level", "entry_situation", "entered_on", "prescriber"),
    *("prescriber_name", "france_travail_id", "follows_plie", "has_licence", "has_vehicle", "skills", "available_from"),
)
ANSWER = ("situation", "source", "observed_on", "job_title", "lasting_job_refused", "asked_at", "asked_by")


def differences(kept, merged):
    """[name of a field] of `CHOSEN` whose values are not the same in the two files."""
    return [name for name in CHOSEN if getattr(kept, name) != getattr(merged, name)]


@transaction.atomic
def merge_persons(*, kept, merged, by, from_merged=()):
    """Give everything of `merged` to `kept`, which takes the values of the fields named in `from_merged`.

    Certificates stay with the file they were made for. Returns the file kept. Raises DomainError, Conflict when one of
    them was merged already, ValidationError when the chosen values contradict one another.
    """
    if kept.pk == merged.pk:
        raise DomainError(SAME_FILE)
    kept, merged = _locked_pair(kept, merged)
    _defer()
    with refusals():
        _separate_validations(kept, merged, by)
        for row in (*merged.contracts.all(), *merged.validations.all()):
            _give(row, kept, by)
        _give_hours(merged, kept, by)
        _give_referrals(merged, kept, by)
        _give_exits(merged, kept, by)
        give_answers(merged=merged, kept=kept, by=by)
        ImportedLine.objects.filter(participant=merged).update(participant=kept)
        for row in (*merged.holds.all(), *merged.data_requests.all()):
            _give(row, kept, by)
        _close(merged, kept, by)
        _choose(kept, merged, from_merged, by)
        _check_now()
    hours.recount(participant=kept, by=by)
    return kept


def _locked_pair(kept, merged):
    """The two rows of the database, locked in the order of their numbers: two merges never wait for one another."""
    rows = {pk: lock(Participant.objects, pk) for pk in sorted((kept.pk, merged.pk))}
    for row in rows.values():
        refuse_closed(row)
    return rows[kept.pk], rows[merged.pk]


def _defer():
    """Hours follow their contract and their validation at the end, not at each step."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {DEFERRED} DEFERRED")


def _check_now():
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS {DEFERRED} IMMEDIATE")


def _separate_validations(kept, merged, by):
    """Cut the granted validations so that none overlaps another, every day they covered being covered still."""
    rows = [*kept.validations.granted(), *merged.validations.granted()]
    for row, period in zip(rows, keep_apart([(row.starts_on, row.ends_on) for row in rows]), strict=True):
        if period is None:
            _revoke_as_merged(row, by)
        elif period[1] != row.ends_on:
            reason = f"Fiches réunies : une autre validation couvre les jours à partir du {french.date(period[1])}."
            cut_short(row, last_day=period[1], reason=reason, by=by)


def _revoke_as_merged(validation, by):
    validation.revoke()
    validation.reason = "Fiches réunies : une autre validation couvre ces jours."
    validation.decided_at, validation.decided_by = timezone.now(), by
    validated_save(validation, by=by)


def _give(row, kept, by):
    row.participant = kept
    row._history_user = by
    row.save()


def _give_hours(merged, kept, by):
    entries = list(HoursEntry.objects.filter(participant=merged).select_for_update(of=("self",)).order_by("pk"))
    for entry in entries:
        entry.participant = kept
    bulk_update_with_history(entries, HoursEntry, ["participant"], batch_size=500, default_user=by)


def _give_referrals(merged, kept, by):
    """One proposal per post: the second stays with its file, and no longer waits."""
    known = set(kept.referrals.values_list("posting", flat=True))
    for referral in merged.referrals.all():
        if referral.posting_id not in known:
            _give(referral, kept, by)
        elif referral.is_waiting:
            referral.withdraw()
            referral.answered_on = timezone.localdate()
            validated_save(referral, by=by)


def _give_exits(merged, kept, by):
    """One situation per award and horizon: the answer that is known goes to the one that stays."""
    known = {(row.award_id, row.horizon): row for row in kept.exits.all()}
    for row in merged.exits.all():
        other = known.get((row.award_id, row.horizon))
        if other is None:
            _give(row, kept, by)
            continue
        if row.situation and not other.situation:
            for name in ANSWER:
                setattr(other, name, getattr(row, name))
            validated_save(other, by=by)
        _drop(row, by)


def _drop(row, by):
    """An exit that is followed elsewhere: nobody calls for it, and its answer is not counted twice."""
    blank = type(row)()
    for name in ANSWER:
        setattr(row, name, getattr(blank, name))
    row.dropped_on = timezone.localdate()
    validated_save(row, by=by)


def _close(merged, kept, by):
    """The other file becomes a trace; what led to it leads to the one that stays."""
    for row in (*merged.merged_files.all(), merged):
        row.merged_into, row._history_user = kept, by
        if row == merged:
            row.merged_at, row.merged_by = timezone.now(), by
        row.save()
    kept.wanted_jobs.add(*merged.wanted_jobs.all())


def _choose(kept, merged, names, by):
    for name in set(names) & set(CHOSEN):
        setattr(kept, name, getattr(merged, name))
    if kept.informed_at is None:
        kept.informed_at, kept.informed_by, kept.informed_how = (
            merged.informed_at,
            merged.informed_by,
            merged.informed_how,
        )
    renew_keys(kept)
    validated_save(kept, by=by)
