"""What an exchange leaves behind: how the other side names things, and what it has already asked."""

from django.db import models
from django.db.models import Q

from clauses_portal.core.validators import validate_one_line
from facilitators.models.access_key import AccessKey
from facilitators.models.structure import Structure


class ExternalReference(models.Model):
    """How a program of a structure names a row of the portal: its own identifier, never shown to another structure.

    `system` tells apart the programs of a structure (the key's for the interface, the exporter's for a package).
    """

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="references", verbose_name="structure"
    )
    system = models.CharField("logiciel d’origine", max_length=60, blank=True, validators=[validate_one_line])
    resource = models.CharField("nature", max_length=30)
    reference = models.CharField("référence externe", max_length=100, validators=[validate_one_line])
    object_id = models.BigIntegerField("identifiant dans le portail")

    class Meta:
        verbose_name = "référence externe"
        verbose_name_plural = "références externes"
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "system", "resource", "reference"],
                name="external_reference_once",
                violation_error_message="Cette référence externe est déjà prise dans votre structure.",
            ),
            models.UniqueConstraint(
                fields=["structure", "system", "resource", "object_id"],
                name="external_reference_of_one_row",
                violation_error_message="Cet élément a déjà une référence externe dans votre structure.",
            ),
            models.CheckConstraint(
                name="external_reference_not_empty",
                condition=~Q(reference=""),
                violation_error_message="Une référence externe n’est pas vide.",
            ),
        ]

    def __str__(self):
        return f"{self.resource} {self.reference}"


class RepeatableRequest(models.Model):
    """A writing request done under an Idempotency-Key, and its answer: repeated, it is told again, not done again."""

    key = models.ForeignKey(AccessKey, on_delete=models.PROTECT, related_name="requests", verbose_name="clé d’accès")
    value = models.CharField("clé de répétition", max_length=100)
    fingerprint = models.CharField("empreinte de la demande", max_length=64)
    status = models.PositiveSmallIntegerField("réponse")
    answer = models.JSONField("contenu de la réponse")
    created_on = models.DateTimeField("faite le", auto_now_add=True)

    class Meta:
        verbose_name = "demande répétable"
        verbose_name_plural = "demandes répétables"
        constraints = [
            models.UniqueConstraint(
                fields=["key", "value"],
                name="request_once",
                violation_error_message="Cette clé de répétition a déjà servi.",
            )
        ]
        indexes = [models.Index(fields=["created_on"], name="request_to_forget")]

    def __str__(self):
        return f"{self.key} : {self.value}"
