from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.periods import month_start
from clauses_portal.core.ranges import days, days_when
from clauses_portal.core.validators import validate_plain_text
from facilitators.enums import Permission
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from markets.models import Lot, Market
from participants.enums import HoursNature, HoursSource, RejectionReason
from participants.models.contract import EmploymentContract
from participants.models.participant import Participant

# Legal maxima leave 48 h a week: nobody works more than this in a month (security.md §1.3, 16).
MOST_HOURS_A_MONTH = 300
OUT_OF_BOUNDS = "Les heures d’un mois sont comprises entre 0 et 300."


class HoursEntryQuerySet(ScopedQuerySet):
    territory_path = "territory"
    directorate_path = "market__operation__directorate"
    view_permission = Permission.VIEW_HOURS

    def of_period(self, period):
        """Entries whose month is in this period (of whole months; the one in which it begins counts)."""
        return self.filter(month__range=(month_start(period.start), period.end))

    def up_to(self, period):
        """Entries of this period and of all before."""
        return self.filter(month__lte=period.end)

    def typed(self):
        """The entries of the months themselves, régularisations left aside."""
        return self.filter(booked_in__isnull=True)

    def regularisations(self):
        """Corrections of months already sent, booked in a later one."""
        return self.filter(booked_in__isnull=False)

    def pending(self):
        """Declared hours that wait for a decision."""
        return self.filter(pending__gt=0)


