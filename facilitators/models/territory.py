from django.db import models
from django.db.models import Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from facilitators.enums import Permission


class Territory(models.Model):
    """A basin of the Département. Rights are granted here, and everything reaches it by foreign key."""

    code = models.CharField("code", max_length=20, unique=True)
    name = models.CharField("nom", max_length=120, unique=True)
    slug = models.SlugField("identifiant d’adresse", unique=True)

    class Meta:
        verbose_name = "territoire"
        ordering = ["name"]
        default_permissions = ()
        permissions = Permission.choices

    def __str__(self):
        return self.name


class TerritoryUserObjectPermission(UserObjectPermissionBase):
    content_object = models.ForeignKey(Territory, on_delete=models.CASCADE, verbose_name="territoire")

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = "droit sur un territoire"
        indexes = [models.Index(fields=["user", "content_object"], name="territory_perm_by_user")]


class TerritoryGroupObjectPermission(GroupObjectPermissionBase):
    """Asked for by guardian; never used: rights go to users (style.md §1.6)."""

    content_object = models.ForeignKey(Territory, on_delete=models.CASCADE, verbose_name="territoire")

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = "droit de groupe sur un territoire"


class CommuneQuerySet(models.QuerySet):
    def with_postal_code(self, code):
        """Communes served by a postal code: several may share it (domain.md §5.7)."""
        return self.filter(postal_codes__contains=[code])

    def matching(self, text):
        """Communes whose name holds each word, without accents, or whose Insee or postal code it is."""
        rows = self.exclude(insee_code__contains="Z")  # « Autre commune », where only anonymised persons live
        for word in text.split():
            coded = Q(insee_code__startswith=word) | Q(postal_codes__contains=[word])
            rows = rows.filter(Q(name__unaccent__icontains=word) | coded)
        return rows


class Commune(models.Model):
    """A commune and the basin it belongs to; `None` outside the Département and the Métropole."""

    insee_code = models.CharField("code Insee", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=100)
    postal_codes = models.JSONField("codes postaux", default=list)
    department = models.CharField("département", max_length=3)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="communes", verbose_name="territoire"
    )
    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ["name"]

    def __str__(self):
        return self.name
