"""« À faire »: what waits for each role, each line one click from the act."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef
from django.urls import reverse
from django.utils import timezone

from clauses_portal.core.periods import Quarter
from clauses_portal.core.pulse import fallen_silent
from facilitators.enums import Permission
from facilitators.permissions import scope_of, territories_for
from markets.enums import LotState
from markets.models import Alert, Calibration, Company, FacilitatorOpinion, Lot, Meeting, PenaltyCase
from participants.enums import PostingState
from participants.models import (
    DataRequest,
    DeclarationLine,
    EligibilityValidation,
    ExitSituation,
    HoursEntry,
    JobPosting,
    Referral,
)
from participants.services.endings import ending_soon
from reporting.enums import StatementKind
from reporting.models import ExecutionProposal, Statement

P = Permission


@dataclass(frozen=True)
class Task:
    """A line of the home page: how many, of what, and where to do it."""

    number: int
    label: str
    url: str
    icon: str


def tasks_for(user):
    """What this account has to do today; lines with nothing to do are left out."""
    scope = scope_of(user)
    found = [make(user) for permission, make in SOURCES if scope.allows(permission)]
    return [task for task in found if task.number]


def _to_decide(user):
    lots = Lot.objects.actionable_by(user, P.DECIDE_CLAUSE).to_review()
    return Task(lots.count(), "lots à instruire", reverse("markets:queue"), "inbox")


def _opinions(user):
    awaited = FacilitatorOpinion.objects.actionable_by(user, P.GIVE_OPINION).to_give()
    return Task(awaited.count(), "avis à donner", reverse("markets:opinions"), "pencil")


def _visas(user):
    lots = Lot.objects.actionable_by(user, P.GIVE_VISA).awaiting_visa()
    return Task(lots.count(), "visas juridiques à donner", reverse("markets:visas"), "check2-square")


def _to_retain(user):
    waiting = Calibration.objects.actionable_by(user, P.RETAIN_CALIBRATION).to_retain()
    return Task(waiting.count(), "calibrages à retenir", reverse("markets:to_retain"), "calculator")


def _to_calibrate(user):
    """Lots whose firm hours nobody proposed, or whose proposal went back."""
    proposed = Calibration.objects.firm().to_retain().filter(lot=OuterRef("pk"))
    lots = Lot.objects.actionable_by(user, P.PROPOSE_CALIBRATION).filter(~Exists(proposed), state=LotState.RETAINED)
    return Task(lots.count(), "lots à calibrer", _markets_in(LotState.RETAINED), "calculator")


def _to_write(user):
    lots = Lot.objects.actionable_by(user, P.PRODUCE_DOCUMENTS).without_documents()
    return Task(lots.count(), "lots calibrés sans pièces", _markets_in(LotState.CALIBRATED), "file-earmark-text")


def _to_award(user):
    lots = Lot.objects.actionable_by(user, P.MANAGE_AWARDS).filter(state=LotState.CALIBRATED)
    return Task(lots.count(), "lots calibrés sans entreprise", _markets_in(LotState.CALIBRATED), "building")


def _bounced(user):
    """Companies one writes to in vain: an address to correct, or to try again."""
    companies = Company.objects.actionable_by(user, P.MANAGE_COMPANIES).with_bounced_contact()
    url = f"{reverse('markets:companies')}?contacts=bounced"
    return Task(companies.count(), "entreprises dont une adresse est en échec", url, "building")


def _to_validate(user):
    queue = EligibilityValidation.objects.actionable_by(user, P.VALIDATE_PERSONS).to_decide()
    return Task(queue.count(), "personnes à valider", reverse("participants:validations"), "person-check")


def _ending(user):
    granted = EligibilityValidation.objects.actionable_by(user, P.VALIDATE_PERSONS)
    ending = ending_soon(granted, timezone.localdate()).count()
    return Task(ending, "validations bientôt échues", reverse("participants:validations_ending"), "hourglass-split")


def _to_split(user):
    waiting = HoursEntry.objects.actionable_by(user, P.ENTER_HOURS).pending().typed()
    return Task(waiting.count(), "mois d’heures en attente", reverse("participants:hours_pending"), "clock")


def _to_minute(user):
    meetings = Meeting.objects.actionable_by(user, P.MANAGE_MEETINGS).to_minute(timezone.now())
    url = f"{reverse('markets:meetings')}?when=to_minute"
    return Task(meetings.count(), "comptes rendus de réunion à produire", url, "journal-text")


def _postings(user):
    drafts = JobPosting.objects.actionable_by(user, P.MANAGE_PERSONS).to_publish()
    url = f"{reverse('participants:postings')}?state={PostingState.DRAFT}"
    return Task(drafts.count(), "fiches de poste à relire et publier", url, "briefcase")


def _late_referrals(user):
    late = Referral.objects.actionable_by(user, P.MANAGE_PERSONS).late(timezone.localdate())
    url = f"{reverse('participants:postings')}?late=on"
    return Task(late.count(), "propositions sans réponse", url, "hourglass-split")


def _declared_lines(user):
    lines = DeclarationLine.objects.actionable_by(user, P.ENTER_HOURS).to_check()
    waiting = lines.aggregate(number=Count("pk"), last=Max("declaration__month"))
    asked = f"?mois={waiting['last']:%Y-%m}" if waiting["last"] else ""
    url = f"{reverse('participants:declarations')}{asked}"
    return Task(waiting["number"], "lignes d’heures déclarées à vérifier", url, "check2-square")


def _calls(user):
    due = ExitSituation.objects.actionable_by(user, P.MANAGE_PERSONS).to_ask(timezone.localdate())
    return Task(due.count(), "appels à passer", reverse("participants:calls"), "clock-history")


def _open_alerts(user):
    alerts = Alert.objects.visible_to(user).open()
    return Task(alerts.count(), "alertes ouvertes", f"{reverse('markets:alerts')}?opened=open", "exclamation-triangle")


def _alerts_to_answer(user):
    """Alerts sent to this person, which the maître d’ouvrage has not answered."""
    alerts = Alert.objects.actionable_by(user, P.MANAGE_MARKETS).unanswered().sent_to(user)
    return Task(alerts.count(), "alertes à répondre", f"{reverse('markets:alerts')}?opened=open&mine=on", "bell")


def _penalties_to_decide(user):
    """Cases that wait for the référent juridique: a finding, observations, or a term that passed."""
    cases = PenaltyCase.objects.actionable_by(user, P.DECIDE_PENALTIES).waiting(timezone.localdate())
    return Task(cases.count(), "pénalités à faire avancer", reverse("markets:penalty_cases"), "inbox")


def _to_publish(user):
    """Territories whose last quarter has no published statement."""
    quarter = Quarter.of(timezone.localdate()).previous
    papers = Statement.objects.visible_to(user).published()
    published = papers.filter(kind=StatementKind.QUARTERLY, period_code=str(quarter))
    territories = territories_for(user, P.PUBLISH_STATEMENTS).exclude(pk__in=published.values("territory"))
    return Task(
        territories.count(),
        f"état du {quarter.label} à publier",
        reverse("reporting:list"),
        "file-earmark-text",
    )


def _to_attest(user):
    waiting = ExecutionProposal.objects.actionable_by(user, P.PUBLISH_REPORTS).waiting()
    return Task(waiting.count(), "attestations à délivrer", f"{reverse('reporting:executions')}?waiting=on", "award")


def _reports_to_publish(user):
    """Papers of the directions and of the whole Département whose period is over, still in draft."""
    drafts = Statement.objects.drafts().filter(territory__isnull=True, market__isnull=True)
    waiting = drafts.actionable_by(user, P.PUBLISH_REPORTS).filter(ends_on__lt=timezone.localdate())
    url = f"{reverse('reporting:list')}?state=draft"
    return Task(waiting.count(), "documents du Département à publier", url, "file-earmark-text")


def _markets_in(state):
    return f"{reverse('markets:list')}?state={state}"


def _silent_parts(user):
    """Read on the page itself: were the clock dead, nobody else would say so."""
    label = "parties du portail qui ne donnent plus signe"
    return Task(len(fallen_silent()), label, reverse("facilitators:portal_state"), "exclamation-triangle")


def _data_requests(user):
    waiting = DataRequest.objects.actionable_by(user, P.DECIDE_DATA_REQUESTS).open()
    return Task(waiting.count(), "demandes sur des données à traiter", reverse("participants:data_requests"), "inbox")


SOURCES = (
    (P.DECIDE_DATA_REQUESTS, _data_requests),
    (P.DECIDE_CLAUSE, _to_decide),
    (P.GIVE_OPINION, _opinions),
    (P.GIVE_VISA, _visas),
    (P.RETAIN_CALIBRATION, _to_retain),
    (P.PROPOSE_CALIBRATION, _to_calibrate),
    (P.PRODUCE_DOCUMENTS, _to_write),
    (P.MANAGE_AWARDS, _to_award),
    (P.MANAGE_COMPANIES, _bounced),
    (P.VALIDATE_PERSONS, _to_validate),
    (P.VALIDATE_PERSONS, _ending),
    (P.MANAGE_PERSONS, _postings),
    (P.MANAGE_PERSONS, _late_referrals),
    (P.MANAGE_PERSONS, _calls),
    (P.ENTER_HOURS, _to_split),
    (P.MANAGE_MEETINGS, _to_minute),
    (P.PUBLISH_STATEMENTS, _to_publish),
    (P.PUBLISH_REPORTS, _reports_to_publish),
    (P.DECIDE_PENALTIES, _penalties_to_decide),
    (P.MANAGE_MARKETS, _alerts_to_answer),
    (P.ENTER_HOURS, _declared_lines),
    (P.PUBLISH_REPORTS, _to_attest),
    (P.VIEW_ALERTS, _open_alerts),
    (P.MANAGE_ACCOUNTS, _silent_parts),
)
