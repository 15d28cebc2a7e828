from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from facilitators.enums import Permission


class Directorate(models.Model):
    """A direction opérationnelle of the Département: it brings operations and follows its own markets.

    Here rather than in `operations`, because memberships point at it and imports only go down (ADR 0007).
    """

    code = models.CharField("code", max_length=20, unique=True)
    name = models.CharField("nom", max_length=150, unique=True)
    is_open = models.BooleanField("ouverte", default=True)

    class Meta:
        verbose_name = "direction opérationnelle"
        verbose_name_plural = "directions opérationnelles"
        ordering = ["name"]
        default_permissions = ()
        permissions = Permission.choices

    def __str__(self):
        return self.name


class DirectorateUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Directorate, on_delete=models.CASCADE, verbose_name="direction")

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "droit sur une direction"
        indexes = [models.Index(fields=["user", "content_object"], name="directorate_perm_by_user")]


class DirectorateGroupObjectPermission(GroupObjectPermissionBase):
    """Asked for by guardian; never used: rights go to users."""

    content_object = models.ForeignKey(Directorate, on_delete=models.CASCADE, verbose_name="direction")

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = "droit de groupe sur une direction"
