"""Persons and contracts. A person counts once, however many contracts; a contract counts once."""

from collections import Counter

from django.db.models import Count, Min, Sum

from participants.enums import ContractType, EndReason, Sex
from participants.models import EligibilityValidation, Participant
from reporting.indicators.scope import running_between


def hired(scope, quarter):
    """Ids of the persons whose first contract within the scope starts in the quarter."""
    firsts = scope.contracts().values_list("participant_id").annotate(first=Min("starts_on"))
    return [person for person, first in firsts if quarter.start <= first <= quarter.end]


def in_post(scope, quarter):
    """Number of persons under contract on the last day of the quarter."""
    running = scope.contracts().filter(running_between(quarter.end, quarter.end))
    return running.values("participant").distinct().count()


def at_work(scope, quarter):
    """Number of persons with hours counted in the quarter, its régularisations added: what a correction only takes away
    makes nobody work."""
    rows = scope.hours().of_quarter(quarter).order_by().values("participant")
    return rows.annotate(total=Sum("counted")).filter(total__gt=0).count()


def profile(person_ids, quarter):
    """Typology of these persons at entry: {total, women, men, qpv, rsa, qpv_unknown, rsa_unknown}."""
    persons = Participant.objects.filter(pk__in=person_ids).values_list("sex", "lives_in_qpv", "receives_rsa")
    sexes, qpv, rsa = (Counter(column) for column in zip(*persons, strict=True)) if person_ids else [Counter()] * 3
    return {
        "total": len(person_ids),
        "women": sexes[Sex.FEMALE],
        "men": sexes[Sex.MALE],
        "qpv": qpv[True],
        "qpv_unknown": qpv[None],
        "rsa": rsa[True],
        "rsa_unknown": rsa[None],
    }


def categories(person_ids):
    """[(French label of the category of their latest granted validation, number of persons)]."""
    rows = (
        EligibilityValidation.objects.granted()
        .filter(participant__in=person_ids)
        .order_by("participant_id", "-starts_on")
        .distinct("participant_id")
        .values_list("category__label", flat=True)
    )
    return sorted(Counter(rows).items(), key=lambda item: (-item[1], item[0]))


def contracts_by_type(scope, quarter):
    """[(French label, number)] of the contracts running on at least one day of the quarter."""
    running = scope.contracts().filter(running_between(quarter.start, quarter.end)).values_list("contract_type")
    rows = running.annotate(number=Count("pk")).order_by("-number", "contract_type")
    return [(ContractType(kind).label, number) for kind, number in rows]


def contracts_ended(scope, quarter):
    """[(French reason, number)] of the contracts whose last day is in the quarter."""
    ended = scope.contracts().filter(ends_on__range=(quarter.start, quarter.end)).values_list("end_reason")
    rows = ended.annotate(number=Count("pk")).order_by("-number", "end_reason")
    return [(EndReason(reason).label if reason else "Motif non renseigné", number) for reason, number in rows]


def contracts_going_on(scope, quarter):
    """Number of contracts that run beyond the quarter, on its morrow: the ground of the next one."""
    morrow = quarter.next.start
    return scope.contracts().filter(running_between(morrow, morrow)).count()
