"""Papers that leave the portal: kept as they were produced, never changed (a trigger refuses it)."""

import hashlib

from django.db import models, transaction
from django.utils import timezone

from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.services import checked_save


class Paper(models.Model):
    """A produced PDF, with its number and its digest. A subclass says what it is about, and gets the trigger."""

    number = models.CharField("numéro", max_length=40, unique=True)
    content = models.BinaryField("fichier PDF")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    produced_at = moment_field("produit le", required=True)
    produced_by = author_field("produit par", required=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.number


@transaction.atomic
def freeze(paper, content, *, by):
    """Save `paper` for good with these bytes (PDF) and their digest."""
    paper.content, paper.sha256 = content, hashlib.sha256(content).hexdigest()
    paper.produced_at, paper.produced_by = timezone.now(), by
    return checked_save(paper)
