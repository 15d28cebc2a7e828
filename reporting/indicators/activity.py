"""What facilitators did: job postings, candidates, meetings, alerts (domain.md §9.9, parts 5 to 7; §12 n° 51)."""

from django.db.models import Count, F, Q, Sum

from markets.enums import MeetingKind, MeetingState
from participants.enums import PostingState, ReferralState, RefusalReason
from reporting.indicators.definition import Breakdown, Family, Indicator, Unit

DURING = "Sur la période"
LAST_DAY = "Au dernier jour de la période"
C19 = "Convention, état trimestriel (C19)"


def postings(scope, period):
    """Rows: postings published in the period, cancelled ones excluded."""
    rows = scope.postings().filter(published_at__date__range=(period.start, period.end))
    return rows.exclude(state=PostingState.CANCELLED)


def postings_open(scope, period):
    """Rows: postings published by the last day of the period that nobody filled nor cancelled since."""
    return scope.postings().to_fill().filter(published_at__date__lte=period.end)


def referrals(scope, period):
    """Rows: candidates proposed to a company in the period."""
    return scope.referrals().filter(proposed_at__date__range=(period.start, period.end))


def meetings(scope, period):
    """Rows: meetings held in the period."""
    return scope.meetings().filter(state=MeetingState.HELD, begins_on__date__range=(period.start, period.end))


def alerts_raised(scope, period):
    """Rows: alerts raised in the period."""
    return scope.alerts().filter(raised_on__date__range=(period.start, period.end))


def alerts_closed(scope, period):
    """Rows: alerts closed in the period."""
    return scope.alerts().filter(closed_on__date__range=(period.start, period.end))


def alerts_open(scope, period):
    """Rows: alerts raised and not closed on the last day of the period."""
    still = Q(closed_on__isnull=True) | Q(closed_on__date__gt=period.end)
    return scope.alerts().filter(still, raised_on__date__lte=period.end)


def alerts_of_period(scope, period):
    """Alerts raised or closed in the period, or still open on its last day; the oldest first."""
    not_closed_before = Q(closed_on__isnull=True) | Q(closed_on__date__gte=period.start)
    rows = scope.alerts().filter(not_closed_before, raised_on__date__lte=period.end)
    return rows.select_related("lot__market").order_by("raised_on", "pk")


def _events(code, label, definition, rows, measure=None, moment=DURING, source=C19):
    measure = Count("pk") if measure is None else measure
    return Indicator(code, label, Unit.EVENTS, Family.ACTIVITY, definition, moment, source, rows, measure)


POSTINGS = _events(
    "postings", "Fiches de poste", "Fiches de poste publiées dans la période, annulées exclues.", postings
)
POSITIONS = _events(
    "positions", "Postes proposés", "Nombre de postes de ces fiches.", postings, Sum("positions", default=0)
)
POSTINGS_OPEN = _events(
    "postings_open",
    "Fiches de poste à pourvoir",
    "Fiches de poste publiées avant la fin de la période, ni pourvues ni annulées depuis.",
    postings_open,
    moment="Au jour du document",
)
POSITIONS_OPEN = _events(
    "positions_open",
    "Postes à pourvoir",
    "Nombre de postes de ces fiches.",
    postings_open,
    Sum("positions", default=0),
    moment="Au jour du document",
)
PROPOSED = _events(
    "candidates_proposed",
    "Candidats proposés",
    "Propositions d’une personne sur une fiche de poste : une personne proposée deux fois compte deux fois.",
    referrals,
    source="Convention (C16)",
)
RECRUITED = _events(
    "candidates_recruited",
    "Candidats recrutés",
    "Propositions de la période suivies d’un recrutement.",
    referrals,
    Count("pk", filter=Q(state=ReferralState.HIRED)),
    source="Convention (C16)",
)
REFUSED = _events(
    "candidates_refused",
    "Candidats refusés par l’entreprise",
    "Propositions de la période refusées par l’entreprise, avec leur motif.",
    referrals,
    Count("pk", filter=Q(state=ReferralState.REFUSED)),
    source="Convention (C16)",
)
MEETINGS = _events(
    "meetings_held", "Réunions tenues", "Réunions de chantier, de suivi et cellules opérationnelles.", meetings
)
PARTNERS = _events(
    "partner_meetings",
    "Cellules opérationnelles",
    "Réunions avec les structures d’insertion et les partenaires de l’emploi.",
    meetings,
    Count("pk", filter=Q(kind=MeetingKind.PARTNERS)),
    source="Convention (C15)",
)
ALERTS_RAISED = _events("alerts_raised", "Alertes signalées", "Alertes signalées dans la période.", alerts_raised)
ALERTS_CLOSED = _events("alerts_closed", "Alertes closes", "Alertes closes dans la période.", alerts_closed)
ALERTS_OPEN = _events(
    "alerts_open", "Alertes ouvertes", "Alertes signalées et non closes.", alerts_open, moment=LAST_DAY
)
REFUSALS = Breakdown(
    "candidates_refused_by_reason",
    "Candidats refusés, par motif",
    Unit.EVENTS,
    Family.ACTIVITY,
    "Propositions de la période refusées par l’entreprise, selon le motif donné.",
    DURING,
    "Convention (C16)",
    lambda scope, period: referrals(scope, period).filter(state=ReferralState.REFUSED),
    Count("pk"),
    F("refusal"),
    dict(RefusalReason.choices),
)
BY_MEETING_KIND = Breakdown(
    "meetings_held_by_kind",
    "Réunions tenues, par nature",
    Unit.EVENTS,
    Family.ACTIVITY,
    "Réunions tenues dans la période : premières réunions de chantier, réunions de suivi, cellules opérationnelles.",
    DURING,
    "Convention (C9, C15)",
    meetings,
    Count("pk"),
    F("kind"),
    dict(MeetingKind.choices),
)
