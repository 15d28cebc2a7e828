from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from facilitators.enums import Role
from facilitators.models.directorate import Directorate
from facilitators.models.places import place_fits_role
from facilitators.models.territory import Territory


class MembershipQuerySet(models.QuerySet):
    def active(self, day):
        """Memberships that give rights on `day`."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            user__is_active=True,
            revoked_at__isnull=True,
            valid_from__lte=day,
        )


class Membership(models.Model):
    """Who has which role, where, from when to when, and who said so. The truth behind every right.

    Written by `facilitators.permissions.grant` and `revoke` alone, which keep guardian's rows in step.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name="compte"
    )
    role = models.CharField("rôle", max_length=20, choices=Role)
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="territoire",
    )
    directorate = models.ForeignKey(
        Directorate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="direction",
    )
    valid_from = models.DateField("valable du")
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    granted_at = moment_field("accordé le")
    granted_by = author_field("accordé par")
    revoked_at = moment_field("retiré le")
    revoked_by = author_field("retiré par")
    history = HistoricalRecords()
    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        ordering = ["user", "role"]
        constraints = [
            place_fits_role("membership"),
            models.CheckConstraint(
                name="membership_dates_ordered",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                violation_error_message="La fin de validité précède son début.",
            ),
            both_or_none("membership", "granted"),
            both_or_none("membership", "revoked"),
            models.UniqueConstraint(
                "user",
                "role",
                Coalesce("territory", 0),
                Coalesce("directorate", 0),
                condition=Q(revoked_at__isnull=True),
                name="membership_once",
                violation_error_message="Cette personne a déjà ce rôle à cet endroit.",
            ),
        ]

    def __str__(self):
        place = self.territory or self.directorate or "ensemble du Département"
        return f"{self.user} : {self.get_role_display()} ({place})"
