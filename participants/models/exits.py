from django.db import models
from django.db.models import Count, F, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import Permission
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from markets.models import Award, Lot, Market
from participants.enums import EXIT_GROUPS, ExitGroup, ExitHorizon, ExitSituationKind, ExitSource
from participants.models.contract import EmploymentContract
from participants.models.participant import Participant


class ExitSituationQuerySet(ScopedQuerySet):
    territory_path = "territory"
    view_permission = Permission.VIEW_PERSONS

    def to_ask(self, day):
        """Situations whose day has come and that nobody has asked about: the calls to make, the oldest first."""
        return self.filter(situation="", dropped_on__isnull=True, due_on__lte=day).order_by("due_on", "pk")

    def known(self):
        """Situations somebody answered, « inconnue » included."""
        return self.exclude(situation="")

    def by_horizon(self):
        """[{horizon, label, due, known, unknown, lasting}]: how many are due, and what is known of them, by horizon.

        « Inconnue » is an answer that says nothing: it is counted apart (domain.md §12 n° 37).
        """
        unknown = Q(situation=ExitSituationKind.UNKNOWN)
        lasting = [kind for kind, group in EXIT_GROUPS.items() if group == ExitGroup.LASTING]
        rows = (
            self.filter(dropped_on__isnull=True)
            .order_by()
            .values("horizon")
            .annotate(
                due=Count("pk"),
                known=Count("pk", filter=~Q(situation="") & ~unknown),
                unknown=Count("pk", filter=unknown),
                lasting=Count("pk", filter=Q(situation__in=lasting)),
            )
        )
        found = {row["horizon"]: row for row in rows}
        return [found[kind] | {"label": kind.label} for kind in ExitHorizon if kind in found]


class ExitSituation(models.Model):
    """Where a person is when her work on an award ends, three and six months later (C20, C33)."""

    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, related_name="exits", verbose_name="personne"
    )
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="exits", verbose_name="attribution")
    contract = models.ForeignKey(
        EmploymentContract, on_delete=models.PROTECT, related_name="exits", verbose_name="dernier contrat"
    )
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="exits", verbose_name="lot")
    market = models.ForeignKey(Market, on_delete=models.PROTECT, related_name="exits", verbose_name="marché")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", verbose_name="territoire")
    horizon = models.CharField("échéance", max_length=12, choices=ExitHorizon)
    due_on = models.DateField("à demander le")
    situation = models.CharField("situation", max_length=15, choices=ExitSituationKind, blank=True)
    source = models.CharField("source", max_length=15, choices=ExitSource, blank=True)
    observed_on = models.DateField("constatée le", null=True, blank=True)
    job_title = models.CharField("emploi occupé", max_length=150, blank=True, validators=[validate_one_line])
    lasting_job_refused = models.BooleanField("a refusé un CDI ou un CDD", default=False)
    asked_at = moment_field("saisie le")
    asked_by = author_field("saisie par")
    attempts = models.PositiveSmallIntegerField("appels sans réponse", default=0)
    called_on = models.DateField("dernier appel le", null=True, blank=True)
    dropped_on = models.DateField("sans objet depuis le", null=True, blank=True, editable=False)
    history = HistoricalRecords()
    objects = ExitSituationQuerySet.as_manager()

    class Meta:
        verbose_name = "situation de sortie"
        verbose_name_plural = "situations de sortie"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "award", "horizon"],
                name="exit_once",
                violation_error_message="Cette situation est déjà suivie.",
            ),
            both_or_none("exitsituation", "asked"),
            models.CheckConstraint(
                name="exit_known_whole",
                condition=Q(situation="", asked_at__isnull=True, observed_on__isnull=True, source="")
                | (~Q(situation="") & ~Q(source="") & Q(asked_at__isnull=False, observed_on__isnull=False)),
                violation_error_message="Une situation porte sa date, sa source et qui l’a saisie.",
            ),
        ]
        indexes = [
            # serves the queue of calls
            models.Index(
                fields=["territory", "due_on"],
                condition=Q(situation="", dropped_on__isnull=True),
                name="exit_to_ask",
            ),
            # serves the closing report of a market
            models.Index(F("market"), F("horizon"), name="exit_by_market"),
        ]

    def __str__(self):
        return f"{self.participant} – {self.get_horizon_display()}"
