from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import Role
from facilitators.models.directorate import Directorate
from facilitators.models.places import place_fits_role
from facilitators.models.territory import Territory

# An invitation that nobody took is worth nothing after this.
LIFETIME = timedelta(days=7)


class InvitationQuerySet(models.QuerySet):
    def open(self, now):
        """Invitations that may still be accepted at this moment."""
        return self.waiting().filter(expires_on__gt=now)

    def waiting(self):
        """Invitations neither accepted nor withdrawn, those that expired included: they may be sent again."""
        return self.filter(accepted_on__isnull=True, revoked_at__isnull=True)


class Invitation(models.Model):
    """A role offered somewhere to a person who has no account yet. The link is sent once; only its digest is kept."""

    email = models.EmailField("adresse électronique")
    first_name = models.CharField("prénom", max_length=80, validators=[validate_one_line])
    last_name = models.CharField("nom", max_length=80, validators=[validate_one_line])
    role = models.CharField("rôle", max_length=20, choices=Role)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="territoire"
    )
    directorate = models.ForeignKey(
        Directorate, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="direction"
    )
    valid_until = models.DateField("rôle valable jusqu’au", null=True, blank=True)
    digest = models.CharField("empreinte du lien", max_length=64, unique=True, editable=False)
    invited_at = moment_field("invitée le", required=True)
    invited_by = author_field("invitée par", required=True)
    expires_on = models.DateTimeField("expire le")
    accepted_on = models.DateTimeField("acceptée le", null=True, blank=True, editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="invitations",
        verbose_name="compte ouvert",
    )
    revoked_at = moment_field("retirée le", editable=False)
    revoked_by = author_field("retirée par", editable=False)
    history = HistoricalRecords(excluded_fields=["digest"])
    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-invited_at"]
        constraints = [
            place_fits_role("invitation"),
            both_or_none("invitation", "invited"),
            both_or_none("invitation", "revoked"),
            models.CheckConstraint(
                name="invitation_expires_after",
                condition=Q(invited_at__isnull=True) | Q(expires_on__gt=F("invited_at")),
                violation_error_message="Une invitation expire après avoir été envoyée.",
            ),
            models.CheckConstraint(
                name="invitation_accepted_whole",
                condition=Q(accepted_on__isnull=True, account__isnull=True)
                | Q(accepted_on__isnull=False, account__isnull=False, revoked_at__isnull=True),
                violation_error_message="Une invitation acceptée a ouvert un compte, et n’est pas retirée.",
            ),
        ]

    def __str__(self):
        return f"{self.email} : {self.get_role_display()}"

    @property
    def is_expired(self):
        return self.expires_on <= timezone.now()
