from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.periods import Lifetime, parse_period
from clauses_portal.core.validators import validate_plain_text
from facilitators.enums import Permission
from facilitators.models import Directorate, Territory
from facilitators.permissions import ScopedQuerySet
from markets.models import Lot, Market
from reporting.enums import StatementKind, StatementState

PREFIXES = {StatementKind.QUARTERLY: "ET", StatementKind.CLOSING: "BM", StatementKind.ANNUAL: "BA"}


def text_field(label):
    """A text of the paper, written by its author: no name of a person, no amount."""
    return models.TextField(label, blank=True, max_length=5000, validators=[validate_plain_text])


class StatementQuerySet(ScopedQuerySet):
    directorate_path = "directorate"
    view_permission = Permission.VIEW_STATEMENTS

    def within(self, territory_ids):
        """Of one of these territories, or of a market every lot of which is in them.

        A paper of a directorate or of the whole Département is in none: it is for those who see everywhere.
        """
        lots = Lot.objects.filter(market=OuterRef("market_id"))
        whole_market = Q(Exists(lots.filter(territory__in=territory_ids))) & ~Q(
            Exists(lots.exclude(territory__in=territory_ids))
        )
        return Q(territory__in=territory_ids) | Q(market__isnull=False) & whole_market

    def run_by(self, directorate_ids):
        return Q(directorate__in=directorate_ids) | Q(market__operation__directorate__in=directorate_ids)

    def published(self):
        return self.filter(state=StatementState.PUBLISHED)

    def drafts(self):
        return self.filter(state=StatementState.DRAFT)

    def in_force(self):
        """Published papers that no later published version replaces."""
        return self.published().exclude(replaced_by__state=StatementState.PUBLISHED)

    def publishable_by(self, user):
        """Papers this account prepares: of its territories and their markets, or those of the Département itself.

        A paper of a direction, of the whole Département or of a market shared by several territories is in no
        territory: the chargée de mission publishes it.
        """
        shared = Lot.objects.order_by().values("market").annotate(places=Count("territory", distinct=True))
        of_the_office = Q(territory__isnull=True, market__isnull=True) | Q(
            market__in=shared.filter(places__gt=1).values("market")
        )
        local = self.filter(~of_the_office).actionable_by(user, Permission.PUBLISH_STATEMENTS)
        return local | self.filter(of_the_office).actionable_by(user, Permission.PUBLISH_REPORTS)

    def readable_by(self, user):
        """Published papers of the scope, and the drafts this account publishes or comments on (C19)."""
        commented = self.drafts().actionable_by(user, Permission.COMMENT_STATEMENTS)
        return self.published().visible_to(user) | self.publishable_by(user) | commented


