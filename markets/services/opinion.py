"""The facilitator's opinion: asked with four weeks to answer, given, reminded; who was consulted stays (C3, C24)."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.working_days import due_after_weeks
from facilitators.enums import Role
from facilitators.models import Convention
from facilitators.notifications import members, notify
from markets.enums import LotState
from markets.models import FacilitatorOpinion, Lot
from markets.services.referents import referent_of
from markets.services.review import refresh_after_opinion

WEEKS_TO_ANSWER = 4
NOT_TO_REVIEW = "Ce lot n’est plus à instruire : aucun avis n’est attendu."
ALREADY_ASKED = "L’avis est déjà demandé : il est attendu le {day}."
ALREADY_GIVEN = "Cet avis est déjà donné."
NOBODY = "Aucun facilitateur sous convention dans ce territoire : personne n’a pu être consulté."


def people_to_consult(lot, day):
    """The facilitators of the lot's territory, and its référent; nobody where no convention is in force (C28)."""
    if not Convention.objects.in_force(day).filter(territories=lot.territory_id).exists():
        return []
    people = {person.pk: person for person in members(Role.FACILITATOR, territory=lot.territory)}
    assignment = referent_of(lot, day)
    for person in [assignment.referent, assignment.substitute] if assignment else []:
        if person is not None and person.is_active:
            people[person.pk] = person
    return list(people.values())


@transaction.atomic
def ask_opinion(*, lot, by):
    """Ask the facilitators of the territory their opinion, due four weeks later on a working day. Returns the opinion.

    With nobody to consult the question is kept as proof, due the same day. Raises Conflict when the lot is not to be
    reviewed any more, or when somebody is already asked.
    """
    lot = lock(Lot.objects.select_related("market", "territory"), lot.pk)
    if lot.state != LotState.TO_REVIEW:
        raise Conflict(NOT_TO_REVIEW)
    today = timezone.localdate()
    people = people_to_consult(lot, today)
    opinion = _question_of(lot)
    opinion.asked_at, opinion.asked_by = timezone.now(), by
    opinion.due_on = due_after_weeks(today, WEEKS_TO_ANSWER) if people else today
    opinion.consulted = [{"name": str(person), "email": person.email} for person in people]
    validated_save(opinion, by=by)
    text = f"Avis demandé sur le {place(lot)} : réponse attendue le {french.date(opinion.due_on)}."
    notify(people, text, reverse("markets:opinion", args=[opinion.pk]), except_for=by)
    return opinion


def _question_of(lot):
    """A new question, or the one nobody could be asked."""
    awaited = FacilitatorOpinion.objects.awaited().filter(lot=lot).first()
    if awaited is not None and awaited.consulted:
        raise Conflict(ALREADY_ASKED.format(day=french.date(awaited.due_on)))
    return awaited or FacilitatorOpinion(lot=lot)


@transaction.atomic
def give_opinion(*, opinion, outcome, by, adequacy=None, candidates=None, suppliers=None, text=""):
    """Record the opinion: outcome, adequacy (1 to 4), candidates available, local inclusive suppliers, observations.

    Raises Conflict when it is given already or no longer awaited, ValidationError when reserves are not explained.
    """
    lot = lock(Lot.objects.select_related("market"), opinion.lot_id)
    opinion = lock(FacilitatorOpinion.objects, opinion.pk)
    if opinion.given_at:
        raise Conflict(ALREADY_GIVEN)
    if lot.state != LotState.TO_REVIEW:
        raise Conflict(NOT_TO_REVIEW)
    opinion.outcome, opinion.adequacy, opinion.text = outcome, adequacy, text
    opinion.candidates, opinion.suppliers = candidates, suppliers
    opinion.given_at, opinion.given_by = timezone.now(), by
    validated_save(opinion, by=by)
    refresh_after_opinion(lot=lot, by=by)
    told = f"Avis {opinion.get_outcome_display().lower()} sur le {place(lot)}."
    notify([opinion.asked_by], told, reverse("markets:lot", args=[lot.pk]), except_for=by)
    return opinion


def remind_awaited():
    """Remind the facilitators a week before the term, and everyone the day after it: once each. Returns how many."""
    today, reminded = timezone.localdate(), 0
    for pk in FacilitatorOpinion.objects.to_remind(today).values_list("pk", flat=True):
        reminded += _remind(pk, today)
    return reminded


