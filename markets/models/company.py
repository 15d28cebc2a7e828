"""Companies and the people one speaks to there. A company has no account (design.md §3)."""

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.validators import validate_one_line, validate_siret
from facilitators.models import Commune
from facilitators.permissions import ScopedQuerySet, scope_of
from markets.enums import CompanySize, ContactRole, DirectoryState, EmployerKind, Insolvency

# One contact leaves, is ill or does not answer: a second one is asked for (domain.md §1.3).
ENOUGH_CONTACTS = 2


def of_followed_companies(rows, user, permission, company):
    """`rows` whose `company` (an expression) holds, employs or hosts on a lot where this account may do that.

    All of them for who may everywhere: a company that is on no lot yet has nobody else.
    """
    if permission in scope_of(user).everywhere:
        return rows
    present = Q()
    for relation, ways in (("awards", ("company",)), ("contracts", ("employer", "host"))):
        followed = Company._meta.get_field(relation).related_model._default_manager.actionable_by(user, permission)
        for way in ways:
            present |= Q(Exists(followed.filter(**{way: OuterRef(company)})))
    return rows.filter(present)


class CompanyQuerySet(ScopedQuerySet):
    """Companies: for those who follow one of their lots, or the people they employ there."""

    territory_path = "awards__lot__territory"
    directorate_path = "awards__lot__market__operation__directorate"

    def actionable_by(self, user, permission):
        return of_followed_companies(self, user, permission, "pk")

    def to_check(self):
        """Companies the public directory has not been asked about, or could not tell yet."""
        return self.filter(directory_state=DirectoryState.UNCHECKED)

    def matching(self, text):
        """Companies of this SIRET or SIREN, spaces left aside, or whose name holds the text, without accents."""
        digits = "".join(text.split())
        by_name = Q(name__unaccent__icontains=text.strip())
        return self.filter(by_name | Q(siret__startswith=digits) if digits.isdecimal() else by_name)

    def with_live_contacts(self):
        """Annotate `live_contacts`: how many people one may still speak to there."""
        live = CompanyContact.objects.live().filter(company=OuterRef("pk")).order_by().values("company")
        number = live.annotate(number=Count("pk")).values("number")
        return self.annotate(live_contacts=Coalesce(Subquery(number), 0))

    def lacking_contacts(self):
        """Companies where one has fewer than two people to speak to (domain.md §1.3)."""
        return self.with_live_contacts().filter(live_contacts__lt=ENOUGH_CONTACTS)

    def with_bounced_contact(self):
        """Companies where the address of somebody who is still there refuses mail."""
        bounced = CompanyContact.objects.live().filter(company=OuterRef("pk"), bounced_on__isnull=False)
        return self.filter(Exists(bounced))


class Company(models.Model):
    """A firm that holds, shares or subcontracts a market, lends people or employs them. It has no account."""

    siret = models.CharField(
        "SIRET",
        max_length=14,
        unique=True,
        validators=[validate_siret],
        error_messages={"unique": "Cette entreprise est déjà connue."},
    )
    name = models.CharField("raison sociale", max_length=250, blank=True, validators=[validate_one_line])
    kind = models.CharField("nature", max_length=12, choices=EmployerKind, default=EmployerKind.COMPANY)
    size = models.CharField("taille", max_length=10, choices=CompanySize, default=CompanySize.UNKNOWN)
    is_siae = models.BooleanField("structure d’insertion (SIAE)", default=False)
    naf = models.CharField("code NAF", max_length=6, blank=True)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="commune"
    )
    verified_at = moment_field("vérifiée le")
    verified_by = author_field("vérifiée par")
    directory_state = models.CharField(
        "annuaire des entreprises", max_length=10, choices=DirectoryState, default=DirectoryState.UNCHECKED
    )
    directory_asked_on = models.DateTimeField("annuaire interrogé le", null=True, blank=True)
    insolvency = models.CharField("procédure collective", max_length=12, choices=Insolvency, blank=True)
    insolvency_on = models.DateField("jugement du", null=True, blank=True)
    history = HistoricalRecords()
    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "entreprise"
        ordering = ["name", "siret"]
        constraints = [
            models.CheckConstraint(
                name="company_siret_format",
                condition=Q(siret__regex=r"^[0-9]{14}$"),
                violation_error_message="Un SIRET compte 14 chiffres.",
            ),
            models.CheckConstraint(
                name="company_naf_format",
                condition=Q(naf="") | Q(naf__regex=r"^[0-9]{2}\.?[0-9]{2}[A-Z]$"),
                violation_error_message="Un code NAF s’écrit quatre chiffres et une lettre.",
            ),
            models.CheckConstraint(
                name="company_insolvency_dated",
                condition=Q(insolvency="", insolvency_on__isnull=True)
                | (~Q(insolvency="") & Q(insolvency_on__isnull=False)),
                violation_error_message="Une procédure collective porte la date de son jugement.",
            ),
            both_or_none("company", "verified"),
        ]
        indexes = [
            # serves the task that asks the public directory
            models.Index(fields=["id"], condition=Q(directory_state="unchecked"), name="company_to_check")
        ]

    def __str__(self):
        return self.name or f"SIRET {self.siret}"


class OfCompanyQuerySet(ScopedQuerySet):
    """Rows of a company: for those who may see the company."""

    territory_path = "company__awards__lot__territory"
    directorate_path = "company__awards__lot__market__operation__directorate"

    def actionable_by(self, user, permission):
        return of_followed_companies(self, user, permission, "company")


class CompanyContactQuerySet(OfCompanyQuerySet):
    def live(self):
        """People who are still there."""
        return self.filter(left_on__isnull=True)


class CompanyContact(models.Model):
    """Somebody to speak to in a company; « confirmé le » because contacts go stale (domain.md §1.3)."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="contacts", verbose_name="entreprise")
    role = models.CharField("rôle", max_length=10, choices=ContactRole)
    name = models.CharField("nom", max_length=150, validators=[validate_one_line])
    job_title = models.CharField("fonction", max_length=150, blank=True, validators=[validate_one_line])
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True, validators=[validate_one_line])
    receives_reminders = models.BooleanField("reçoit les demandes d’heures", default=False)
    confirmed_at = moment_field("confirmé le")
    confirmed_by = author_field("confirmé par")
    bounced_on = models.DateTimeField("adresse en échec depuis le", null=True, blank=True)
    left_on = models.DateField("n’est plus là depuis le", null=True, blank=True)
    history = HistoricalRecords()
    objects = CompanyContactQuerySet.as_manager()

    class Meta:
        verbose_name = "contact"
        ordering = ["company", "role", "name"]
        constraints = [
            both_or_none("companycontact", "confirmed"),
            models.CheckConstraint(
                name="contact_reachable",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message="Indiquez une adresse électronique ou un téléphone.",
            ),
            models.CheckConstraint(
                name="contact_reminders_by_mail",
                condition=Q(receives_reminders=False) | ~Q(email=""),
                violation_error_message="Pour recevoir les demandes d’heures, il faut une adresse électronique.",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.get_role_display().lower()})"
