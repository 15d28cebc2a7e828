"""What signing in leaves: the charter accepted, the identity that ProConnect vouches for."""

from django.db import models
from django.db.models.functions import Now

from clauses_portal.accounts.models.user import User


class CharterAcceptance(models.Model):
    """A person has read and accepted a version of the charter of professional secrecy (C34)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="charters", verbose_name="compte")
    version = models.CharField("version de la charte", max_length=10)
    accepted_on = models.DateTimeField("acceptée le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "acceptation de la charte"
        verbose_name_plural = "acceptations de la charte"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "version"],
                name="charter_accepted_once",
                violation_error_message="Cette version de la charte est déjà acceptée.",
            )
        ]

    def __str__(self):
        return f"{self.user} : {self.version}"


class ProConnectIdentity(models.Model):
    """The account of a person at one identity provider. An address alone never opens an account (security.md)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="identities", verbose_name="compte")
    issuer = models.CharField("fournisseur", max_length=200)
    subject = models.CharField("identifiant chez le fournisseur", max_length=255)
    linked_on = models.DateTimeField("reliée le", db_default=Now(), editable=False)

    class Meta:
        verbose_name = "identité ProConnect"
        verbose_name_plural = "identités ProConnect"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="proconnect_identity_once",
                violation_error_message="Cette identité est déjà reliée à un compte.",
            ),
            models.UniqueConstraint(
                fields=["user", "issuer"],
                name="proconnect_one_per_account",
                violation_error_message="Ce compte est déjà relié à une identité.",
            ),
        ]

    def __str__(self):
        return f"{self.user} : {self.issuer}"
