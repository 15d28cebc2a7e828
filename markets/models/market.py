from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django_fsm import ConcurrentTransitionMixin, FSMField, transition
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none, dates_in_order, in_order
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.states import StateByTransition
from clauses_portal.core.validators import validate_one_line, validate_plain_text, validate_siret
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from markets.enums import (
    ExecutionTerm,
    LotState,
    MarketKind,
    Procedure,
    QualificationLevel,
    SocialConsideration,
    Source,
    Technique,
)
from markets.models.references import RomeCode, Trade
from operations.models import Operation


class MarketQuerySet(ScopedQuerySet):
    territory_path = "lots__territory"
    directorate_path = "operation__directorate"

    def within(self, territory_ids):
        """A market is in a territory as soon as one of its lots is: to many, hence EXISTS."""
        return Q(Exists(Lot.objects.filter(market=OuterRef("pk"), territory__in=territory_ids)))

    def in_programme(self):
        """Markets of an operation with a planned date, or a lot nobody has submitted yet (C5), each with the
        `programme_day` it is placed by: its publication or, failing that, the first date known after it."""
        steps = ("planned_publication_on", "planned_tenders_on", "planned_notification_on")
        planned = reduce(or_, (Q(**{f"{step}__isnull": False}) for step in steps))
        programmed = Exists(Lot.objects.filter(market=OuterRef("pk"), state=LotState.PROGRAMMED))
        rows = self.filter(planned | Q(programmed), operation__isnull=False)
        return rows.annotate(programme_day=Coalesce(*steps, "starts_on"))

    def newest_first(self):
        """The last notified first, those not notified yet after them (index `market_newest`)."""
        return self.order_by(F("notified_on").desc(nulls_last=True), "-pk")


class Market(models.Model):
    """A public contract, made of one lot or more. Its amounts are in `MarketFinancials`, never here (C27)."""

    operation = models.ForeignKey(
        Operation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="markets",
        verbose_name="opération",
        help_text="Vide tant qu’un marché importé n’est pas rattaché.",
    )
    buyer_siret = models.CharField("SIRET de l’acheteur", max_length=14, validators=[validate_siret])
    number = models.CharField("numéro", max_length=40, validators=[validate_one_line])
    title = models.CharField("objet", max_length=1000, validators=[validate_one_line])
    kind = models.CharField("nature", max_length=20, choices=MarketKind)
    procedure = models.CharField("procédure", max_length=20, choices=Procedure, blank=True)
    technique = models.CharField("technique", max_length=20, choices=Technique, default=Technique.NONE)
    cpv = models.CharField("code CPV", max_length=8, blank=True)
    social_considerations = ArrayField(
        models.CharField(max_length=10, choices=SocialConsideration),
        verbose_name="considérations sociales déclarées",
        default=list,
        blank=True,
    )
    consultation_on = models.DateField("consultation lancée le", null=True, blank=True)
    notified_on = models.DateField("notifié le", null=True, blank=True)
    starts_on = models.DateField("début d’exécution", null=True, blank=True)
    ends_on = models.DateField("fin d’exécution", null=True, blank=True)
    duration_months = models.PositiveSmallIntegerField("durée (mois)", null=True, blank=True)
    defence = models.BooleanField("marché de défense ou de sécurité", default=False)
    execution_terms = ArrayField(
        models.CharField(max_length=10, choices=ExecutionTerm),
        verbose_name="modalités d’exécution",
        default=list,
        blank=True,
    )
    volume = models.TextField("volumétrie", blank=True, max_length=2000, validators=[validate_plain_text])
    planned_publication_on = models.DateField("publication prévue le", null=True, blank=True)
    planned_tenders_on = models.DateField("remise des offres prévue le", null=True, blank=True)
    planned_notification_on = models.DateField("notification prévue le", null=True, blank=True)
    submitted_at = moment_field("avant-projet soumis le")
    submitted_by = author_field("avant-projet soumis par")
    source = models.CharField("origine", max_length=10, choices=Source, default=Source.MANUAL, editable=False)
    source_key = models.CharField("clé d’origine", max_length=200, null=True, unique=True, editable=False)  # noqa: DJ001
    history = HistoricalRecords()
    objects = MarketQuerySet.as_manager()

    class Meta:
        verbose_name = "marché"
        ordering = ["-notified_on", "-pk"]
        constraints = [
            dates_in_order("market_dates_ordered", "starts_on", "ends_on", "La fin d’exécution précède son début."),
            models.CheckConstraint(
                name="market_duration_credible",
                condition=Q(duration_months__isnull=True) | Q(duration_months__gte=1, duration_months__lte=1200),
                violation_error_message="La durée est comprise entre 1 et 1 200 mois.",
            ),
            models.CheckConstraint(
                name="market_cpv_format",
                condition=Q(cpv="") | Q(cpv__regex=r"^[0-9]{8}$"),
                violation_error_message="Un code CPV compte 8 chiffres.",
            ),
            models.CheckConstraint(
                name="market_calendar_ordered",
                condition=(
                    in_order("planned_publication_on", "planned_tenders_on")
                    & in_order("planned_tenders_on", "planned_notification_on")
                    & in_order("planned_publication_on", "planned_notification_on")
                ),
                violation_error_message="Dans l’ordre : publication, remise des offres, notification.",
            ),
            both_or_none("market", "submitted"),
            models.UniqueConstraint(
                fields=["buyer_siret", "number"],
                condition=Q(source=Source.MANUAL),
                name="market_number_once",
                violation_error_message="Ce numéro de marché existe déjà chez cet acheteur.",
            ),
        ]
        indexes = [
            # serves the market list, newest first
            models.Index(F("notified_on").desc(nulls_last=True), F("id").desc(), name="market_newest"),
            models.Index(fields=["buyer_siret", "number"], name="market_by_number"),
            # serves the programme, quarter by quarter
            models.Index(fields=["planned_publication_on"], name="market_by_publication"),
        ]

    def __str__(self):
        return f"{self.number} – {self.title}"


