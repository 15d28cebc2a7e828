from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from simple_history.models import HistoricalRecords

from clauses_portal.core.constraints import both_or_none
from clauses_portal.core.fields import author_field, moment_field
from clauses_portal.core.text import search_key
from clauses_portal.core.validators import validate_one_line
from facilitators.enums import Permission
from facilitators.models import Commune, Territory
from facilitators.permissions import ScopedQuerySet
from markets.models import RomeCode
from participants.enums import EducationLevel, EntrySituation, InformationMeans, PrescriberKind, Sex

# What an anonymised file no longer says.
NAMING = ("first_name", "birth_name", "address", "phone", "email", "france_travail_id", "search_name")


class ParticipantQuerySet(ScopedQuerySet):
    territory_path = "territory"
    view_permission = Permission.VIEW_PERSONS

    def actionable_by(self, user, permission):
        """As everywhere; a file in intermediate archive is for who decides of its conservation alone (domain.md §8)."""
        rows = super().actionable_by(user, permission)
        return rows if permission == Permission.DECIDE_DATA_REQUESTS else rows.filter(archived_on__isnull=True)

    def current(self):
        """Persons followed today: neither the trace of a merge, nor archived, nor anonymised."""
        return self.filter(merged_into__isnull=True, archived_on__isnull=True, anonymised_on__isnull=True)

    def available(self, day):
        """Persons who look for a post on `day`: not those who object to it, nor whose data may only be kept."""
        looking = self.current().filter(available_from__isnull=False, available_from__lte=day)
        return looking.filter(opposed_on__isnull=True, limited_on__isnull=True)

    def validated_on(self, day):
        """Persons whose hours of `day` would count."""
        granted = self.model._meta.get_field("validations").related_model.objects.granted()
        granted = granted.filter(participant=OuterRef("pk"), starts_on__lte=day, ends_on__gte=day)
        return self.filter(Exists(granted))

    def search(self, text):
        """Persons whose names hold every word of `text`, accents and order set aside."""
        found = self
        for word in search_key(text).split():
            found = found.filter(search_name__contains=word)
        return found


