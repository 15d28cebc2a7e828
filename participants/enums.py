from django.db import models


class Sex(models.TextChoices):
    FEMALE = "female", "Femme"
    MALE = "male", "Homme"


class EducationLevel(models.TextChoices):
    """Levels of the national framework (décret 2019-14; domain.md §5.1), at entry."""

    NONE = "0", "Sans diplôme"
    LEVEL_1 = "1", "Niveau 1 (savoirs de base)"
    LEVEL_2 = "2", "Niveau 2 (brevet, CFG)"
    LEVEL_3 = "3", "Niveau 3 (CAP, BEP)"
    LEVEL_4 = "4", "Niveau 4 (baccalauréat)"
    LEVEL_5 = "5", "Niveau 5 (BTS, DUT)"
    LEVEL_6 = "6", "Niveau 6 (licence)"
    LEVEL_7 = "7", "Niveau 7 (master)"
    LEVEL_8 = "8", "Niveau 8 (doctorat)"
    UNKNOWN = "nc", "Non reconnu ou non communiqué"


class ValidationState(models.TextChoices):
    PROPOSED = "proposed", "À valider"
    GRANTED = "granted", "Validée"
    REFUSED = "refused", "Refusée"
    REVOKED = "revoked", "Révoquée"


class Modality(models.TextChoices):
    """How the hours are made (domain.md §5.4)."""

    DIRECT = "1", "Embauche directe"
    SECONDMENT = "2", "Mise à disposition de personnel"
    SUBCONTRACT = "3", "Sous-traitance ou cotraitance"


class ContractType(models.TextChoices):
    CDI = "cdi", "CDI"
    CDD = "cdd", "CDD"
    CDDI = "cddi", "CDD d’insertion"
    TEMPORARY = "temporary", "Contrat de mission (intérim)"
    PERMANENT_TEMP = "cdii", "CDI intérimaire"
    SITE = "site", "CDI de chantier ou d’opération"
    APPRENTICESHIP = "apprenticeship", "Contrat d’apprentissage"
    PROFESSIONALISATION = "professionalisation", "Contrat de professionnalisation"
    OTHER = "other", "Autre"


class EndReason(models.TextChoices):
    TERM = "term", "Fin du contrat"
    TRIAL = "trial", "Fin de période d’essai"
    EMPLOYER = "employer", "Rupture par l’employeur"
    EMPLOYEE = "employee", "Rupture par le salarié"
    AGREED = "agreed", "Rupture d’un commun accord"
    HIRED = "hired", "Embauche durable"
    OTHER = "other", "Autre motif"


class RejectionReason(models.TextChoices):
    """Why declared hours are not counted (domain.md §4.6, invariant 10)."""

    NOT_VALIDATED = "not_validated", "Non validé"
    OUTSIDE_MARKET = "outside_market", "Hors marché"
    DUPLICATE = "duplicate", "Doublon"
    NO_EVIDENCE = "no_evidence", "Justificatif manquant"
    NOT_WORKED = "not_worked", "Absence non travaillée"
    CEILING = "ceiling", "Plafond dépassé"


class HoursSource(models.TextChoices):
    GRID = "grid", "Grille de saisie"
    IMPORT = "import", "Import"
    API = "api", "Échange par clé d’accès"


class PrescriberKind(models.TextChoices):
    """Who sent the person (domain.md §5.6). Some kinds are revealing: masked outwards."""

    FRANCE_TRAVAIL = "france_travail", "France Travail"
    MISSION_LOCALE = "mission_locale", "Mission locale"
    CAP_EMPLOI = "cap_emploi", "Cap emploi"
    PLIE = "plie", "PLIE"
    DEPARTMENT = "department", "Maison de la solidarité"
    CCAS = "ccas", "CCAS"
    SIAE = "siae", "Structure d’insertion"
    COMPANY = "company", "Entreprise"
    SPONTANEOUS = "spontaneous", "Candidature spontanée"
    OTHER = "other", "Autre"