BEFORE_DECISION = (LotState.PROGRAMMED, LotState.TO_REVIEW)
UNDER_WAY = (LotState.AWARDED, LotState.RUNNING)
WITH_CLAUSE = (LotState.RETAINED, LotState.CALIBRATED, LotState.AWARDED, LotState.RUNNING, LotState.CLOSED)


class LotQuerySet(ScopedQuerySet):
    territory_path = "territory"
    directorate_path = "market__operation__directorate"

    def to_review(self):
        """Lots whose clause is still to be decided (C1)."""
        return self.filter(state=LotState.TO_REVIEW)

    def awaiting_visa(self):
        """Lots set aside in spite of a duty, until the référent juridique gives or refuses the visa."""
        return self.filter(state=LotState.AWAITING_VISA)

    def beside(self, lot):
        """The lots of the same operation in the same territory, this one included."""
        return self.filter(market__operation=lot.market.operation_id, territory=lot.territory_id)

    def without_referent(self):
        """Lots that will carry or carry a clause, and nobody is named."""
        waiting = self.filter(state__in=[*BEFORE_DECISION, LotState.RETAINED, LotState.CALIBRATED, LotState.AWARDED])
        return waiting.exclude(referents__valid_until__isnull=True, referents__isnull=False)

    def without_documents(self):
        """Lots whose hours are retained, and whose documents nobody produced yet (C8)."""
        return self.filter(state=LotState.CALIBRATED, documents__isnull=True)

    def running_beside(self, lot):
        """Other lots under way of the same trade and territory, over the same period (dates unknown: the same)."""
        rows = self.filter(trade=lot.trade_id, territory=lot.territory_id, state__in=UNDER_WAY).exclude(pk=lot.pk)
        if lot.ends_on:
            rows = rows.filter(Q(starts_on__isnull=True) | Q(starts_on__lte=lot.ends_on))
        if lot.starts_on:
            rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=lot.starts_on))
        return rows

    def with_clause(self):
        """Lots for which a clause was retained."""
        return self.filter(state__in=WITH_CLAUSE)