class Participant(models.Model):
    """A person far from employment. No NIR, no health text: what the clause needs, and no more (domain.md §8)."""

    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="participants", verbose_name="territoire"
    )
    first_name = models.CharField("prénom", max_length=80, validators=[validate_one_line])
    last_name = models.CharField("nom", max_length=80, validators=[validate_one_line])
    birth_name = models.CharField("nom de naissance", max_length=80, blank=True, validators=[validate_one_line])
    birth_date = models.DateField("date de naissance")
    sex = models.CharField("sexe", max_length=6, choices=Sex)
    commune = models.ForeignKey(
        Commune, on_delete=models.PROTECT, related_name="+", verbose_name="commune de résidence"
    )
    address = models.CharField("adresse", max_length=250, blank=True, validators=[validate_one_line])
    lives_in_qpv = models.BooleanField("réside en quartier prioritaire", null=True, blank=True)
    receives_rsa = models.BooleanField("bénéficiaire du RSA à l’entrée", null=True, blank=True)
    education_level = models.CharField(
        "niveau de formation à l’entrée", max_length=2, choices=EducationLevel, default=EducationLevel.UNKNOWN
    )
    prescriber = models.CharField("prescripteur", max_length=20, choices=PrescriberKind, default=PrescriberKind.OTHER)
    prescriber_name = models.CharField(
        "structure et interlocuteur", max_length=200, blank=True, validators=[validate_one_line]
    )
    phone = models.CharField("téléphone", max_length=20, blank=True, validators=[validate_one_line])
    email = models.EmailField("adresse électronique", blank=True)
    entered_on = models.DateField("entrée dans le dispositif le", null=True, blank=True)
    entry_situation = models.CharField(
        "situation à l’entrée", max_length=20, choices=EntrySituation, default=EntrySituation.UNKNOWN
    )
    qpv_code = models.CharField("code du quartier prioritaire", max_length=8, blank=True)
    france_travail_id = models.CharField("identifiant France Travail", max_length=11, blank=True)
    follows_plie = models.BooleanField("participe au PLIE", null=True, blank=True)
    has_licence = models.BooleanField("permis de conduire", null=True, blank=True)
    has_vehicle = models.BooleanField("véhicule", null=True, blank=True)
    skills = models.CharField(
        "habilitations et expérience utiles au poste", max_length=300, blank=True, validators=[validate_one_line]
    )
    wanted_jobs = models.ManyToManyField(
        RomeCode, blank=True, related_name="candidates", verbose_name="métiers recherchés (ROME)"
    )
    available_from = models.DateField("disponible à partir du", null=True, blank=True)
    informed_at = moment_field("notice d’information enregistrée le")
    informed_by = author_field("notice d’information enregistrée par")
    informed_how = models.CharField("information de la personne", max_length=10, choices=InformationMeans, blank=True)
    match_keys = ArrayField(
        models.CharField(max_length=80), verbose_name="clés de rapprochement", default=list, editable=False
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_files",
        editable=False,
        verbose_name="fiche réunie à",
    )
    merged_at = moment_field("réunie le", editable=False)
    merged_by = author_field("réunie par", editable=False)
    opposed_on = models.DateField("opposition enregistrée le", null=True, blank=True, editable=False)
    limited_on = models.DateField("traitement limité depuis le", null=True, blank=True, editable=False)
    archived_on = models.DateField("archivée le", null=True, blank=True, editable=False)
    anonymised_on = models.DateField("anonymisée le", null=True, blank=True, editable=False)
    search_name = models.CharField("nom pour la recherche", max_length=250, editable=False)
    history = HistoricalRecords(excluded_fields=["search_name", "match_keys"])
    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = "personne"
        ordering = ["last_name", "first_name"]
        constraints = [
            models.UniqueConstraint(
                F("territory"),
                F("search_name"),
                F("birth_date"),
                name="participant_once_in_territory",
                condition=Q(merged_into__isnull=True, anonymised_on__isnull=True),
                violation_error_message="Une personne de ce nom et de cette date de naissance est déjà suivie ici.",
            ),
            models.CheckConstraint(
                name="participant_birth_credible",
                condition=Q(birth_date__gte="1920-01-01"),
                violation_error_message="Cette date de naissance n’est pas crédible.",
            ),
            models.CheckConstraint(
                name="participant_qpv_code_format",
                condition=Q(qpv_code="") | Q(qpv_code__regex=r"^Q[NP][0-9]{5}[0-9A-Z]$"),
                violation_error_message="Un code de quartier prioritaire s’écrit QN ou QP, puis six caractères.",
            ),
            models.CheckConstraint(
                name="participant_qpv_code_with_residence",
                condition=Q(qpv_code="") | Q(lives_in_qpv=True),
                violation_error_message="Un code de quartier suppose que la personne y réside.",
            ),
            models.CheckConstraint(
                name="participant_france_travail_format",
                condition=Q(france_travail_id="") | Q(france_travail_id__regex=r"^([0-9]{7}[0-9A-Z]|[0-9]{11})$"),
                violation_error_message="Un identifiant France Travail compte 8 ou 11 caractères.",
            ),
            models.CheckConstraint(
                name="participant_informed_somehow",
                condition=Q(informed_at__isnull=True, informed_how="")
                | (Q(informed_at__isnull=False) & ~Q(informed_how="")),
                violation_error_message="Indiquez comment la personne a été informée.",
            ),
            both_or_none("participant", "informed"),
            both_or_none("participant", "merged"),
            models.CheckConstraint(
                name="participant_merged_whole",
                condition=Q(merged_into__isnull=True, merged_at__isnull=True)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
                violation_error_message="Une fiche réunie porte la date de la réunion.",
            ),
            models.CheckConstraint(
                name="participant_anonymised_whole",
                condition=Q(anonymised_on__isnull=True)
                | Q(**dict.fromkeys(NAMING, ""), birth_date__month=1, birth_date__day=1),
                violation_error_message="Une fiche anonymisée ne dit plus qui est la personne.",
            ),
            models.CheckConstraint(
                name="participant_merged_into_another",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                violation_error_message="Une fiche se réunit à une autre.",
            ),
        ]
        indexes = [
            # serves the search by name, accents removed
            GinIndex(OpClass(F("search_name"), name="gin_trgm_ops"), name="participant_search"),
            # serves the search for duplicates, across territories
            GinIndex(fields=["match_keys"], name="participant_match"),
            # serves « personnes disponibles »
            models.Index(fields=["territory", "available_from"], name="participant_available"),
        ]

    def __str__(self):
        return f"{self.last_name} {self.first_name}".strip()
