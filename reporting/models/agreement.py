from django.db import models

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_plain_text
from facilitators.enums import Permission
from facilitators.permissions import OfficeQuerySet
from reporting.enums import Dataset, Party


class AgreementQuerySet(OfficeQuerySet):
    view_permission = Permission.VIEW_STATEMENTS

    def allow(self, dataset, year):
        """True when both parties agreed that this goes to third parties (C30)."""
        given = self.filter(dataset=dataset, year=year).values_list("party", flat=True)
        return set(given) == set(Party.values)


class PublicationAgreement(models.Model):
    """« Accord de communication »: one party of the convention agrees that figures go to third parties (C30)."""

    dataset = models.CharField("données", max_length=15, choices=Dataset)
    year = models.PositiveSmallIntegerField("année")
    party = models.CharField("partie", max_length=12, choices=Party)
    note = models.CharField("référence de l’accord", max_length=300, blank=True, validators=[validate_plain_text])
    agreed_at = moment_field("donné le", required=True)
    agreed_by = author_field("donné par", required=True)
    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = "accord de communication"
        verbose_name_plural = "accords de communication"
        ordering = ["-year", "dataset", "party"]
        constraints = [
            both_or_none("publicationagreement", "agreed"),
            models.UniqueConstraint(
                fields=["dataset", "year", "party"],
                name="agreement_once",
                violation_error_message="Cet accord est déjà donné.",
            ),
        ]

    def __str__(self):
        return f"{self.get_dataset_display()} {self.year} – {self.get_party_display()}"
