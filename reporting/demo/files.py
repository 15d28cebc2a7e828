"""What happens to a file: papers awaited, a double, the same person elsewhere, an extension, attestations."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from participants.enums import ExtensionReason
from participants.models import EligibilityValidation, EmploymentContract, Participant
from participants.services import validations
from participants.services.certificates import certify
from participants.services.endings import SOON
from participants.services.persons import save_person
from reporting.demo.eligibility import months_later

COPIED = ("birth_date", "sex", "prescriber", "lives_in_qpv", "receives_rsa")
ATTESTATIONS = 2


def seed_files(world):
    """Make one of each, so that every page about persons has something to show."""
    for code in world.territories:
        _await_papers(world, code)
    _make_double(world)
    _follow_elsewhere(world)
    _extend_one(world)
    _attest(world)


def _of(world, code):
    return EligibilityValidation.objects.filter(participant__territory=world.territories[code]).order_by("pk")


def _await_papers(world, code):
    """The first request of a territory lacks a paper; the second says that the person knows the company."""
    first, second, *_ = [*_of(world, code).to_decide(), None, None]
    by = world.facilitators[code]
    if first:
        missing = f"{first.category.evidence} de moins de trois mois"
        validations.ask_evidence(validation=first, missing=missing, by=by)
    if second:
        second.tie_declared = True
        validations.revise(validation=second, by=by)


def _candidates(world, code):
    """Persons of a territory who never had a contract."""
    at_work = EmploymentContract.objects.filter(participant=OuterRef("pk"))
    persons = Participant.objects.filter(~Exists(at_work), territory=world.territories[code])
    return persons.order_by("pk")


def _make_double(world):
    """The same candidate entered twice by two hands, a letter apart."""
    code = min(world.territories)
    known = _candidates(world, code).first()
    if known:
        _copy(world, known, code, last_name=f"{known.last_name}{known.last_name[-1]}")


def _follow_elsewhere(world):
    """A validated candidate of one territory who is followed in another too."""
    first, second, *_ = sorted(world.territories)
    known = _candidates(world, second).filter(validations__in=_of(world, second).granted()).first()
    if known:
        _copy(world, known, first, last_name=known.last_name.upper())


def _copy(world, known, code, *, last_name):
    person = Participant(
        territory=world.territories[code],
        commune=world.territories[code].communes.order_by("insee_code").first(),
        first_name=known.first_name,
        last_name=last_name,
        **{name: getattr(known, name) for name in COPIED},
    )
    save_person(person=person, by=world.facilitators[code])
    world.made["personnes"] += 1


def _extend_one(world):
    """Of the validations that end soon, the first is carried on for a training."""
    today = timezone.localdate()
    ending = EligibilityValidation.objects.ending(today, today + SOON).select_related("participant__territory")
    validation = ending.order_by("ends_on", "pk").first()
    if validation:
        validations.extend(
            validation=validation,
            ends_on=months_later(validation.ends_on + timedelta(days=1), 6),
            reason_kind=ExtensionReason.TRAINING,
            reason="Titre professionnel en cours, jusqu’à l’examen.",
            by=world.facilitators[validation.participant.territory.code],
        )
        world.made["validations"] += 1


def _attest(world):
    for code in sorted(world.territories)[:ATTESTATIONS]:
        validation = _of(world, code).granted().filter(ends_on__gte=timezone.localdate()).first()
        if validation:
            certify(validation=validation, by=world.facilitators[code])
