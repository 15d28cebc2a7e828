"""Job postings of the companies, and the persons proposed for them (C9, C16)."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django_fsm import FSMField, transition
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none, dates_in_order
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.states import StateByTransition
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from facilitators.enums import Permission
from facilitators.models import Commune, Territory
from facilitators.permissions import ScopedQuerySet
from markets.models import Award, CompanyLink, Lot, RomeCode
from participants.enums import ContractType, PostingState, ReferralState, RefusalReason
from participants.models.contract import EmploymentContract
from participants.models.participant import Participant

ANSWERED = (ReferralState.HIRED, ReferralState.REFUSED, ReferralState.DECLINED, ReferralState.WITHDRAWN)


class JobPostingQuerySet(ScopedQuerySet):
    territory_path = "territory"
    directorate_path = "lot__market__operation__directorate"

    def to_fill(self):
        """Posts published and not filled yet."""
        return self.filter(state=PostingState.PUBLISHED)

    def to_publish(self):
        """Drafts the facilitator has to read."""
        return self.filter(state=PostingState.DRAFT)

    def with_hired(self):
        """Annotate `hired`: how many persons proposed on the posting were hired."""
        hired = Referral.objects.filter(posting=OuterRef("pk"), state=ReferralState.HIRED).order_by()
        number = hired.values("posting").annotate(number=Count("pk")).values("number")
        return self.annotate(hired=Coalesce(Subquery(number), 0))


class JobPosting(StateByTransition):
    """A post a company opens on a lot: no discriminatory wording, and nothing about any person."""

    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, related_name="postings", verbose_name="entreprise du lot"
    )
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="postings", editable=False, verbose_name="lot")
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="territoire"
    )
    rome = models.ForeignKey(RomeCode, on_delete=models.PROTECT, related_name="+", verbose_name="métier (ROME)")
    title = models.CharField("intitulé du poste", max_length=150, validators=[validate_one_line])
    positions = models.PositiveSmallIntegerField("nombre de postes", default=1)
    contract_type = models.CharField("type de contrat", max_length=20, choices=ContractType)
    weekly_hours = models.DecimalField("heures par semaine", max_digits=4, decimal_places=2, default=35)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)
    closes_on = models.DateField("candidatures jusqu’au", null=True, blank=True)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="lieu de travail"
    )
    tasks = models.TextField("missions", max_length=3000, validators=[validate_plain_text])
    profile = models.TextField("profil et prérequis", blank=True, max_length=2000, validators=[validate_plain_text])
    timetable = models.CharField("horaires", max_length=200, blank=True, validators=[validate_one_line])
    night_work = models.BooleanField("travail de nuit", default=False)
    weekend_work = models.BooleanField("travail le week-end", default=False)
    heavy_loads = models.BooleanField("port de charges", default=False)
    licence_required = models.BooleanField("permis exigé", default=False)
    clearances = models.CharField(
        "habilitations, CACES, AIPR, carte BTP", max_length=200, blank=True, validators=[validate_one_line]
    )
    access = models.CharField("accès en transport", max_length=200, blank=True, validators=[validate_one_line])
    wage = models.CharField(
        "salaire et convention collective", max_length=200, blank=True, validators=[validate_one_line]
    )
    tutor = models.CharField("tuteur", max_length=150, blank=True, validators=[validate_one_line])
    resume_required = models.BooleanField("CV demandé", default=False)
    qpv_first = models.BooleanField("en priorité aux habitants des quartiers prioritaires", default=False)
    state = FSMField("état", max_length=10, choices=PostingState, default=PostingState.DRAFT, protected=True)
    link = models.ForeignKey(
        CompanyLink,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="postings",
        editable=False,
        verbose_name="déposée par le lien",
    )
    created_on = models.DateTimeField("créée le", auto_now_add=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="saisie par",
    )
    published_at = moment_field("publiée le", editable=False)
    published_by = author_field("publiée par", editable=False)
    history = HistoricalRecords()
    objects = JobPostingQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche de poste"
        verbose_name_plural = "fiches de poste"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="posting_positions_credible",
                condition=Q(positions__gte=1, positions__lte=200),
                violation_error_message="Le nombre de postes est compris entre 1 et 200.",
            ),
            models.CheckConstraint(
                name="posting_weekly_hours",
                condition=Q(weekly_hours__gt=0, weekly_hours__lte=48),
                violation_error_message="La durée hebdomadaire est de 48 heures au plus.",
            ),
            models.CheckConstraint(
                name="posting_from_a_company_or_a_person",
                condition=Q(link__isnull=False) | Q(author__isnull=False),
                violation_error_message="Une fiche de poste vient d’une entreprise ou d’un agent.",
            ),
            dates_in_order("posting_dates_ordered", "starts_on", "ends_on", "La fin du poste précède son début."),
            both_or_none("jobposting", "published"),
        ]
        indexes = [models.Index(fields=["territory", "state", "starts_on"], name="posting_to_fill")]

    def __str__(self):
        return self.title

    @transition(field=state, source=PostingState.DRAFT, target=PostingState.PUBLISHED)
    def publish(self):
        """The facilitator has read it: candidates can be proposed."""

    @transition(field=state, source=PostingState.PUBLISHED, target=PostingState.FILLED)
    def fill(self):
        """Every post has somebody."""

    @transition(field=state, source=PostingState.FILLED, target=PostingState.PUBLISHED)
    def reopen(self):
        """Somebody left: the post is open again."""

    @transition(field=state, source=[PostingState.DRAFT, PostingState.PUBLISHED], target=PostingState.CANCELLED)
    def cancel(self):
        """The company gives it up."""


class ReferralQuerySet(ScopedQuerySet):
    territory_path = "participant__territory"
    view_permission = Permission.VIEW_PERSONS

    def waiting(self):
        """Proposals the company has not settled."""
        return self.filter(state__in=[ReferralState.PROPOSED, ReferralState.MEETING])

    def late(self, day):
        """Proposals without answer after their day."""
        return self.waiting().filter(answer_due_on__lt=day)

    def to_escalate(self, day):
        """Proposals whose silence the buyer must be told of, and was not."""
        return self.waiting().filter(escalate_on__lte=day, escalated_on__isnull=True)


class Referral(StateByTransition):
    """A person proposed to a company for a post, and the answer: the trace of equal treatment (C16, C24)."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="referrals", verbose_name="personne"
    )
    posting = models.ForeignKey(
        JobPosting, on_delete=models.PROTECT, related_name="referrals", verbose_name="fiche de poste"
    )
    state = FSMField("état", max_length=10, choices=ReferralState, default=ReferralState.PROPOSED, protected=True)
    proposed_at = moment_field("proposée le", required=True)
    proposed_by = author_field("proposée par", required=True)
    answer_due_on = models.DateField("réponse attendue le")
    escalate_on = models.DateField("silence signalé à l’acheteur le")
    escalated_on = models.DateTimeField("silence signalé", null=True, blank=True, editable=False)
    meeting_on = models.DateTimeField("entretien le", null=True, blank=True)
    answered_on = models.DateField("réponse reçue le", null=True, blank=True)
    refusal = models.CharField("motif", max_length=15, choices=RefusalReason, blank=True)
    comment = models.CharField("précision", max_length=300, blank=True, validators=[validate_one_line])
    contract = models.OneToOneField(
        EmploymentContract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referral",
        editable=False,
        verbose_name="contrat conclu",
    )
    link = models.ForeignKey(
        CompanyLink,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="referrals",
        editable=False,
        verbose_name="lien de réponse",
    )
    history = HistoricalRecords()
    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "posting"],
                name="referral_once",
                violation_error_message="Cette personne est déjà proposée sur ce poste.",
            ),
            both_or_none("referral", "proposed"),
            models.CheckConstraint(
                name="referral_refusal_explained",
                condition=Q(state__in=[ReferralState.REFUSED, ReferralState.DECLINED]) & ~Q(refusal="")
                | (~Q(state__in=[ReferralState.REFUSED, ReferralState.DECLINED]) & Q(refusal="")),
                violation_error_message="Un refus porte son motif.",
            ),
            models.CheckConstraint(
                name="referral_answer_dated",
                condition=Q(state__in=ANSWERED, answered_on__isnull=False)
                | (~Q(state__in=ANSWERED) & Q(answered_on__isnull=True)),
                violation_error_message="Une réponse porte sa date.",
            ),
            models.CheckConstraint(
                name="referral_clocks_ordered",
                condition=Q(escalate_on__gt=F("answer_due_on")),
                violation_error_message="Le silence se signale après le délai de réponse.",
            ),
        ]
        indexes = [
            # serves the clocks
            models.Index(fields=["answer_due_on"], condition=Q(answered_on__isnull=True), name="referral_waiting")
        ]

    def __str__(self):
        return f"{self.participant} – {self.posting}"

    @property
    def is_waiting(self):
        return self.state not in ANSWERED

    @transition(field=state, source=ReferralState.PROPOSED, target=ReferralState.MEETING)
    def meet(self):
        """The company will see the person."""

    @transition(field=state, source=[ReferralState.PROPOSED, ReferralState.MEETING], target=ReferralState.HIRED)
    def hire(self):
        """A contract follows."""

    @transition(field=state, source=[ReferralState.PROPOSED, ReferralState.MEETING], target=ReferralState.REFUSED)
    def refuse(self):
        """The company says no, and why."""

    @transition(field=state, source=[ReferralState.PROPOSED, ReferralState.MEETING], target=ReferralState.DECLINED)
    def decline(self):
        """The person says no, and why."""

    @transition(field=state, source=[ReferralState.PROPOSED, ReferralState.MEETING], target=ReferralState.WITHDRAWN)
    def withdraw(self):
        """The facilitator takes the proposal back."""
