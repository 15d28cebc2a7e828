from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from markets.enums import CalibrationPurpose, LotState
from markets.models.market import Lot
from markets.models.preparation import LotPhase

LONGEST_OBJECTIVE = 1_000_000
# An amendment adds or takes away hours: its sign is free.
AMENDMENT_HOURS = Q(
    purpose=CalibrationPurpose.AMENDMENT,
    proposed_hours__gte=-LONGEST_OBJECTIVE,
    proposed_hours__lte=LONGEST_OBJECTIVE,
) & (
    Q(retained_hours__isnull=True)
    | (Q(retained_hours__gte=-LONGEST_OBJECTIVE, retained_hours__lte=LONGEST_OBJECTIVE) & ~Q(retained_hours=0))
)


BEFORE_AWARD = frozenset({LotState.RETAINED, LotState.CALIBRATED})
UNDER_WAY = frozenset({LotState.AWARDED, LotState.RUNNING})
# When hours are computed: those of the firm period are in the contract once it is awarded (domain.md §3.5).
OPEN_STATES = {
    CalibrationPurpose.FIRM: BEFORE_AWARD,
    CalibrationPurpose.PHASE: BEFORE_AWARD | UNDER_WAY,
    CalibrationPurpose.ORDER: UNDER_WAY,
    CalibrationPurpose.AMENDMENT: UNDER_WAY,
}
# How the history of a computation says that it went back to its facilitator: the words follow, confidential (C27).
SENT_BACK = "Renvoi : "


class CalibrationQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"

    def firm(self):
        """The hours of the firm period: what the documents ask for (domain.md §3.5)."""
        return self.filter(purpose=CalibrationPurpose.FIRM)

    def retained(self):
        """What the Département retained."""
        return self.filter(retained_at__isnull=False)

    def about(self, version):
        """Versions of the same object: the firm period, a phase, an order or an amendment of a lot."""
        return self.filter(lot=version.lot_id, purpose=version.purpose, phase=version.phase_id, label=version.label)

    def with_status(self):
        """Annotate `superseded` (a later version of the same object exists), `sent_back` and `activated`."""
        later = Calibration.objects.filter(
            # a phase is there if and only if the purpose is PHASE
            Q(phase=OuterRef("phase")) | Q(phase__isnull=True),
            lot=OuterRef("lot"),
            purpose=OuterRef("purpose"),
            label=OuterRef("label"),
            version__gt=OuterRef("version"),
        )
        returns = CalibrationMethod.history.filter(
            calibration=OuterRef("pk"), history_change_reason__startswith=SENT_BACK
        )
        entries = self.model._meta.get_field("entries").related_model.objects.filter(calibration=OuterRef("pk"))
        return self.annotate(superseded=Exists(later), sent_back=Exists(returns), activated=Exists(entries))

    def to_retain(self):
        """What waits for the chargée de mission: neither retained, nor sent back, nor replaced by a later version of
        the same object, on a lot where it is neither too early nor too late."""
        in_time = Q()
        for purpose, states in OPEN_STATES.items():
            in_time |= Q(purpose=purpose, lot__state__in=states)
        return self.with_status().filter(in_time, retained_at__isnull=True, superseded=False, sent_back=False)


