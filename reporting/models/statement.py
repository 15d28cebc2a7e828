from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.periods import Quarter
from clauses_portal.core.validators import validate_plain_text
from facilitators.enums import Permission
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from markets.models import Lot, Market
from reporting.enums import StatementKind, StatementState


class StatementQuerySet(ScopedQuerySet):
    directorate_path = "market__operation__directorate"
    view_permission = Permission.VIEW_STATEMENTS

    def within(self, territory_ids):
        """Of one of these territories, or of a market every lot of which is in them."""
        lots = Lot.objects.filter(market=OuterRef("market_id"))
        whole_market = Q(Exists(lots.filter(territory__in=territory_ids))) & ~Q(
            Exists(lots.exclude(territory__in=territory_ids))
        )
        return Q(territory__in=territory_ids) | Q(market__isnull=False) & whole_market

    def published(self):
        return self.filter(state=StatementState.PUBLISHED)


class Statement(models.Model):
    """A paper sent to the maître d’ouvrage: a frozen snapshot, its PDF and their hash (C19, design.md §1).

    Once published it never changes: a trigger refuses it. A correction is a régularisation of the next quarter.
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
    market = models.ForeignKey(
        Market,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name="marché",
    )
    quarter = models.CharField("trimestre", max_length=7)
    version = models.PositiveSmallIntegerField("version", default=1)
    state = models.CharField("état", max_length=10, choices=StatementState, default=StatementState.DRAFT)
    comments = models.TextField(
        "commentaires du facilitateur", blank=True, max_length=5000, validators=[validate_plain_text]
    )
    outlook = models.TextField(
        "perspectives du trimestre suivant", blank=True, max_length=5000, validators=[validate_plain_text]
    )
    snapshot = models.JSONField("données figées", null=True, blank=True, editable=False)
    pdf = models.FileField("document", upload_to="statements/%Y/", max_length=200, blank=True, editable=False)
    pdf_size = models.PositiveIntegerField("taille (octets)", null=True, blank=True, editable=False)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True, editable=False)
    verification_code = models.CharField("code de vérification", max_length=20, unique=True, editable=False)
    published_at = moment_field("publié le", editable=False)
    published_by = author_field("publié par", editable=False)
    history = HistoricalRecords(excluded_fields=["snapshot"])
    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = "état"
        ordering = ["-quarter", "territory", "-version"]
        constraints = [
            models.CheckConstraint(
                name="statement_has_one_scope",
                condition=Q(territory__isnull=False, market__isnull=True)
                | Q(territory__isnull=True, market__isnull=False),
                violation_error_message="Un état porte sur un territoire ou sur un marché.",
            ),
            models.UniqueConstraint(
                fields=["kind", "territory", "market", "quarter", "version"],
                nulls_distinct=False,
                name="statement_once",
                violation_error_message="Cet état existe déjà.",
            ),
            models.CheckConstraint(
                name="statement_quarter_format",
                condition=Q(quarter__regex=r"^[0-9]{4}-T[1-4]$"),
                violation_error_message="Un trimestre s’écrit « 2026-T3 ».",
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
        indexes = [models.Index(fields=["quarter", "territory"], name="statement_by_quarter")]

    def __str__(self):
        return f"{self.get_kind_display()} – {self.subject} – {self.period}"

    @property
    def subject(self):
        return str(self.territory or self.market)

    @property
    def period(self):
        return Quarter.parse(self.quarter)

    @property
    def number(self):
        """Reference printed on the paper, for instance « ET-2026-T3-pays-d-aix-1 »."""
        scope = self.territory.slug if self.territory_id else f"marche-{self.market_id}"
        return f"ET-{self.quarter}-{scope}-{self.version}"
