"""When a person was last in touch, from what the portal keeps: from that day on her file has a time to live."""

from django.db.models import DateField, Exists, F, Max, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Greatest

from participants.models import EmploymentContract, Participant, ParticipantHold
from participants.privacy.rows import personal_models


def _latest(model, expression, **filters):
    """Subquery: the last of these days among the rows of a person."""
    rows = model._base_manager.filter(participant=OuterRef("pk"), **filters).order_by().values("participant")
    return Subquery(rows.annotate(last=Max(Cast(expression, DateField()))).values("last"))


def with_last_contact(persons, today):
    """Annotate `last_contact` (date): the last act on her file, contract, hours, proposal, call or request.

    A contract under way is a contact of `today`; a contract over, of its last day (CNIL, délibération 2021-028).
    """
    models = {model.__name__: model for model in personal_models()}
    past = Participant.history.model._base_manager.filter(id=OuterRef("pk"), history_user__isnull=False)
    touched = past.order_by().values("id").annotate(last=Max(Cast("history_date", DateField()))).values("last")
    return persons.annotate(
        last_contact=Greatest(
            Cast("entered_on", DateField()),
            Cast("informed_at", DateField()),
            Subquery(touched, output_field=DateField()),
            _latest(EmploymentContract, Coalesce("ends_on", Value(today, output_field=DateField()))),
            _latest(models["HoursEntry"], F("ends_on")),
            _latest(models["EligibilityValidation"], Greatest("requested_at", "decided_at")),
            _latest(models["Referral"], F("proposed_at")),
            _latest(models["Referral"], F("answered_on")),
            _latest(models["ExitSituation"], F("called_on")),
            _latest(models["ExitSituation"], F("asked_at")),
            _latest(models["DataRequest"], F("received_on")),
        ),
        was_hired=Exists(EmploymentContract.objects.filter(participant=OuterRef("pk"))),
        is_held=Exists(ParticipantHold.objects.in_force(today).filter(participant=OuterRef("pk"))),
    )


def whose_time_has_come(today, *, active_before, archived_before):
    """(to archive, to anonymise) as of `today`: querysets of persons with `last_contact`, `was_hired` and `is_held`."""
    files = Participant.objects.filter(merged_into__isnull=True, anonymised_on__isnull=True)
    files = with_last_contact(files, today).order_by("last_contact", "pk")
    silent = Q(archived_on__isnull=True, last_contact__lte=active_before)
    archived = Q(archived_on__lte=archived_before)
    return files.filter(silent, was_hired=True), files.filter(archived | (silent & Q(was_hired=False)))
