"""Keys by which software speaks for a structure, and what remains of each use (C22)."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.utils import timezone
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import KeyDirection, KeyScope, KeyState
from facilitators.models.structure import Convention, Structure


class YearAfter(Func):
    """The moment one year after another."""

    template = "(%(expressions)s + interval '1 year')"
    output_field = models.DateTimeField()


class AccessKeyQuerySet(models.QuerySet):
    def live(self, now):
        """Keys that open something at this moment, the convention of their structure left aside."""
        return self.filter(revoked_at__isnull=True, expires_on__gt=now)

    def with_state(self, now):
        """Annotate `state`, a KeyState: what a key opens at this moment."""
        in_force = Convention.objects.in_force(timezone.localdate(now)).filter(structure=OuterRef("structure"))
        return self.annotate(
            state=Case(
                When(revoked_at__isnull=False, then=Value(KeyState.REVOKED)),
                When(expires_on__lte=now, then=Value(KeyState.EXPIRED)),
                When(~Exists(in_force), then=Value(KeyState.OUT_OF_CONVENTION)),
                default=Value(KeyState.LIVE),
            )
        )

    def with_last_address(self):
        """Annotate `last_address`, the last address from which a key began to be used."""
        seen = KeyAddress.objects.filter(key=OuterRef("pk")).order_by("-pk")
        return self.annotate(last_address=Subquery(seen.values("address")[:1]))


class AccessKey(models.Model):
    """The right of a program to exchange for one structure, in one direction. Its secret is shown once, never kept.

    `account` is the author of what the program does: its rights are computed from the key, never from a membership.
    """

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="keys", verbose_name="structure")
    direction = models.CharField("sens de l’échange", max_length=15, choices=KeyDirection)
    label = models.CharField("logiciel", max_length=60, validators=[validate_one_line])
    prefix = models.CharField("début de la clé", max_length=8, unique=True, editable=False)
    digest = models.CharField("empreinte", max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=KeyScope), verbose_name="ce que la clé permet")
    networks = ArrayField(models.CharField(max_length=43), verbose_name="adresses autorisées", default=list, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="access_key",
        editable=False,
        verbose_name="compte du logiciel",
    )
    created_at = moment_field("créée le", required=True)
    created_by = author_field("créée par", required=True)
    expires_on = models.DateTimeField("expire le")
    revoked_at = moment_field("révoquée le")
    revoked_by = author_field("révoquée par")
    last_used_on = models.DateTimeField("dernière utilisation", null=True, blank=True, editable=False)
    history = HistoricalRecords(excluded_fields=["digest", "last_used_on"])
    objects = AccessKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "clé d’accès"
        verbose_name_plural = "clés d’accès"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="key_expires_within_a_year",
                condition=Q(created_at__isnull=False, expires_on__gt=F("created_at"))
                & Q(expires_on__lte=YearAfter(F("created_at"))),
                violation_error_message="Une clé expire au plus un an après sa création.",
            ),
            models.CheckConstraint(
                name="key_permits_something",
                condition=~Q(scopes=[]),
                violation_error_message="Choisissez ce que la clé permet.",
            ),
            models.CheckConstraint(
                name="key_scopes_fit_direction",
                condition=~Q(direction=KeyDirection.TO_FACILITATOR)
                | Q(scopes__contained_by=KeyScope.of(KeyDirection.TO_FACILITATOR)),
                violation_error_message="Dans ce sens, une clé ne donne ni les personnes, ni les heures.",
            ),
            models.CheckConstraint(
                name="key_scopes_fit_other_direction",
                condition=~Q(direction=KeyDirection.TO_DEPARTMENT)
                | Q(scopes__contained_by=KeyScope.of(KeyDirection.TO_DEPARTMENT)),
                violation_error_message="Dans ce sens, une clé n’écrit ni les marchés, ni les attributions.",
            ),
            both_or_none("accesskey", "created"),
            both_or_none("accesskey", "revoked"),
        ]

    def __str__(self):
        return f"{self.label} ({self.prefix}…)"

    @property
    def permitted(self):
        """What the key permits, in sentences."""
        return [KeyScope(scope).label for scope in self.scopes]

    @property
    def state_label(self):
        """The words of the `state` annotated by `with_state`."""
        return KeyState(self.state).label


class KeyAddress(models.Model):
    """An address from which a key was used: a new one is told to those who manage the key (security.md §3, A13)."""

    key = models.ForeignKey(AccessKey, on_delete=models.PROTECT, related_name="addresses", verbose_name="clé")
    address = models.GenericIPAddressField("adresse")
    first_seen_on = models.DateTimeField("première utilisation", auto_now_add=True)

    class Meta:
        verbose_name = "adresse d’utilisation"
        verbose_name_plural = "adresses d’utilisation"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "address"],
                name="key_address_once",
                violation_error_message="Cette adresse est déjà connue.",
            )
        ]

    def __str__(self):
        return f"{self.key} : {self.address}"
