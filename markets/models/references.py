"""Reference tables: trades and occupations that all may read, parameters that few may (C27), thresholds of the law."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import dates_in_order
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import Permission
from facilitators.permissions import OfficeQuerySet
from markets.enums import HourlyRateCode, PenaltyBasis
from markets.legal import ThresholdCategory

ENDS_BEFORE_IT_BEGINS = "La fin de validité précède son début."


class DatedQuerySet(models.QuerySet):
    def valid_on(self, day):
        """Rows in force on `day`."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)


class CodeQuerySet(models.QuerySet):
    def matching(self, text):
        """Codes that begin with the text, or whose label holds each of its words, without accents."""
        rows = self
        for word in text.split():
            rows = rows.filter(Q(code__istartswith=word) | Q(label__unaccent__icontains=word))
        return rows


class RomeCode(models.Model):
    """An occupation of the ROME (France Travail): what a lot employs, what a person looks for."""

    code = models.CharField("code", max_length=5, primary_key=True)
    label = models.CharField("métier", max_length=200)
    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = "métier (ROME)"
        verbose_name_plural = "métiers (ROME)"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="rome_format",
                condition=Q(code__regex=r"^[A-N][0-9]{4}$"),
                violation_error_message="Un code ROME compte une lettre et quatre chiffres.",
            )
        ]

    def __str__(self):
        return f"{self.code} – {self.label}"


class CpvCode(models.Model):
    """A code of the Common Procurement Vocabulary: the few of our trades, or all once `load_cpv` was run."""

    code = models.CharField("code", max_length=8, primary_key=True)
    label = models.CharField("libellé", max_length=300)
    objects = CodeQuerySet.as_manager()

    class Meta:
        verbose_name = "code CPV"
        verbose_name_plural = "codes CPV"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="cpv_format",
                condition=Q(code__regex=r"^[0-9]{8}$"),
                violation_error_message="Un code CPV compte 8 chiffres.",
            )
        ]

    def __str__(self):
        return f"{self.code} – {self.label}"


class TradeQuerySet(models.QuerySet):
    def matching(self, text):
        """Trades that each word of the text names: by their label, an occupation, part of a CPV code."""
        codes = Func(F("cpv_codes"), Value(" "), function="array_to_string", output_field=models.TextField())
        rows = self.alias(codes=codes)
        for word in text.split():
            occupations = RomeCode.objects.matching(word).filter(trades=OuterRef("pk"))
            rows = rows.filter(Q(label__unaccent__icontains=word) | Q(codes__contains=word) | Exists(occupations))
        return rows


class Trade(models.Model):
    """A trade (corps d’état, family of services) and the codes it goes with. Nothing confidential."""

    code = models.SlugField("code", max_length=40, unique=True)
    label = models.CharField("intitulé", max_length=120, unique=True, validators=[validate_one_line])
    cpv_codes = ArrayField(models.CharField(max_length=8), verbose_name="codes CPV", default=list, blank=True)
    occupations = models.ManyToManyField(RomeCode, blank=True, related_name="trades", verbose_name="métiers (ROME)")
    objects = TradeQuerySet.as_manager()

    class Meta:
        verbose_name = "corps de métier"
        verbose_name_plural = "corps de métier"
        ordering = ["label"]

    def __str__(self):
        return self.label


def range_condition(name, highest):
    """Condition: `<name>_low` and `<name>_high` are both absent, or ordered within ]0; highest]."""
    low, high = f"{name}_low", f"{name}_high"
    return Q(**{f"{low}__isnull": True, f"{high}__isnull": True}) | Q(
        **{
            f"{low}__isnull": False,
            f"{high}__isnull": False,
            f"{low}__gt": 0,
            f"{high}__gte": F(low),
            f"{high}__lte": highest,
        }
    )


class TradeParametersQuerySet(DatedQuerySet, OfficeQuerySet):
    view_permission = Permission.VIEW_METHOD