class Statement(models.Model):
    """A paper sent to the maître d’ouvrage: a frozen snapshot, its PDF and their hash (C19, C20, C29; design.md §1).

    Once published it never changes: a trigger refuses it. A correction of hours is a régularisation of the next
    period; a correction of the paper itself is another version, which says why.
    """

    kind = models.CharField("nature", max_length=10, choices=StatementKind, default=StatementKind.QUARTERLY)
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name="territoire",
    )
    directorate = models.ForeignKey(
        Directorate,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name="direction",
    )
    market = models.ForeignKey(
        Market,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name="marché",
    )
    period_code = models.CharField("période", max_length=16)
    starts_on = models.DateField("du", editable=False)
    ends_on = models.DateField("au", editable=False)
    version = models.PositiveSmallIntegerField("version", default=1)
    replaces = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        editable=False,
        verbose_name="remplace",
    )
    version_reason = models.CharField(
        "motif de la nouvelle version", max_length=500, blank=True, validators=[validate_plain_text]
    )
    state = models.CharField("état", max_length=10, choices=StatementState, default=StatementState.DRAFT)
    comments = text_field("commentaires du facilitateur")
    outlook = text_field("perspectives")
    difficulties = text_field("difficultés rencontrées")
    satisfaction = text_field("satisfaction de l’entreprise et des personnes")
    good_practice = text_field("bonnes pratiques")
    opinion = text_field("avis du facilitateur")
    snapshot = models.JSONField("données figées", null=True, blank=True, editable=False)
    pdf = models.FileField("document", upload_to="statements/%Y/", max_length=200, blank=True, editable=False)
    pdf_size = models.PositiveIntegerField("taille (octets)", null=True, blank=True, editable=False)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True, editable=False)
    verification_code = models.CharField("code de vérification", max_length=20, unique=True, editable=False)
    prepared_on = models.DateField("brouillon préparé le", null=True, blank=True, editable=False)
    published_at = moment_field("publié le", editable=False)
    published_by = author_field("publié par", editable=False)
    history = HistoricalRecords(excluded_fields=["snapshot"])
    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = "état"
        ordering = ["-ends_on", "kind", "territory", "-version", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="statement_scope_of_its_kind",
                condition=Q(territory__isnull=False, directorate__isnull=True, market__isnull=True)
                & ~Q(kind=StatementKind.CLOSING)
                | Q(territory__isnull=True, directorate__isnull=False, market__isnull=True)
                & ~Q(kind=StatementKind.CLOSING)
                | Q(territory__isnull=True, directorate__isnull=True, market__isnull=False)
                & ~Q(kind=StatementKind.ANNUAL)
                | Q(
                    territory__isnull=True,
                    directorate__isnull=True,
                    market__isnull=True,
                    kind=StatementKind.ANNUAL,
                ),
                violation_error_message=(
                    "Un état porte sur un territoire, une direction ou un marché ; un bilan de fin de marché, sur un "
                    "marché ; un bilan annuel, sur un territoire, une direction ou tout le Département."
                ),
            ),
            models.UniqueConstraint(
                fields=["kind", "territory", "directorate", "market", "period_code", "version"],
                nulls_distinct=False,
                name="statement_once",
                violation_error_message="Cet état existe déjà.",
            ),
            models.CheckConstraint(
                name="statement_period_of_its_kind",
                condition=Q(kind=StatementKind.QUARTERLY, period_code__regex=r"^[0-9]{4}-T[1-4]$")
                | Q(kind=StatementKind.CLOSING, period_code="solde")
                | Q(kind=StatementKind.ANNUAL, period_code__regex=r"^[0-9]{4}(-[0-9]{2}_[0-9]{4}-[0-9]{2})?$"),
                violation_error_message="La période s’écrit « 2026-T3 », « 2026 » ou « 2026-03_2027-02 ».",
            ),
            models.CheckConstraint(
                name="statement_period_ordered",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="La fin de la période précède son début.",
            ),
            models.CheckConstraint(
                name="statement_version_explained",
                condition=Q(version=1, version_reason="", replaces__isnull=True)
                | (Q(version__gt=1, replaces__isnull=False) & ~Q(version_reason="")),
                violation_error_message="Une nouvelle version d’un document publié dit pourquoi.",
            ),
            both_or_none("statement", "published"),
            models.CheckConstraint(
                name="statement_published_is_whole",
                condition=Q(state=StatementState.DRAFT, published_at__isnull=True)
                | (
                    Q(state=StatementState.PUBLISHED, published_at__isnull=False, snapshot__isnull=False)
                    & ~Q(sha256="")
                    & ~Q(pdf="")
                ),
                violation_error_message="Un état publié porte ses données, son document et son empreinte.",
            ),
        ]
        indexes = [
            # serves the library, the last period first
            models.Index(fields=["-ends_on", "territory"], name="statement_by_period"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} – {self.subject} – {self.period.label}"

    def save(self, *args, **kwargs):
        """The days of the period follow its code."""
        if self.kind != StatementKind.CLOSING:
            self.starts_on, self.ends_on = self.period.start, self.period.end
        super().save(*args, **kwargs)

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude={*(exclude or ()), "starts_on", "ends_on"})

    @property
    def subject(self):
        return str(self.territory or self.directorate or self.market or "Ensemble du Département")

    @property
    def period(self):
        if self.kind == StatementKind.CLOSING:
            return Lifetime(self.starts_on, self.ends_on)
        return parse_period(self.period_code)

    @property
    def number(self):
        """Reference printed on the paper, for instance « ET-2026-T3-pays-d-aix-1 »."""
        if self.territory_id:
            scope = self.territory.slug
        elif self.directorate_id:
            scope = f"direction-{self.directorate.code.lower()}"
        else:
            scope = f"marche-{self.market_id}" if self.market_id else "departement"
        return f"{PREFIXES[self.kind]}-{self.period_code}-{scope}-{self.version}"

    @property
    def replacement(self):
        """The published version that replaces this one, or None."""
        later = getattr(self, "replaced_by", None)
        return later if later is not None and later.published_at else None
