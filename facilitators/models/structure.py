from django.db import models
from django.db.models import F, Func, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.validators import validate_siret
from facilitators.enums import StructureKind
from facilitators.models.territory import Territory


class Structure(models.Model):
    """An institution or an organisation that employs facilitators."""

    name = models.CharField("nom", max_length=200, unique=True)
    kind = models.CharField("nature", max_length=20, choices=StructureKind)
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "structure"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="structure_siret_format",
                condition=Q(siret="") | Q(siret__regex=r"^[0-9]{14}$"),
                violation_error_message="Un SIRET compte 14 chiffres.",
            )
        ]

    def __str__(self):
        return self.name


class ConventionEnd(Func):
    """Last day in force: N months from the signature, or three months after the notice (C28, article 4)."""

    output_field = models.DateField()
    template = "(LEAST(%(signed)s + make_interval(months => %(months)s), %(notice)s + interval '3 months')::date - 1)"

    def as_sql(self, compiler, connection, **extra):
        signed, months, notice = (compiler.compile(e)[0] for e in self.source_expressions)
        return self.template % {"signed": signed, "months": months, "notice": notice}, []


class ConventionQuerySet(models.QuerySet):
    def in_force(self, day):
        """Conventions in force on `day`, first and last days included."""
        return self.filter(signed_on__lte=day, ends_on__gte=day)


class Convention(models.Model):
    """What the Département and a structure signed: it gives the facilitators' rights a beginning and an end."""

    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="conventions", verbose_name="structure"
    )
    territories = models.ManyToManyField(Territory, related_name="conventions", verbose_name="territoires")
    reference = models.CharField("référence", max_length=60, unique=True)
    signed_on = models.DateField("signée le")
    duration_months = models.PositiveSmallIntegerField("durée (mois)", default=36)
    notice_given_on = models.DateField("préavis donné le", null=True, blank=True)
    ends_on = models.GeneratedField(
        expression=ConventionEnd(F("signed_on"), F("duration_months"), F("notice_given_on")),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name="dernier jour",
    )
    history = HistoricalRecords(excluded_fields=["ends_on"])
    objects = ConventionQuerySet.as_manager()

    class Meta:
        verbose_name = "convention"
        ordering = ["-signed_on"]
        constraints = [
            models.CheckConstraint(
                name="convention_duration_positive",
                condition=Q(duration_months__gte=1, duration_months__lte=120),
                violation_error_message="La durée de la convention est comprise entre 1 et 120 mois.",
            ),
            models.CheckConstraint(
                name="convention_notice_after_signature",
                condition=Q(notice_given_on__isnull=True) | Q(notice_given_on__gte=F("signed_on")),
                violation_error_message="Le préavis ne peut pas précéder la signature.",
            ),
        ]

    def __str__(self):
        return self.reference
