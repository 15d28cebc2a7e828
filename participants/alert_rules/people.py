"""Persons, never named: hired unvalidated, validation ending, contract broken, refused, too many hours, doubles."""

from collections import Counter
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse

from clauses_portal.core import french
from markets.alert_facts import Fact
from markets.enums import AlertCategory as A
from markets.enums import AlertSeverity as S
from markets.models.market import UNDER_WAY
from participants.alert_rules.night import grid_of_lot, lasting_keys, page_of_lot
from participants.enums import EARLY_ENDS, ReferralState, RefusalReason
from participants.matching import LIKELY, same_person_score
from participants.models import EligibilityValidation, EmploymentContract, HoursEntry, Participant, Referral

# A month of hours is corrected within the year; what is older is left to those who manage the alerts.
MONTHS_WATCHED = 12
# Pairs that share a name, or a birth date and look alike: `same_person_score` says the rest.
_PAIRS = """
WITH keys AS (
    SELECT id, search_name, unnest(match_keys) AS key FROM participants_participant WHERE merged_into_id IS NULL
)
SELECT DISTINCT a.id, b.id FROM keys a JOIN keys b ON a.key = b.key AND a.id < b.id
WHERE left(a.key, 1) = 'n' OR similarity(a.search_name, b.search_name) >= 0.4
"""


def not_validated(night):
    """A06: a contract began without a granted validation of the person."""
    on_the_day = EligibilityValidation.objects.granted().filter(
        participant=OuterRef("participant"), starts_on__lte=OuterRef("starts_on"), ends_on__gte=OuterRef("starts_on")
    )
    rows = _contracts().filter(~Exists(on_the_day), starts_on__lte=night.today, continues__isnull=True)
    return [
        Fact(
            key=f"{A.NOT_VALIDATED}:{contract.pk}",
            category=A.NOT_VALIDATED,
            severity=S.WATCH,
            description=f"Contrat commencé le {french.date(contract.starts_on)} sans validation de la personne : "
            "ses heures ne comptent pas.",
            path=_page_of_person(contract.participant_id),
            due_on=night.answer_by,
            **_place(contract),
        )
        for contract in rows
    ]


def eligibility_ending(night):
    """A08: the last validation of a person ends within so many days, or ended, and her contract goes on."""
    limit = night.today + timedelta(days=night.threshold("eligibility_days"))
    longer = EligibilityValidation.objects.granted().filter(
        participant=OuterRef("participant"), ends_on__gt=OuterRef("ends_on")
    )
    last = EligibilityValidation.objects.granted().filter(~Exists(longer), ends_on__lte=limit)
    goes_on = Q(ends_on__isnull=True) | Q(ends_on__gte=night.today, ends_on__gt=F("ends"))
    rows = _contracts().filter(participant__validations__in=last).order_by("participant", "pk")
    rows = rows.annotate(validation=F("participant__validations"), ends=F("participant__validations__ends_on"))
    rows = rows.filter(goes_on, starts_on__lte=F("ends"))
    return [
        Fact(
            key=f"{A.ELIGIBILITY_ENDING}:{contract.validation}",
            category=A.ELIGIBILITY_ENDING,
            severity=S.WATCH,
            description=f"La validation d’une personne prend fin le {french.date(contract.ends)}, "
            "son contrat continue.",
            path=_page_of_person(contract.participant_id),
            due_on=min(contract.ends, night.answer_by),
            **_place(contract),
        )
        for contract in {contract.validation: contract for contract in rows}.values()
    ]


def early_end(night):
    """A09: a contract ended before its term, lately."""
    since = night.today - timedelta(days=night.threshold("event_days"))
    rows = _contracts().filter(end_reason__in=EARLY_ENDS, ends_on__range=(since, night.today))
    return [
        Fact(
            key=f"{A.EARLY_END}:{contract.pk}",
            category=A.EARLY_END,
            severity=S.WATCH,
            description=f"Un contrat a pris fin avant son terme le {french.date(contract.ends_on)}.",
            path=grid_of_lot(contract.lot_id),
            **_place(contract),
        )
        for contract in rows
    ]


def repeated_refusals(night):
    """A20: a company refused so many candidates on a lot; a post already filled is no refusal."""
    refused = Referral.objects.filter(state=ReferralState.REFUSED, posting__lot__state__in=UNDER_WAY)
    refused = refused.exclude(refusal=RefusalReason.ALREADY_HIRED).order_by()
    groups = refused.values_list("posting__lot", "posting__award__company", "posting__territory")
    return [
        Fact(
            key=f"{A.REPEATED_REFUSALS}:{lot}:{company}",
            category=A.REPEATED_REFUSALS,
            severity=S.WATCH,
            territory_id=territory,
            lot_id=lot,
            company_id=company,
            description=f"{number} candidats refusés par la même entreprise sur ce lot.",
            path=page_of_lot(lot),
            due_on=night.answer_by,
        )
        for lot, company, territory, number in groups.annotate(number=Count("pk"))
        if number >= night.threshold("refusals")
    ]


def legal_ceiling(night):
    """A21: a person above so many hours in a month, all contracts together (Code du travail, art. L. 3121-20 s.).

    Hours set aside (a double declaration, an absence) were not worked.
    """
    since = first_day_watched(night)
    rows = HoursEntry.objects.typed().filter(starts_on__gte=since).order_by().annotate(first=TruncMonth("starts_on"))
    rows = rows.values_list("participant", "participant__territory", "first").annotate(
        total=Sum(F("declared") - F("withheld"))
    )
    return [
        Fact(
            key=f"{A.LEGAL_CEILING}:{person}:{first:%Y-%m}",
            category=A.LEGAL_CEILING,
            severity=S.WATCH,
            territory_id=territory,
            description=f"Une personne a {french.hours(total)} déclarées en {first:%m/%Y}, tous contrats confondus.",
            path=_page_of_person(person),
            due_on=night.answer_by,
        )
        for person, territory, first, total in rows.filter(total__gt=night.threshold("month_hours"))
    ]


def first_day_watched(night):
    """The first day of the oldest month in which `legal_ceiling` looks."""
    return (night.today - relativedelta(months=MONTHS_WATCHED)).replace(day=1)


def likely_duplicates(night):
    """A22: files that may be the same person; their number alone, in each territory."""
    numbers = Counter(territory for pair in _duplicates() for territory in {person.territory_id for person in pair})
    keys = lasting_keys(A.DUPLICATE_PERSON, numbers, f"{night.today:%Y-%m}")
    return [
        Fact(
            key=keys[territory],
            category=A.DUPLICATE_PERSON,
            severity=S.INFO,
            territory_id=territory,
            description="Des fiches désignent peut-être la même personne : "
            f"{number} rapprochement{'s' if number > 1 else ''} à examiner.",
            path=reverse("participants:list"),
        )
        for territory, number in numbers.items()
    ]


def _duplicates():
    """[(person, person)] likely to be the same."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS)
        pairs = cursor.fetchall()
    names = ("first_name", "last_name", "birth_name", "birth_date", "territory")
    persons = Participant.objects.only(*names).in_bulk({pk for pair in pairs for pk in pair})
    found = [(persons[one], persons[other]) for one, other in pairs]
    return [pair for pair in found if same_person_score(*pair).score >= LIKELY]


def _contracts():
    return EmploymentContract.objects.filter(lot__state__in=UNDER_WAY).select_related("award").order_by("pk")


def _place(contract):
    return {
        "territory_id": contract.territory_id,
        "lot_id": contract.lot_id,
        "company_id": contract.award.company_id,
    }


def _page_of_person(person_id):
    return reverse("participants:person", args=[person_id])
