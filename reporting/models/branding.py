from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.deposits import Deposited
from clauses_portal.core.validators import validate_one_line
from facilitators.models import Structure
from reporting.enums import LogoOwner


class BrandingLogoQuerySet(models.QuerySet):
    def valid_on(self, day):
        """Logos in use on `day`: a document carries the logos of its own date."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class BrandingLogo(Deposited, models.Model):
    """A logo given by its owner, printed on documents dated within its validity."""

    owner = models.CharField("propriétaire", max_length=12, choices=LogoOwner)
    structure = models.ForeignKey(
        Structure,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="logos",
        verbose_name="structure facilitatrice",
    )
    image = models.BinaryField("image (PNG ou JPEG)")
    deposited_field, digest_column = "image", ""
    mime = models.CharField("type", max_length=20, choices=[("image/png", "PNG"), ("image/jpeg", "JPEG")])
    alt = models.CharField("texte de remplacement", max_length=150, validators=[validate_one_line])
    valid_from = models.DateField("valable du")
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["image"])
    objects = BrandingLogoQuerySet.as_manager()

    class Meta:
        verbose_name = "logo"
        ordering = ["owner", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                name="logo_dates_ordered",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                violation_error_message="La fin de validité précède son début.",
            ),
            models.CheckConstraint(
                name="logo_of_a_structure",
                condition=Q(owner=LogoOwner.STRUCTURE, structure__isnull=False)
                | (~Q(owner=LogoOwner.STRUCTURE) & Q(structure__isnull=True)),
                violation_error_message="Indiquez la structure dont c’est le logo, et elle seule.",
            ),
        ]

    def __str__(self):
        return f"Logo {self.structure or self.get_owner_display()}"