@transaction.atomic
def _remind(pk, today):
    rows = FacilitatorOpinion.objects.to_remind(today).select_related("lot__market", "lot__territory", "asked_by")
    opinion = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if opinion is None:
        return False
    where, term = place(opinion.lot), french.date(opinion.due_on)
    facilitators, page = people_to_consult(opinion.lot, today), reverse("markets:opinion", args=[pk])
    if opinion.due_on < today:
        notify(facilitators, f"Le terme de l’avis sur le {where} est passé depuis le {term}.", page)
        told = f"Terme passé pour l’avis sur le {where} : la décision peut être prise sans avis."
        notify([opinion.asked_by], told, reverse("markets:lot", args=[opinion.lot_id]))
    else:
        notify(facilitators, f"Avis attendu le {term} sur le {where}.", page)
    opinion.reminded_on = today
    validated_save(opinion, by=None)
    return True


def place(lot):
    """« marché 2026-001, lot 2 »: short enough for a notification."""
    return f"marché {lot.market.number}, lot {lot.number}"


OPINION_STATES = {
    "not_asked": "Non demandé",
    "awaited": "Attendu",
    "late": "Terme dépassé",
    "given": "Donné",
    "nobody": "Personne à consulter",
}


@dataclass(frozen=True)
class Clock:
    """Where the opinion on a lot stands on a day: not asked, nobody to ask, awaited, late or given."""

    opinion: FacilitatorOpinion | None
    day: object

    @property
    def state(self):
        if self.opinion is None:
            return "not_asked"
        if self.opinion.given_at:
            return "given"
        if not self.opinion.consulted:
            return "nobody"
        return "late" if self.opinion.due_on < self.day else "awaited"

    @property
    def label(self):
        """One word: what was answered, or where the question stands."""
        return self.opinion.get_outcome_display() if self.state == "given" else OPINION_STATES[self.state]

    @property
    def tone(self):
        """What the colour of the label rests on."""
        return self.opinion.outcome if self.state == "given" else self.state

    @property
    def detail(self):
        """What the label leaves to say, in a few words."""
        return {
            "awaited": lambda: f"le {french.date(self.opinion.due_on)}, {self._days_left}",
            "late": lambda: f"depuis le {french.date(self.opinion.due_on)}",
            "given": lambda: f"le {french.date(self.opinion.given_at)}",
        }.get(self.state, lambda: "")()

    @property
    def may_ask(self):
        """True when nobody is being asked now."""
        return self.state in {"not_asked", "nobody"}

    @property
    def names(self):
        """« Inès Bérenger, Karim Garcia »: who was consulted."""
        return ", ".join(person["name"] for person in self.opinion.consulted) if self.opinion else ""

    @property
    def sentence(self):
        """What is said of it, in French."""
        return {
            "not_asked": lambda: "Avis non demandé.",
            "nobody": lambda: NOBODY,
            "awaited": lambda: f"Attendu le {french.date(self.opinion.due_on)}, {self._days_left}.",
            "late": lambda: "Terme dépassé : la décision peut être prise sans avis.",
            "given": lambda: f"Avis {self.opinion.get_outcome_display().lower()}.",
        }[self.state]()

    @property
    def _days_left(self):
        days = (self.opinion.due_on - self.day).days
        if days == 0:
            return "dernier jour"
        return f"encore {french.number(days)} jour{'s' if days > 1 else ''}"


def having_opinion(lots, state):
    """Lots whose Clock is in this state, in the database: the same answer as `clocks_of`."""
    last = FacilitatorOpinion.objects.filter(lot=OuterRef("pk")).order_by("-asked_at", "-pk")
    lots = lots.alias(
        term=Subquery(last.values("due_on")[:1]),
        answered_at=Subquery(last.values("given_at")[:1]),
        consulted=Subquery(last.values("consulted")[:1]),
    )
    open_question = Q(term__isnull=False, answered_at__isnull=True)
    today = timezone.localdate()
    conditions = {
        "not_asked": Q(term__isnull=True),
        "given": Q(answered_at__isnull=False),
        "nobody": open_question & Q(consulted=[]),
        "awaited": open_question & ~Q(consulted=[]) & Q(term__gte=today),
        "late": open_question & ~Q(consulted=[]) & Q(term__lt=today),
    }
    return lots.filter(conditions[state]) if state in conditions else lots.none()


def clocks_of(lots):
    """{lot id: Clock} of the last question asked about each lot, in one query."""
    rows = FacilitatorOpinion.objects.filter(lot__in=[lot.pk for lot in lots]).select_related("given_by", "asked_by")
    last = {row.lot_id: row for row in rows.order_by("asked_at", "pk")}
    today = timezone.localdate()
    return {lot.pk: Clock(last.get(lot.pk), today) for lot in lots}