class Lot(ConcurrentTransitionMixin, StateByTransition):
    """The unit of hours: a part of a market, in one territory of reference."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="lots", verbose_name="marché")
    number = models.CharField("numéro du lot", max_length=20, validators=[validate_one_line])
    title = models.CharField("intitulé", max_length=1000, validators=[validate_one_line])
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="lots", verbose_name="territoire de référence"
    )
    starts_on = models.DateField("début d’exécution", null=True, blank=True)
    ends_on = models.DateField("fin d’exécution", null=True, blank=True)
    firm_months = models.PositiveSmallIntegerField("durée ferme (mois)", null=True, blank=True)
    trade = models.ForeignKey(
        Trade, on_delete=models.PROTECT, null=True, blank=True, related_name="lots", verbose_name="corps de métier"
    )
    occupations = models.ManyToManyField(
        RomeCode, blank=True, related_name="lots", verbose_name="métiers (ROME) que le lot emploie"
    )
    qualification = models.CharField("qualification requise", max_length=10, choices=QualificationLevel, blank=True)
    clearances = models.CharField("habilitations exigées", max_length=300, blank=True, validators=[validate_one_line])
    crew_size = models.PositiveSmallIntegerField("effectif prévisionnel", null=True, blank=True)
    staff_takeover = models.BooleanField("reprise du personnel", default=False)
    takeover_hours = models.DecimalField(
        "heures mensuelles reprises", max_digits=9, decimal_places=2, null=True, blank=True
    )
    state = FSMField("état", max_length=15, choices=LotState, default=LotState.TO_REVIEW, protected=True)
    source_key = models.CharField("clé d’origine", max_length=200, null=True, unique=True, editable=False)  # noqa: DJ001
    history = HistoricalRecords(m2m_fields=[occupations])
    objects = LotQuerySet.as_manager()

    class Meta:
        verbose_name = "lot"
        ordering = ["market", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["market", "number"],
                name="lot_number_once",
                violation_error_message="Ce numéro de lot existe déjà dans ce marché.",
            ),
            # what the composite keys of contracts and hours refer to
            models.UniqueConstraint(fields=["id", "market", "territory"], name="lot_with_its_place"),
            # what the composite keys of meetings and alerts refer to
            models.UniqueConstraint(fields=["id", "territory"], name="lot_in_its_territory"),
            dates_in_order("lot_dates_ordered", "starts_on", "ends_on", "La fin d’exécution du lot précède son début."),
            models.CheckConstraint(
                name="lot_firm_months_credible",
                condition=Q(firm_months__isnull=True) | Q(firm_months__gte=1, firm_months__lte=1200),
                violation_error_message="La durée ferme est comprise entre 1 et 1 200 mois.",
            ),
            models.CheckConstraint(
                name="lot_takeover_hours_credible",
                condition=Q(takeover_hours__isnull=True)
                | Q(staff_takeover=True, takeover_hours__gte=0, takeover_hours__lte=100_000),
                violation_error_message="Des heures reprises supposent une reprise du personnel (100 000 h au plus).",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "market"], name="lot_by_territory"),
            models.Index(fields=["state", "territory"], name="lot_by_state"),
        ]

    def __str__(self):
        return f"{self.market.number} lot {self.number} – {self.title}"

    def is_over(self, day):
        """True on `day` when its execution is behind: closed, or its last day past."""
        return self.state == LotState.CLOSED or (self.ends_on is not None and self.ends_on < day)

    @transition(field=state, source=LotState.PROGRAMMED, target=LotState.TO_REVIEW)
    def submit(self):
        """The avant-projet is complete: the instruction begins."""

    @transition(field=state, source=LotState.TO_REVIEW, target=LotState.PROGRAMMED)
    def send_back(self):
        """The avant-projet goes back to its direction to be completed."""

    @transition(field=state, source=LotState.TO_REVIEW, target=LotState.RETAINED)
    def retain(self):
        """A clause will be written in this lot."""

    @transition(field=state, source=LotState.TO_REVIEW, target=LotState.SET_ASIDE)
    def set_aside(self):
        """No clause, for a stated reason."""

    @transition(field=state, source=LotState.TO_REVIEW, target=LotState.AWAITING_VISA)
    def ask_visa(self):
        """No clause in spite of the duty: an exemption is claimed, the référent juridique has the last word."""

    @transition(field=state, source=LotState.AWAITING_VISA, target=LotState.SET_ASIDE)
    def grant_visa(self):
        """The exemption stands."""

    @transition(field=state, source=LotState.AWAITING_VISA, target=LotState.TO_REVIEW)
    def refuse_visa(self):
        """The exemption does not stand: the decision is taken up again."""

    @transition(
        field=state,
        source=[LotState.SET_ASIDE, LotState.RETAINED, LotState.AWAITING_VISA],
        target=LotState.TO_REVIEW,
    )
    def reopen(self):
        """The decision is taken up again; nothing has been calibrated yet."""

    @transition(field=state, source=LotState.RETAINED, target=LotState.CALIBRATED)
    def calibrate(self):
        """The hours asked are retained."""

    @transition(field=state, source=LotState.CALIBRATED, target=LotState.AWARDED)
    def award(self):
        """A company is known."""

    @transition(field=state, source=LotState.AWARDED, target=LotState.RUNNING)
    def start(self):
        """The first contract is there."""

    @transition(field=state, source=LotState.RUNNING, target=LotState.CLOSED)
    def close(self):
        """The execution is over."""
