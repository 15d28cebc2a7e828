from django.db import models

from clauses_portal.accounts.models.user import User


class FormDraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The drafts of this person, and of nobody else."""
        return self.filter(user=user)


class FormDraft(models.Model):
    """What a person was typing on a long form, kept for her alone until she saves it: a session may end."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts", verbose_name="compte")
    key = models.CharField("formulaire", max_length=80)
    data = models.JSONField("saisie", default=dict)
    saved_on = models.DateTimeField("enregistré le", auto_now=True)
    objects = FormDraftQuerySet.as_manager()

    class Meta:
        verbose_name = "brouillon de saisie"
        verbose_name_plural = "brouillons de saisie"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"],
                name="draft_once",
                violation_error_message="Ce formulaire a déjà un brouillon.",
            )
        ]

    def __str__(self):
        return self.key
