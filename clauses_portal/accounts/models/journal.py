"""Who did what, when, on what: the journal (CNIL 2021-122, security.md §1.2). It names objects, never persons."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

# A line is kept a year (CNIL 2021-122: six months to a year); the database refuses to lose it before.
KEPT_FOR = timedelta(days=365)


class JournalAction(models.TextChoices):
    """What is worth a line."""

    SIGN_IN = "sign_in", "Connexion"
    SIGN_OUT = "sign_out", "Déconnexion"
    SECOND_FACTOR = "second_factor", "Second facteur de connexion"
    PASSWORD = "password", "Mot de passe"
    SESSION_ENDED = "session_ended", "Fin d’une session"
    CHARTER = "charter", "Charte de confidentialité"
    INVITATION = "invitation", "Invitation"
    RIGHTS = "rights", "Comptes et droits"
    REFUSAL = "refusal", "Accès refusé"
    READING = "reading", "Lecture nominative"
    UNUSUAL_READING = "unusual_reading", "Lecture nominative inhabituelle"
    AMOUNTS = "amounts", "Consultation de montants"
    AMOUNTS_CHANGE = "amounts_change", "Saisie de montants"
    VALIDATION = "validation", "Validation d’une personne"
    EXPORT = "export", "Export"
    DOWNLOAD = "download", "Téléchargement"
    KEY = "key", "Clé d’accès"
    EXCHANGE = "exchange", "Échange de données"
    DATA_REQUEST = "data_request", "Demande d’une personne sur ses données"
    RETENTION = "retention", "Conservation et anonymisation"


class JournalResult(models.TextChoices):
    DONE = "done", "Fait"
    REFUSED = "refused", "Refusé"
    FAILED = "failed", "Échec"


class JournalQuerySet(models.QuerySet):
    def expired(self, now):
        """Lines kept long enough."""
        return self.filter(at__lt=now - KEPT_FOR)


class JournalEntry(models.Model):
    """One act. `object_kind` and `object_id` say on what; `count`, on how many persons or lines (units)."""

    at = models.DateTimeField("le", db_default=Now(), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="compte"
    )
    action = models.CharField("acte", max_length=20, choices=JournalAction)
    result = models.CharField("résultat", max_length=8, choices=JournalResult, default=JournalResult.DONE)
    object_kind = models.CharField("objet", max_length=60, blank=True)
    object_id = models.BigIntegerField("numéro de l’objet", null=True)
    territory_id = models.BigIntegerField("territoire", null=True)
    count = models.PositiveIntegerField("nombre", null=True)
    route = models.CharField("écran", max_length=80, blank=True)
    status = models.PositiveSmallIntegerField("réponse", null=True)
    address = models.GenericIPAddressField("adresse", null=True)
    request_id = models.CharField("référence de la demande", max_length=12, blank=True)
    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne du journal"
        verbose_name_plural = "journal"
        ordering = ["-pk"]
        indexes = [
            # the journal page reads by day, and filters by account or by act
            models.Index(fields=["-at"], name="journal_by_day"),
            models.Index(fields=["actor", "-at"], name="journal_by_actor"),
            models.Index(fields=["action", "-at"], name="journal_by_action"),
        ]

    def __str__(self):
        return f"{self.get_action_display()} {self.at:%Y-%m-%d %H:%M}"
