from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.ranges import days
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import Permission
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from markets.models import Award, Company, Lot, Market
from participants.enums import ContractType, EndReason, Modality
from participants.models.participant import Participant


class EmploymentContractQuerySet(ScopedQuerySet):
    territory_path = "territory"
    directorate_path = "market__operation__directorate"
    view_permission = Permission.VIEW_HOURS

    def running(self, first, last):
        """Contracts that run on at least one day of this period, both days included."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first), starts_on__lte=last)


class EmploymentContract(models.Model):
    """A person at work on a lot, for an employer. Market, lot and territory are copied from the award's lot:
    composite keys keep the copies true, so that hours are read from one table (performance.md §0)."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="contracts", verbose_name="personne"
    )
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="contracts", verbose_name="attribution")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="contracts", editable=False, verbose_name="lot")
    market = models.ForeignKey(
        Market, on_delete=models.PROTECT, related_name="contracts", editable=False, verbose_name="marché"
    )
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name="territoire"
    )
    employer = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="contracts", verbose_name="employeur")
    host = models.ForeignKey(
        Company,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_contracts",
        verbose_name="entreprise utilisatrice",
    )
    modality = models.CharField("modalité", max_length=1, choices=Modality)
    contract_type = models.CharField("type de contrat", max_length=20, choices=ContractType)
    job_title = models.CharField("poste", max_length=150, validators=[validate_one_line])
    rome_code = models.CharField("code ROME", max_length=5, blank=True)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)
    end_reason = models.CharField("motif de fin", max_length=10, choices=EndReason, blank=True)
    weekly_hours = models.DecimalField("heures par semaine", max_digits=4, decimal_places=2, null=True, blank=True)
    continues = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        editable=False,
        verbose_name="fait suite à",
    )
    valued_hours = models.PositiveSmallIntegerField("heures valorisées", default=0, editable=False)
    already_in_post = models.BooleanField("déjà en poste avant le marché (personnel repris)", default=False)
    period = models.GeneratedField(
        expression=days(), output_field=DateRangeField(), db_persist=True, verbose_name="période"
    )
    history = HistoricalRecords(excluded_fields=["period"])
    objects = EmploymentContractQuerySet.as_manager()

    class Meta:
        verbose_name = "contrat de travail"
        verbose_name_plural = "contrats de travail"
        ordering = ["participant", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["id", "participant", "territory", "market", "lot"], name="contract_with_its_place"
            ),
            models.CheckConstraint(
                name="contract_dates_ordered",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin du contrat précède son début.",
            ),
            models.CheckConstraint(
                name="contract_weekly_hours",
                condition=Q(weekly_hours__isnull=True) | Q(weekly_hours__gt=0, weekly_hours__lte=48),
                violation_error_message="La durée hebdomadaire est de 48 heures au plus.",
            ),
            models.CheckConstraint(
                name="contract_host_of_a_loan",
                condition=Q(host__isnull=True) | Q(modality=Modality.SECONDMENT),
                violation_error_message="Une entreprise utilisatrice suppose une mise à disposition.",
            ),
            models.CheckConstraint(
                name="contract_rome_format",
                condition=Q(rome_code="") | Q(rome_code__regex=r"^[A-N][0-9]{4}$"),
                violation_error_message="Un code ROME s’écrit une lettre de A à N et quatre chiffres.",
            ),
            models.CheckConstraint(
                name="contract_end_reason_with_date",
                condition=Q(end_reason="") | Q(ends_on__isnull=False),
                violation_error_message="Un motif de fin suppose une date de fin.",
            ),
        ]
        indexes = [
            models.Index(fields=["lot", "participant"], name="contract_of_lot"),
            # serves the grid and the declarations of a company
            models.Index(fields=["employer", "starts_on"], name="contract_of_employer"),
        ]

    def __str__(self):
        return f"{self.participant} – {self.job_title}"

    @property
    def user_company_id(self):
        """Id of the company a lent person works for, None when she works for her employer."""
        if self.modality != Modality.SECONDMENT:
            return None
        return self.host_id or self.award.company_id