class HoursEntry(models.Model):
    """Hours declared for a contract over days of one month: declared = counted + rejected + pending.

    A régularisation corrects days of a month already sent: it is booked in a later month (`booked_in`), may be
    negative, and `month` – what every figure sums by – is that later month (invariant 8).

    `counted_period` is NULL unless hours are counted; the temporal key then demands granted validations of the
    person over all these days. Whatever writes here meets that key (design.md §1).
    """

    contract = models.ForeignKey(
        EmploymentContract, on_delete=models.PROTECT, related_name="hours", verbose_name="contrat"
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="hours", verbose_name="personne"
    )
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", verbose_name="territoire")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="hours", verbose_name="marché")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="hours", verbose_name="lot")
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    nature = models.CharField("nature", max_length=10, choices=HoursNature, default=HoursNature.WORKED)
    booked_in = models.DateField("régularisée au titre de", null=True, blank=True)
    correction_reason = models.TextField(
        "motif de la régularisation", blank=True, max_length=1000, validators=[validate_plain_text]
    )
    cancellation = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cancels",
        editable=False,
        verbose_name="annulée par",
    )
    month = models.GeneratedField(
        expression=Coalesce(
            "booked_in",
            Func(
                F("starts_on"),
                template="(date_trunc('month', %(expressions)s::timestamp))::date",
                output_field=models.DateField(),
            ),
        ),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name="mois",
    )
    declared = models.DecimalField("heures déclarées", max_digits=6, decimal_places=2)
    counted = models.DecimalField("heures comptabilisées", max_digits=6, decimal_places=2, default=0)
    rejected = models.DecimalField("heures rejetées", max_digits=6, decimal_places=2, default=0)
    pending = models.DecimalField("heures en attente", max_digits=6, decimal_places=2, default=0)
    rejection_reason = models.CharField("motif de rejet", max_length=15, choices=RejectionReason, blank=True)
    withheld = models.DecimalField("heures écartées par le facilitateur", max_digits=6, decimal_places=2, default=0)
    withheld_reason = models.CharField("motif de l’écart", max_length=15, choices=RejectionReason, blank=True)
    source = models.CharField("origine", max_length=10, choices=HoursSource, default=HoursSource.GRID)
    version = models.PositiveIntegerField("version", default=1)
    period = models.GeneratedField(
        expression=days(), output_field=DateRangeField(), db_persist=True, verbose_name="période"
    )
    counted_period = models.GeneratedField(
        expression=days_when(Q(counted__gt=0, cancellation__isnull=True)),
        output_field=DateRangeField(null=True),
        db_persist=True,
        verbose_name="période comptabilisée",
    )
    history = HistoricalRecords(excluded_fields=["month", "period", "counted_period"])
    objects = HoursEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "saisie d’heures"
        verbose_name_plural = "saisies d’heures"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="hours_dates_ordered",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la période précède son début.",
            ),
            models.CheckConstraint(
                name="hours_within_one_month",
                condition=Q(
                    ends_on__lt=Func(
                        F("starts_on"),
                        template="(date_trunc('month', %(expressions)s::timestamp) + interval '1 month')::date",
                        output_field=models.DateField(),
                    )
                ),
                violation_error_message="Une saisie d’heures tient dans un seul mois.",
            ),
            models.CheckConstraint(
                name="hours_declared_credible",
                condition=Q(booked_in__isnull=True, declared__gte=0, declared__lte=MOST_HOURS_A_MONTH)
                | Q(booked_in__isnull=False, declared__gte=-MOST_HOURS_A_MONTH, declared__lte=MOST_HOURS_A_MONTH),
                violation_error_message=OUT_OF_BOUNDS,
            ),
            models.CheckConstraint(
                name="hours_booked_later",
                condition=Q(booked_in__isnull=True, correction_reason="")
                | (Q(booked_in__isnull=False, booked_in__day=1, booked_in__gt=F("ends_on")) & ~Q(correction_reason="")),
                violation_error_message="Une régularisation s’inscrit dans un mois suivant, avec son motif.",
            ),
            models.CheckConstraint(
                name="hours_withheld_explained",
                condition=Q(withheld=0, withheld_reason="")
                | (Q(withheld__gt=0, withheld__lte=F("declared")) & ~Q(withheld_reason="")),
                violation_error_message="Des heures écartées portent leur motif, et restent dans les heures déclarées.",
            ),
            models.CheckConstraint(
                name="hours_add_up",
                condition=Q(declared=F("counted") + F("rejected") + F("pending"))
                & (Q(booked_in__isnull=False) | Q(counted__gte=0, rejected__gte=0, pending__gte=0)),
                violation_error_message="Heures déclarées = comptabilisées + rejetées + en attente.",
            ),
            models.CheckConstraint(
                name="hours_rejection_explained",
                condition=(Q(rejected=0) & Q(rejection_reason="")) | (~Q(rejected=0) & ~Q(rejection_reason="")),
                violation_error_message="Des heures rejetées portent leur motif.",
            ),
            ExclusionConstraint(
                name="hours_once_per_day",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    ("nature", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(booked_in__isnull=True),
                violation_error_message="Des heures existent déjà pour ce contrat et ce mois.",
            ),
        ]
        indexes = [
            # serves the statement of a territory (performance.md §0.4)
            models.Index(
                fields=["territory", "month"],
                include=["market", "lot", "participant", "declared", "counted"],
                name="hours_by_territory",
            ),
            # serves the statement of a market
            models.Index(
                fields=["market", "month"],
                include=["lot", "participant", "declared", "counted"],
                name="hours_by_market",
            ),
            # serves the grid of a lot
            models.Index(fields=["lot", "month"], name="hours_by_lot"),
            # serves the ceilings of a person and the recount of her hours
            models.Index(fields=["participant", "starts_on"], name="hours_by_participant"),
        ]

    def __str__(self):
        return f"{self.contract} : {self.declared} h ({self.starts_on:%m/%Y})"


class ClosedPeriodQuerySet(ScopedQuerySet):
    view_permission = Permission.VIEW_STATEMENTS


class ClosedPeriod(models.Model):
    """A quarter whose statement was sent for a territory: a trigger refuses any change of its hours (invariant 8)."""

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="closed_periods", verbose_name="territoire"
    )
    quarter_start = models.DateField("premier jour du trimestre")
    closed_at = moment_field("clos le", required=True)
    closed_by = author_field("clos par", required=True)
    objects = ClosedPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "trimestre clos"
        verbose_name_plural = "trimestres clos"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "quarter_start"],
                name="period_closed_once",
                violation_error_message="Ce trimestre est déjà clos.",
            ),
            models.CheckConstraint(
                name="period_is_a_quarter",
                condition=Q(quarter_start__month__in=[1, 4, 7, 10]) & Q(quarter_start__day=1),
                violation_error_message="Un trimestre commence le 1er janvier, avril, juillet ou octobre.",
            ),
            both_or_none("closedperiod", "closed"),
        ]

    def __str__(self):
        return f"{self.territory}, trimestre du {self.quarter_start:%d/%m/%Y}"