class Calibration(models.Model):
    """One version of the hours asked for a lot: proposed by the facilitator, retained by the Département (C3).

    How they were computed is in `CalibrationMethod`, which few may read.
    """

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="calibrations", verbose_name="lot")
    version = models.PositiveSmallIntegerField("version")
    purpose = models.CharField("objet", max_length=10, choices=CalibrationPurpose, default=CalibrationPurpose.FIRM)
    phase = models.ForeignKey(
        LotPhase, on_delete=models.PROTECT, null=True, blank=True, related_name="calibrations", verbose_name="phase"
    )
    label = models.CharField("précision", max_length=150, blank=True, validators=[validate_one_line])
    proposed_hours = models.IntegerField("heures proposées")
    proposed_at = moment_field("proposées le", required=True)
    proposed_by = author_field("proposées par", required=True)
    retained_hours = models.IntegerField("heures retenues", null=True, blank=True)
    retained_at = moment_field("retenues le")
    retained_by = author_field("retenues par")
    gap_reason = models.TextField("motif de l’écart", blank=True, max_length=2000, validators=[validate_plain_text])
    history = HistoricalRecords()
    objects = CalibrationQuerySet.as_manager()

    class Meta:
        verbose_name = "calibrage"
        ordering = ["lot", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["lot", "version"], name="calibration_version_once"),
            both_or_none("calibration", "proposed"),
            both_or_none("calibration", "retained"),
            models.CheckConstraint(
                name="calibration_hours_credible",
                condition=Q(proposed_hours__gte=0, proposed_hours__lte=LONGEST_OBJECTIVE, retained_hours__isnull=True)
                | Q(
                    proposed_hours__gte=0,
                    proposed_hours__lte=LONGEST_OBJECTIVE,
                    retained_hours__gt=0,
                    retained_hours__lte=LONGEST_OBJECTIVE,
                )
                # a reserved lot, a framework agreement whose orders bring the hours: nothing firm is due
                | Q(
                    purpose=CalibrationPurpose.FIRM,
                    proposed_hours__gte=0,
                    proposed_hours__lte=LONGEST_OBJECTIVE,
                    retained_hours=0,
                )
                | AMENDMENT_HOURS,
                violation_error_message="Les heures d’un lot sont comprises entre 0 et 1 000 000.",
            ),
            models.CheckConstraint(
                name="calibration_phase_fits_purpose",
                condition=Q(purpose=CalibrationPurpose.PHASE, phase__isnull=False)
                | (~Q(purpose=CalibrationPurpose.PHASE) & Q(phase__isnull=True)),
                violation_error_message="Ce calibrage porte sur une option, une tranche ou une reconduction du lot.",
            ),
            models.CheckConstraint(
                name="calibration_order_named",
                condition=Q(purpose__in=[CalibrationPurpose.FIRM, CalibrationPurpose.PHASE]) | ~Q(label=""),
                violation_error_message="Indiquez le numéro du bon de commande ou de l’avenant.",
            ),
            models.CheckConstraint(
                name="calibration_gap_explained",
                condition=Q(retained_hours__isnull=True)
                | Q(retained_hours=F("proposed_hours"))
                | (Q(retained_hours__isnull=False) & ~Q(gap_reason="")),
                violation_error_message="Expliquez l’écart entre les heures proposées et les heures retenues.",
            ),
            models.CheckConstraint(
                name="calibration_retained_whole",
                condition=Q(retained_hours__isnull=True, retained_at__isnull=True)
                | Q(retained_hours__isnull=False, retained_at__isnull=False),
                violation_error_message="Des heures retenues portent leur date.",
            ),
        ]

    def __str__(self):
        return f"{self.lot}, calibrage {self.version}"

    @property
    def object_name(self):
        """« Période ferme », « Option (PSE) 1 – Préau », « Bon de commande n° 12 », « Avenant n° 1 »."""
        if self.phase:
            return str(self.phase)
        return f"{self.get_purpose_display()} n° {self.label}" if self.label else self.get_purpose_display()


class CalibrationMethodQuerySet(ScopedQuerySet):
    territory_path = "calibration__lot__territory"
    view_permission = Permission.VIEW_METHOD


class CalibrationMethod(models.Model):
    """How a calibration was computed. One leaked factor gives the others: confidential for ever (C27)."""

    calibration = models.OneToOneField(
        Calibration, on_delete=models.PROTECT, related_name="computation", verbose_name="calibrage"
    )
    method = models.CharField("méthode", max_length=20)
    parameters = models.JSONField("paramètres")
    rounding = models.CharField("arrondi", max_length=10)
    floor_hours = models.PositiveIntegerField("plancher (h)", null=True, blank=True)
    raw_hours = models.DecimalField("résultat brut (h)", max_digits=12, decimal_places=4)
    explanation = models.JSONField("explication", default=list)
    history = HistoricalRecords()
    objects = CalibrationMethodQuerySet.as_manager()

    class Meta:
        verbose_name = "méthode de calcul"
        verbose_name_plural = "méthodes de calcul"

    def __str__(self):
        return f"Méthode du calibrage n° {self.calibration_id}"