class TradeParameters(models.Model):
    """Usual labour share, hourly cost (€) and insertion rate of a trade: fractions in ]0; 1]. Confidential (C27)."""

    trade = models.ForeignKey(
        Trade, on_delete=models.PROTECT, related_name="usual_values", verbose_name="corps de métier"
    )
    labour_share_low = models.DecimalField(
        "part de main-d’œuvre, de", max_digits=5, decimal_places=4, null=True, blank=True
    )
    labour_share_high = models.DecimalField(
        "part de main-d’œuvre, à", max_digits=5, decimal_places=4, null=True, blank=True
    )
    hourly_cost_low = models.DecimalField("coût horaire (€), de", max_digits=6, decimal_places=2, null=True, blank=True)
    hourly_cost_high = models.DecimalField("coût horaire (€), à", max_digits=6, decimal_places=2, null=True, blank=True)
    insertion_rate_low = models.DecimalField(
        "taux d’insertion, de", max_digits=5, decimal_places=4, null=True, blank=True
    )
    insertion_rate_high = models.DecimalField(
        "taux d’insertion, à", max_digits=5, decimal_places=4, null=True, blank=True
    )
    valid_from = models.DateField("valable du")
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)
    source = models.CharField("source", max_length=200, validators=[validate_one_line])
    history = HistoricalRecords()
    objects = TradeParametersQuerySet.as_manager()

    class Meta:
        verbose_name = "paramètres d’un corps de métier"
        verbose_name_plural = "paramètres des corps de métier"
        ordering = ["trade__label", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["trade", "valid_from"],
                name="trade_parameters_once",
                violation_error_message="Ce corps de métier a déjà des paramètres à cette date.",
            ),
            models.CheckConstraint(
                name="trade_parameters_credible",
                condition=range_condition("labour_share", 1)
                & range_condition("hourly_cost", 1000)
                & range_condition("insertion_rate", 1),
                violation_error_message="Chaque fourchette va du plus petit au plus grand, au-dessus de zéro.",
            ),
            dates_in_order("trade_parameters_dates_ordered", "valid_from", "valid_until", ENDS_BEFORE_IT_BEGINS),
        ]

    def __str__(self):
        return f"Paramètres de {self.trade}"


class LegalThreshold(models.Model):
    """An amount of the law (€ HT) with its dates: public, editable with history (domain.md §2.3)."""

    category = models.CharField("catégorie", max_length=40)
    value = models.DecimalField("seuil (€ HT)", max_digits=12, decimal_places=2)
    valid_from = models.DateField("applicable du")
    valid_until = models.DateField("applicable jusqu’au", null=True, blank=True)
    source = models.CharField("source", max_length=200, validators=[validate_one_line])
    history = HistoricalRecords()
    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "seuil de la commande publique"
        verbose_name_plural = "seuils de la commande publique"
        ordering = ["category", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "valid_from"],
                name="threshold_once",
                violation_error_message="Cette catégorie a déjà un seuil à cette date.",
            ),
            models.CheckConstraint(
                name="threshold_credible",
                condition=Q(value__gt=0),
                violation_error_message="Un seuil est supérieur à zéro.",
            ),
            dates_in_order("threshold_dates_ordered", "valid_from", "valid_until", ENDS_BEFORE_IT_BEGINS),
        ]

    def __str__(self):
        return f"{self.label}, {self.valid_from:%d/%m/%Y}"

    @property
    def label(self):
        """The category in French."""
        return dict(ThresholdCategory.choices).get(self.category, self.category)


class PenaltyRule(models.Model):
    """The tariff of a breach, as the documents of a market print it (domain.md §10.2)."""

    code = models.SlugField("code", max_length=40)
    breach = models.CharField("manquement", max_length=200, validators=[validate_one_line])
    basis = models.CharField("assiette", max_length=20, choices=PenaltyBasis)
    value = models.DecimalField("valeur", max_digits=8, decimal_places=2)
    text = models.CharField("texte des pièces", max_length=300, validators=[validate_one_line])
    valid_from = models.DateField("applicable du")
    valid_until = models.DateField("applicable jusqu’au", null=True, blank=True)
    source = models.CharField("source", max_length=200, validators=[validate_one_line])
    history = HistoricalRecords()
    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "pénalité"
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="penalty_once",
                violation_error_message="Ce manquement a déjà un tarif à cette date.",
            ),
            models.CheckConstraint(
                name="penalty_credible",
                condition=Q(value__gt=0),
                violation_error_message="Une pénalité est supérieure à zéro.",
            ),
            dates_in_order("penalty_dates_ordered", "valid_from", "valid_until", ENDS_BEFORE_IT_BEGINS),
        ]

    def __str__(self):
        return self.breach


class HourlyRate(models.Model):
    """A legal hourly value a penalty may refer to: the social security ceiling, the minimum wage (domain.md §10.2)."""

    code = models.CharField("référence", max_length=10, choices=HourlyRateCode)
    value = models.DecimalField("valeur (€ par heure)", max_digits=6, decimal_places=2)
    valid_from = models.DateField("applicable du")
    valid_until = models.DateField("applicable jusqu’au", null=True, blank=True)
    source = models.CharField("source", max_length=200, validators=[validate_one_line])
    history = HistoricalRecords()
    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = "valeur horaire légale"
        verbose_name_plural = "valeurs horaires légales"
        ordering = ["code", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="hourly_rate_once",
                violation_error_message="Cette valeur est déjà connue à cette date.",
            ),
            models.CheckConstraint(
                name="hourly_rate_credible",
                condition=Q(value__gt=0, value__lte=500),
                violation_error_message="Une valeur horaire est comprise entre 0,01 € et 500 €.",
            ),
            dates_in_order("hourly_rate_dates_ordered", "valid_from", "valid_until", ENDS_BEFORE_IT_BEGINS),
        ]

    def __str__(self):
        return f"{self.get_code_display()} au {self.valid_from:%d/%m/%Y}"
