"""What a company without account is sent: links for one thing and one time, and reminders (domain.md §12, n° 30-31)."""

from django.db import models
from django.db.models import F, Q

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from facilitators.models.mail import OutgoingMail
from markets.enums import LinkPurpose
from markets.models.award import Award
from markets.models.company import Company, CompanyContact, OfCompanyQuerySet


class CompanyLinkQuerySet(OfCompanyQuerySet):
    def live(self, now):
        """Links that still open something."""
        return self.filter(revoked_at__isnull=True, expires_on__gt=now)


class CompanyLink(models.Model):
    """A signed link: it opens one thing for one company, until it expires or is revoked.

    The address carries the signature of this row and of its nonce; the row alone decides whether it still opens.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="links", verbose_name="entreprise")
    contact = models.ForeignKey(
        CompanyContact, on_delete=models.PROTECT, null=True, blank=True, related_name="links", verbose_name="contact"
    )
    purpose = models.CharField("objet", max_length=16, choices=LinkPurpose)
    month = models.DateField("mois", null=True, blank=True)
    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, null=True, blank=True, related_name="links", verbose_name="attribution"
    )
    nonce = models.CharField("aléa", max_length=43, editable=False)
    created_on = models.DateTimeField("créé le", auto_now_add=True)
    expires_on = models.DateTimeField("expire le")
    opened_on = models.DateTimeField("ouvert le", null=True, blank=True)
    used_on = models.DateTimeField("répondu le", null=True, blank=True)
    revoked_at = moment_field("révoqué le")
    revoked_by = author_field("révoqué par")
    objects = CompanyLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "lien d’entreprise"
        verbose_name_plural = "liens d’entreprise"
        ordering = ["-pk"]
        constraints = [
            both_or_none("companylink", "revoked"),
            models.CheckConstraint(
                name="link_hours_of_a_month",
                condition=(Q(purpose=LinkPurpose.HOURS) & Q(month__isnull=False, month__day=1))
                | (~Q(purpose=LinkPurpose.HOURS) & Q(month__isnull=True)),
                violation_error_message="Un lien de déclaration porte sur un mois.",
            ),
            models.CheckConstraint(
                name="link_posting_of_an_award",
                condition=~Q(purpose=LinkPurpose.JOB_POSTING) | Q(award__isnull=False),
                violation_error_message="Un dépôt de fiche de poste porte sur une attribution.",
            ),
            models.CheckConstraint(
                name="link_expires",
                condition=Q(expires_on__gt=F("created_on")),
                violation_error_message="Un lien expire après sa création.",
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()} – {self.company}"


class CompanyReminder(models.Model):
    """A digest sent to a company for a month: one a step (10, 20, 30 days), none once it has answered."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="reminders", verbose_name="entreprise")
    contact = models.ForeignKey(CompanyContact, on_delete=models.PROTECT, related_name="+", verbose_name="contact")
    link = models.ForeignKey(CompanyLink, on_delete=models.PROTECT, related_name="reminders", verbose_name="lien")
    mail = models.ForeignKey(OutgoingMail, on_delete=models.PROTECT, related_name="+", verbose_name="courriel")
    month = models.DateField("mois")
    step = models.PositiveSmallIntegerField("relance")
    created_on = models.DateTimeField("faite le", auto_now_add=True)
    objects = OfCompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "relance"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "month", "step"],
                name="reminder_once",
                violation_error_message="Cette relance est déjà partie.",
            )
        ]

    def __str__(self):
        return f"Relance {self.step} de {self.company} ({self.month:%m/%Y})"
