"""What an avant-projet adds to a lot: phases beyond the firm period, documents of the consultation (C6)."""

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.deposits import Deposited
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import Permission
from facilitators.permissions import ScopedQuerySet
from markets.enums import DceKind, PhaseKind
from markets.models.financials import amount_field, credible
from markets.models.market import Lot, Market


class LotPhaseQuerySet(ScopedQuerySet):
    territory_path = "lot__territory"
    directorate_path = "lot__market__operation__directorate"


class LotPhase(models.Model):
    """An option, a tranche or a renewal of a lot: never firm, its hours wait for its affirmation."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="phases", verbose_name="lot")
    kind = models.CharField("nature", max_length=10, choices=PhaseKind)
    number = models.CharField("numéro", max_length=10, validators=[validate_one_line])
    label = models.CharField("intitulé", max_length=250, validators=[validate_one_line])
    months = models.PositiveSmallIntegerField("durée (mois)", null=True, blank=True)
    planned_on = models.DateField("décision prévue le", null=True, blank=True)
    affirmed_on = models.DateField("affermie le", null=True, blank=True)
    history = HistoricalRecords()
    objects = LotPhaseQuerySet.as_manager()

    class Meta:
        verbose_name = "option, tranche ou reconduction"
        verbose_name_plural = "options, tranches et reconductions"
        ordering = ["lot", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "kind", "number"],
                name="phase_number_once",
                violation_error_message="Ce numéro existe déjà pour ce lot.",
            ),
            models.CheckConstraint(
                name="phase_months_credible",
                condition=Q(months__isnull=True) | Q(months__gte=1, months__lte=1200),
                violation_error_message="La durée est comprise entre 1 et 1 200 mois.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number} – {self.label}"


class PhaseFinancialsQuerySet(ScopedQuerySet):
    territory_path = "phase__lot__territory"
    directorate_path = "phase__lot__market__operation__directorate"
    view_permission = Permission.VIEW_AMOUNTS


class PhaseFinancials(models.Model):
    """The confidential amount of a phase (C27)."""

    phase = models.OneToOneField(
        LotPhase, on_delete=models.PROTECT, related_name="financials", verbose_name="option, tranche ou reconduction"
    )
    estimated_amount = amount_field("montant estimé (€ HT)")
    history = HistoricalRecords()
    objects = PhaseFinancialsQuerySet.as_manager()

    class Meta:
        verbose_name = "montant d’une option, tranche ou reconduction"
        verbose_name_plural = "montants des options, tranches et reconductions"
        constraints = credible("phase", "estimated_amount")

    def __str__(self):
        return f"Montant de la phase n° {self.phase_id}"


class DceDocumentQuerySet(ScopedQuerySet):
    territory_path = "market__lots__territory"
    directorate_path = "market__operation__directorate"

    def within(self, territory_ids):
        """A document is in the territories of its market's lots: to many, hence a subquery."""
        lots = Lot.objects.filter(territory__in=territory_ids)
        return Q(market__in=lots.values("market"))

    def current(self):
        """Documents that were not withdrawn, their content left in the table."""
        return self.filter(withdrawn_at__isnull=True).defer("content")


class DceDocument(Deposited, models.Model):
    """A document of the consultation, checked when it is deposited. It may quote amounts: never shown, only downloaded
    by those who may read amounts."""

    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="dce", verbose_name="marché")
    kind = models.CharField("nature", max_length=10, choices=DceKind)
    name = models.CharField("nom du fichier", max_length=150, validators=[validate_one_line])
    mime = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("taille (octets)")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    content = models.BinaryField("contenu")
    deposited_at = moment_field("déposé le", required=True)
    deposited_by = author_field("déposé par", required=True)
    withdrawn_at = moment_field("retiré le")
    withdrawn_by = author_field("retiré par")
    objects = DceDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce de la consultation"
        verbose_name_plural = "pièces de la consultation"
        ordering = ["market", "kind", "-pk"]
        constraints = [
            both_or_none("dce", "deposited"),
            both_or_none("dce", "withdrawn"),
            models.UniqueConstraint(
                fields=["market", "sha256"],
                condition=Q(withdrawn_at__isnull=True),
                name="dce_once",
                violation_error_message="Ce fichier est déjà déposé sur ce marché.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} : {self.name}"
