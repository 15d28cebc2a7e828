"""What companies and structures send: months declared through a link, statements imported from a spreadsheet."""

from django.db import models
from django.db.models import Q

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.deposits import Deposited
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.jobs import Job
from clauses_portal.core.jobs.models import JobQuerySet
from clauses_portal.core.validators import validate_one_line, validate_plain_text
from facilitators.enums import Permission
from facilitators.models import Territory
from facilitators.permissions import ScopedQuerySet
from markets.models import Company, CompanyLink
from markets.models.company import OfCompanyQuerySet
from participants.enums import DeclarationState, HoursNature, ImportOutcome
from participants.models.contract import EmploymentContract
from participants.models.participant import Participant


class MonthlyDeclarationQuerySet(OfCompanyQuerySet):
    view_permission = Permission.VIEW_HOURS


class MonthlyDeclaration(Deposited, models.Model):
    """What a company said of a month, as it said it: lines, or « aucune heure », certified by somebody (§9.8)."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="declarations", verbose_name="entreprise"
    )
    link = models.ForeignKey(
        CompanyLink,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="declarations",
        verbose_name="lien",
        help_text="Vide : déclaration recueillie par le facilitateur, par téléphone ou sur papier.",
    )
    month = models.DateField("mois")
    sent_on = models.DateTimeField("reçue le", auto_now_add=True)
    signatory = models.CharField("certifié par", max_length=150, validators=[validate_one_line])
    job_title = models.CharField("fonction", max_length=150, blank=True, validators=[validate_one_line])
    no_hours = models.BooleanField("aucune heure ce mois-ci", default=False)
    comment = models.TextField("remarque", blank=True, max_length=1000, validators=[validate_plain_text])
    file_name = models.CharField("pièce jointe", max_length=150, blank=True, validators=[validate_one_line])
    content = models.BinaryField("contenu de la pièce jointe", null=True, blank=True)
    digest_column = ""
    objects = MonthlyDeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = "déclaration mensuelle"
        verbose_name_plural = "déclarations mensuelles"
        ordering = ["-month", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="declaration_of_a_month",
                condition=Q(month__day=1),
                violation_error_message="Une déclaration porte sur un mois entier.",
            )
        ]
        indexes = [models.Index(fields=["company", "month"], name="declaration_by_month")]

    def __str__(self):
        return f"{self.company}, {self.month:%m/%Y}"


class DeclarationLineQuerySet(ScopedQuerySet):
    territory_path = "territory"
    view_permission = Permission.VIEW_HOURS

    def to_check(self):
        """Lines the facilitator has not accepted, corrected nor refused."""
        return self.filter(state=DeclarationState.SENT)


class DeclarationLine(models.Model):
    """The hours a company declared for one of its people. They enter the grid when the facilitator says so."""

    declaration = models.ForeignKey(
        MonthlyDeclaration, on_delete=models.PROTECT, related_name="lines", verbose_name="déclaration"
    )
    contract = models.ForeignKey(
        EmploymentContract, on_delete=models.PROTECT, related_name="declared_lines", verbose_name="contrat"
    )
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", verbose_name="territoire")
    nature = models.CharField("nature", max_length=10, choices=HoursNature, default=HoursNature.WORKED)
    hours = models.DecimalField("heures déclarées", max_digits=6, decimal_places=2)
    note = models.CharField("précision", max_length=200, blank=True, validators=[validate_one_line])
    state = models.CharField("suite", max_length=10, choices=DeclarationState, default=DeclarationState.SENT)
    kept_hours = models.DecimalField("heures retenues", max_digits=6, decimal_places=2, null=True, blank=True)
    answer = models.CharField("motif", max_length=300, blank=True, validators=[validate_one_line])
    checked_at = moment_field("vérifiée le")
    checked_by = author_field("vérifiée par")
    objects = DeclarationLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne déclarée"
        verbose_name_plural = "lignes déclarées"
        ordering = ["declaration", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "contract", "nature"],
                name="line_once",
                violation_error_message="Cette personne figure déjà dans la déclaration.",
            ),
            models.CheckConstraint(
                name="line_hours_credible",
                condition=Q(hours__gte=0, hours__lte=300),
                violation_error_message="Les heures d’un mois sont comprises entre 0 et 300.",
            ),
            both_or_none("declarationline", "checked"),
            models.CheckConstraint(
                name="line_checked_whole",
                condition=Q(
                    state__in=[DeclarationState.SENT, DeclarationState.REPLACED],
                    checked_at__isnull=True,
                    kept_hours__isnull=True,
                )
                | Q(state=DeclarationState.ACCEPTED, checked_at__isnull=False, kept_hours__isnull=False)
                | (
                    Q(state=DeclarationState.CORRECTED, checked_at__isnull=False, kept_hours__isnull=False)
                    & ~Q(answer="")
                )
                | (
                    Q(state=DeclarationState.REFUSED, checked_at__isnull=False, kept_hours__isnull=True) & ~Q(answer="")
                ),
                violation_error_message="Une ligne corrigée ou refusée porte son motif.",
            ),
        ]
        indexes = [
            models.Index(fields=["territory"], condition=Q(state="sent"), name="line_to_check"),
        ]

    def __str__(self):
        return f"{self.contract} : {self.hours} h"


class HoursImportQuerySet(JobQuerySet, ScopedQuerySet):
    territory_path = "territory"
    view_permission = Permission.ENTER_HOURS


class HoursImport(Deposited, Job):
    """A statement of a lender or a company, tried first, its lines allotted to contracts, then recorded."""

    task = "participants.tasks.import_hours"

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="hours_imports", verbose_name="territoire"
    )
    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="hours_imports", verbose_name="entreprise qui déclare"
    )
    file_name = models.CharField("nom du fichier", max_length=150, validators=[validate_one_line])
    content = models.BinaryField("contenu")
    sha256 = models.CharField("empreinte SHA-256", max_length=64)
    mapping = models.JSONField("correspondance des colonnes", default=dict)
    dry_run = models.BooleanField("essai à blanc", default=True)
    recorded_on = models.DateTimeField("enregistré le", null=True, blank=True)
    report = models.JSONField("compte rendu", null=True, blank=True)
    objects = HoursImportQuerySet.as_manager()

    class Meta:
        verbose_name = "import d’heures"
        verbose_name_plural = "imports d’heures"
        ordering = ["-pk"]
        constraints = [
            both_or_none("hoursimport", "asked"),
            models.UniqueConstraint(
                fields=["territory", "sha256"],
                condition=Q(recorded_on__isnull=False),
                name="hours_file_once",
                violation_error_message="Ce fichier a déjà été importé.",
            ),
        ]

    def __str__(self):
        return f"Heures {self.file_name}"


class ImportedLineQuerySet(ScopedQuerySet):
    territory_path = "source__territory"
    view_permission = Permission.ENTER_HOURS


class ImportedLine(models.Model):
    """A line of a statement: what was read, the contract it goes to, what became of it."""

    source = models.ForeignKey(HoursImport, on_delete=models.PROTECT, related_name="lines", verbose_name="import")
    row = models.PositiveIntegerField("ligne du fichier")
    person = models.CharField("personne lue", max_length=200, blank=True, validators=[validate_one_line])
    month = models.DateField("mois", null=True, blank=True)
    hours = models.DecimalField("heures", max_digits=6, decimal_places=2, null=True, blank=True)
    reference = models.CharField("marché ou chantier lu", max_length=200, blank=True, validators=[validate_one_line])
    contract = models.ForeignKey(
        EmploymentContract,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="imported_lines",
        verbose_name="contrat",
    )
    participant = models.ForeignKey(
        Participant, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="personne reconnue"
    )
    outcome = models.CharField("résultat", max_length=12, choices=ImportOutcome)
    message = models.CharField("explication", max_length=400, blank=True)
    objects = ImportedLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne importée"
        verbose_name_plural = "lignes importées"
        ordering = ["source", "row", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "row", "contract"],
                name="imported_line_once",
                nulls_distinct=False,
                violation_error_message="Cette ligne est déjà répartie sur ce contrat.",
            )
        ]

    def __str__(self):
        return f"Ligne {self.row}"


class StatementMapping(models.Model):
    """Which column is what in the statements of a company, remembered by their headers."""

    company = models.ForeignKey(
        Company, on_delete=models.PROTECT, related_name="statement_mappings", verbose_name="entreprise"
    )
    signature = models.CharField("en-têtes", max_length=64)
    mapping = models.JSONField("correspondance des colonnes")
    objects = OfCompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "correspondance d’un relevé"
        verbose_name_plural = "correspondances de relevés"
        constraints = [
            models.UniqueConstraint(
                fields=["company", "signature"],
                name="statement_mapping_once",
                violation_error_message="Ces colonnes sont déjà connues.",
            )
        ]

    def __str__(self):
        return f"Colonnes de {self.company}"
