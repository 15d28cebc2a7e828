"""The path of a person, in one list: what was decided, proposed, signed, worked, said, newest first.

`story_of` reads, in a constant number of queries; the rest is pure.
"""

from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from clauses_portal.core import french
from clauses_portal.core.periods import month_end
from participants.enums import EXIT_GROUPS, ExitGroup, ReferralState
from participants.models import HoursEntry


@dataclass(frozen=True)
class Event:
    """Something that happened on a day; `state` is a short word with its `tone`, `url` where to read more."""

    day: date
    kind: str
    title: str
    detail: str = ""
    state: str = ""
    tone: str = ""
    url: str = ""


@dataclass(frozen=True)
class Story:
    """What the page of a person tells: every `Event`, and the rows one acts upon."""

    events: list
    contracts: list
    certificates: list


def story_of(person, user):
    """The `Story` of a person, as this account may read it."""
    contracts = list(_contracts(person, user))
    certificates = list(person.work_certificates.visible_to(user).defer("content").select_related("produced_by"))
    validations = person.validations.visible_to(user).select_related("category", "decided_by")
    referrals = person.referrals.visible_to(user).select_related("posting__award__company", "proposed_by")
    exits = person.exits.visible_to(user).filter(dropped_on=None).select_related("award__company", "asked_by")
    attestations = person.eligibility_certificates.visible_to(user).defer("content").order_by("-pk")
    hours = HoursEntry.objects.visible_to(user).filter(participant=person)
    corrections = hours.regularisations().select_related("market").order_by("pk")
    events = chain(
        chain.from_iterable(map(of_validation, validations)),
        chain.from_iterable(map(of_referral, referrals)),
        chain.from_iterable(map(of_contract, contracts)),
        (of_month(*row) for row in _months(hours)),
        map(of_correction, corrections),
        (event for row in exits if (event := of_exit(row))),
        (of_paper(row, "Attestation d’éligibilité", "participants:certificate") for row in attestations),
        (of_paper(row, "Attestation de parcours", "participants:work_certificate") for row in certificates),
    )
    return Story(newest_first(events), contracts, certificates)


def _contracts(person, user):
    rows = person.contracts.visible_to(user).select_related("lot__market", "employer", "host")
    return rows.order_by("-starts_on", "-pk")


def _months(hours):
    """[(first day of the month, declared, counted)] of the months themselves (h)."""
    rows = hours.typed().order_by().values_list("month")
    return rows.annotate(Sum("declared"), Sum("counted"))


def newest_first(events):
    """Events, the last day first; those of one day in the order given."""
    return sorted(events, key=lambda event: event.day, reverse=True)


def of_validation(row):
    """A request or a decision."""
    period = f"du {french.date(row.starts_on)} au {french.date(row.ends_on)}"
    decided = row.decided_elsewhere_on or (timezone.localdate(row.decided_at) if row.decided_at else None)
    taken_over = "reprise d’un autre logiciel" if row.decided_elsewhere_on else ""
    title = f"Validation : {_joined(row.get_state_display().lower(), taken_over)}"
    yield Event(decided or row.starts_on, "validation", title, _joined(row.category.label, period, row.reason))


def of_referral(row):
    """A person proposed, and the answer once there is one."""
    post = f"{row.posting.title}, {row.posting.award.company}"
    url = reverse("participants:posting_persons", args=[row.posting_id])
    yield Event(timezone.localdate(row.proposed_at), "referral", "Proposée sur un poste", post, url=url)
    if row.answered_on:
        reason = row.get_refusal_display() if row.refusal else ""
        title = f"Proposition : {ReferralState(row.state).label.lower()}"
        yield Event(row.answered_on, "referral", title, _joined(post, reason), url=url)


def of_contract(row):
    """The first day of a contract, and its last one when it is over."""
    post = f"{row.job_title}, {row.employer}"
    url = reverse("participants:hours", args=[row.lot_id])
    terms = f"{row.get_contract_type_display()}, {row.get_modality_display().lower()}"
    valued = f"{french.hours(row.valued_hours)} valorisées" if row.valued_hours else ""
    title = "Embauche durable" if row.continues_id else "Début de contrat"
    yield Event(row.starts_on, "contract", title, _joined(post, terms, valued), url=url)
    if row.ends_on and row.ends_on <= timezone.localdate():
        yield Event(row.ends_on, "contract", "Fin de contrat", _joined(post, row.get_end_reason_display()), url=url)


def of_month(month, declared, counted):
    """The hours of a month, all contracts together (h)."""
    title = f"Heures {_of(month)}"
    return Event(month_end(month), "hours", title, f"{french.hours(declared)} déclarées, {_counted(counted)}")


def of_correction(row):
    """A régularisation, booked in a later month."""
    title = f"Régularisation des heures {_of(row.starts_on)}"
    detail = f"{_counted(row.counted)} au titre {_of(row.month)}, marché {row.market.number}"
    return Event(month_end(row.month), "hours", title, _joined(detail, row.correction_reason))


def of_exit(row):
    """A situation that is known, or that one has to ask for today; None for those to come."""
    where = f"{row.get_horizon_display()} du contrat" if row.horizon == "end" else row.get_horizon_display()
    company = str(row.award.company)
    if row.situation:
        group = ExitGroup(EXIT_GROUPS[row.situation]).label
        detail = _joined(company, row.job_title, row.get_source_display())
        return Event(row.observed_on, "exit", f"{where} : {row.get_situation_display()}", detail, group)
    if row.due_on > timezone.localdate():
        return None
    url = reverse("participants:exit", args=[row.pk])
    return Event(row.due_on, "exit", f"{where} : situation à demander", company, "À faire", "warning", url)


def of_paper(row, title, route):
    """A paper that was produced."""
    day = timezone.localdate(row.produced_at)
    return Event(day, "paper", f"{title} n° {row.number}", url=reverse(route, args=[row.pk]))


def _of(month):
    """« de mars 2026 », « d’avril 2026 »."""
    name = date_format(month, "F Y")
    return f"d’{name}" if name[0] in "ao" else f"de {name}"


def _counted(hours):
    return f"{french.hours(hours)} comptabilisées"


def _joined(*texts):
    return " – ".join(text for text in texts if text)
