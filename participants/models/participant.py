from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.text import search_key
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import Permission
from facilitators.models import Commune, Territory
from facilitators.permissions import ScopedQuerySet
from participants.enums import EducationLevel, PrescriberKind, Sex


class ParticipantQuerySet(ScopedQuerySet):
    territory_path = "territory"
    view_permission = Permission.VIEW_PERSONS

    def search(self, text):
        """Persons whose names hold every word of `text`, accents and order set aside."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search_name__contains=word)
        return found


class Participant(models.Model):
    """A person far from employment. No NIR, no health text: what the clause needs, and no more (domain.md §8)."""

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="participants", verbose_name="territoire"
    )
    first_name = models.CharField("prénom", max_length=80, validators=[validate_one_line])
    last_name = models.CharField("nom", max_length=80, validators=[validate_one_line])
    birth_name = models.CharField("nom de naissance", max_length=80, blank=True, validators=[validate_one_line])
    birth_date = models.DateField("date de naissance")
    sex = models.CharField("sexe", max_length=6, choices=Sex)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="+", verbose_name="commune de résidence"
    )
    address = models.CharField("adresse", max_length=250, blank=True, validators=[validate_one_line])
    lives_in_qpv = models.BooleanField("réside en quartier prioritaire", null=True, blank=True)
    receives_rsa = models.BooleanField("bénéficiaire du RSA à l’entrée", null=True, blank=True)
    education_level = models.CharField(
        "niveau de formation à l’entrée", max_length=2, choices=EducationLevel, default=EducationLevel.UNKNOWN
    )
    prescriber = models.CharField("prescripteur", max_length=20, choices=PrescriberKind, default=PrescriberKind.OTHER)
    search_name = models.CharField("nom pour la recherche", max_length=250, editable=False)
    history = HistoricalRecords(excluded_fields=["search_name"])
    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = "personne"
        ordering = ["last_name", "first_name"]
        constraints = [
            models.UniqueConstraint(
                F("territory"),
                F("search_name"),
                F("birth_date"),
                name="participant_once_in_territory",
                violation_error_message="Une personne de ce nom et de cette date de naissance est déjà suivie ici.",
            ),
            models.CheckConstraint(
                name="participant_birth_credible",
                condition=Q(birth_date__gte="1920-01-01"),
                violation_error_message="Cette date de naissance n’est pas crédible.",
            ),
        ]
        indexes = [
            # serves the search by name, accents removed
            GinIndex(OpClass(F("search_name"), name="gin_trgm_ops"), name="participant_search"),
        ]

    def __str__(self):
        return f"{self.last_name} {self.first_name}"
