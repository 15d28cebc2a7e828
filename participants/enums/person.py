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


class EntrySituation(models.TextChoices):
    """Where the person stood on the labour market when she came in (domain.md §7, §12 n° 39)."""

    SEEKING_SHORT = "seeking_short", "En recherche d’emploi depuis moins de 12 mois"
    SEEKING_LONG = "seeking_long", "En recherche d’emploi depuis 12 à 24 mois"
    SEEKING_VERY_LONG = "seeking_very_long", "En recherche d’emploi depuis plus de 24 mois"
    INSERTION = "insertion", "Salariée d’une structure d’insertion ou adaptée"
    EMPLOYED = "employed", "En emploi"
    TRAINING = "training", "En formation ou scolarisée"
    INACTIVE = "inactive", "Sans activité, non inscrite"
    UNKNOWN = "unknown", "Non renseignée"


class InformationMeans(models.TextChoices):
    """How the person was told what becomes of her data (domain.md §8)."""

    PAPER = "paper", "Notice remise sur papier"
    MAIL = "mail", "Notice envoyée par courriel"
    SPOKEN = "spoken", "Information donnée oralement"


class FseAnswer(models.TextChoices):
    """An answer of the FSE+ questionnaire: refusing to answer is one (regulation 2021/1057, annex I)."""

    NOT_ASKED = "unasked", "Non demandé"
    YES = "yes", "Oui"
    NO = "no", "Non"
    REFUSED = "refused", "Ne souhaite pas répondre"


class PrescriberKind(models.TextChoices):
    """Who sent the person (domain.md §5.6). Some kinds are revealing: masked outwards."""

    FRANCE_TRAVAIL = "france_travail", "France Travail"
    MISSION_LOCALE = "mission_locale", "Mission locale"
    CAP_EMPLOI = "cap_emploi", "Cap emploi"
    PLIE = "plie", "PLIE"
    DEPARTMENT = "department", "Maison de la solidarité"
    RSA_PLACE = "rsa_place", "Lieu d’accueil RSA ou pôle d’insertion"
    DELEGATE = "delegate", "Organisme délégataire du Département"
    CCAS = "ccas", "CCAS"
    CAF = "caf", "CAF"
    MSA = "msa", "MSA"
    AFPA = "afpa", "AFPA"
    E2C = "e2c", "École de la deuxième chance"
    EPIDE = "epide", "EPIDE"
    CHRS = "chrs", "CHRS"
    CADA = "cada", "CADA, HUDA ou CPH"
    ASE = "ase", "Aide sociale à l’enfance"
    CAARUD = "caarud", "CAARUD"
    CIDFF = "cidff", "CIDFF"
    CSAPA = "csapa", "CSAPA"
    PENSION = "pension", "Pension de famille"
    PJJ = "pjj", "Protection judiciaire de la jeunesse"
    PREVENTION = "prevention", "Club de prévention"
    SPIP = "spip", "SPIP"
    SIAE = "siae", "Structure d’insertion"
    COMPANY = "company", "Entreprise"
    FACILITATOR = "facilitator", "Facilitateur"
    SPONTANEOUS = "spontaneous", "Candidature spontanée"
    OTHER = "other", "Autre"


# Their name tells of a person’s health, family or justice: « Autre » in anything that goes out (domain.md §5.6).
SENSITIVE_PRESCRIBERS = frozenset(
    {
        PrescriberKind.ASE,
        PrescriberKind.CAARUD,
        PrescriberKind.CIDFF,
        PrescriberKind.CSAPA,
        PrescriberKind.PENSION,
        PrescriberKind.PJJ,
        PrescriberKind.PREVENTION,
        PrescriberKind.SPIP,
    }
)


def outward_prescriber(kind):
    """The kind of prescriber that may leave the portal: a sensitive one becomes « Autre »."""
    return PrescriberKind.OTHER if kind in SENSITIVE_PRESCRIBERS else PrescriberKind(kind)


class ValidationState(models.TextChoices):
    PROPOSED = "proposed", "À valider"
    INCOMPLETE = "incomplete", "Pièces incomplètes"
    GRANTED = "granted", "Validée"
    REFUSED = "refused", "Refusée"
    REVOKED = "revoked", "Révoquée"


class CategoryRequirement(models.TextChoices):
    """What a category asks of a request (domain.md §4.1, §4.2)."""

    EVIDENCE = "evidence", "Un justificatif"
    OPINION = "opinion", "L’avis motivé d’un prescripteur"
    STRUCTURE = "structure", "Un PASS IAE ou l’attestation de la structure"


class ExtensionReason(models.TextChoices):
    """Why a person stays eligible beyond 24 months (domain.md §4.3)."""

    TRAINING = "training", "Parcours qualifiant en cours"
    APPRENTICE = "apprentice", "Fin du contrat d’alternance"
    DISABILITY = "disability", "Travailleur handicapé"
    SENIOR = "senior", "Senior"
    OTHER = "other", "Autre motif"
