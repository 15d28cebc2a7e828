from django.db import models


class PostingState(models.TextChoices):
    """Life of a job posting (domain.md §5.11)."""

    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publiée"
    FILLED = "filled", "Pourvue"
    CANCELLED = "cancelled", "Annulée"


class ReferralState(models.TextChoices):
    """A person proposed on a posting, and what came of it."""

    PROPOSED = "proposed", "Proposée"
    MEETING = "meeting", "Entretien prévu"
    HIRED = "hired", "Recrutée"
    REFUSED = "refused", "Refusée par l’entreprise"
    DECLINED = "declined", "Déclinée par la personne"
    WITHDRAWN = "withdrawn", "Retirée"


class RefusalReason(models.TextChoices):
    """Why a company refuses or a person declines: what fails feeds anticipation (domain.md §12 n° 47, 49)."""

    SKILLS = "skills", "Compétences insuffisantes pour le poste"
    LICENCE = "licence", "Permis, CACES, AIPR ou habilitation manquant"
    TRANSPORT = "transport", "Mobilité ou horaires incompatibles"
    LANGUAGE = "language", "Niveau de français insuffisant pour le poste"
    PAPERS = "papers", "Autorisation de travail ou carte BTP manquante"
    UNREACHABLE = "unreachable", "Injoignable ou absente à l’entretien"
    ALREADY_HIRED = "already_hired", "Poste déjà pourvu"
    OTHER_JOB = "other_job", "A trouvé un autre emploi"
    CONDITIONS = "conditions", "Conditions du poste refusées"
    OTHER = "other", "Autre motif"


class Modality(models.TextChoices):
    """How the hours are made (domain.md §5.4)."""

    DIRECT = "1", "Embauche directe"
    SECONDMENT = "2", "Mise à disposition de personnel"
    SUBCONTRACT = "3", "Sous-traitance ou cotraitance"


class ContractType(models.TextChoices):
    """Contract types (domain.md §5.2)."""

    CDI = "cdi", "CDI"
    CDI_INCLUSION = "cdi_inclusion", "CDI inclusion"
    SITE = "site", "CDI de chantier ou d’opération"
    PERMANENT_TEMP = "cdii", "CDI intérimaire"
    CDD = "cdd", "CDD"
    CDDU = "cddu", "CDD d’usage"
    CDDI = "cddi", "CDD d’insertion (CDDI)"
    CDD_TREMPLIN = "cdd_tremplin", "CDD Tremplin"
    TEMPORARY = "temporary", "Contrat de mission (intérim)"
    APPRENTICESHIP = "apprenticeship", "Contrat d’apprentissage"
    PROFESSIONALISATION = "professionalisation", "Contrat de professionnalisation"
    PEC = "pec", "Parcours emploi compétences"
    PRISON = "prison", "Contrat d’emploi pénitentiaire"
    ESAT = "esat", "Contrat de soutien et d’aide par le travail"
    PREHIRE_TRAINING = "prehire_training", "Formation avant embauche (POEI, AFPR)"
    OTHER = "other", "Autre"


LASTING_CONTRACTS = frozenset(
    {ContractType.CDI, ContractType.CDI_INCLUSION, ContractType.SITE, ContractType.PERMANENT_TEMP}
)
ALTERNANCE = frozenset({ContractType.APPRENTICESHIP, ContractType.PROFESSIONALISATION})


class EndReason(models.TextChoices):
    TERM = "term", "Fin du contrat"
    TRIAL = "trial", "Fin de période d’essai"
    EMPLOYER = "employer", "Rupture par l’employeur"
    EMPLOYEE = "employee", "Rupture par le salarié"
    AGREED = "agreed", "Rupture d’un commun accord"
    ABANDONED = "abandoned", "Abandon de poste"
    HIRED = "hired", "Embauche durable"
    OTHER = "other", "Autre motif"


EARLY_ENDS = frozenset(EndReason) - {EndReason.TERM, EndReason.HIRED}


class ExitHorizon(models.TextChoices):
    END = "end", "À la fin"
    THREE_MONTHS = "three_months", "À 3 mois"
    SIX_MONTHS = "six_months", "À 6 mois"


EXIT_MONTHS = {ExitHorizon.END: 0, ExitHorizon.THREE_MONTHS: 3, ExitHorizon.SIX_MONTHS: 6}


class ExitSituationKind(models.TextChoices):
    """Where the person is, at the end of her path on the market and later (domain.md §5.5)."""

    CDI_HOLDER = "cdi_holder", "CDI chez l’entreprise du marché"
    CDI_OTHER = "cdi_other", "CDI chez un autre employeur"
    CDD_LONG = "cdd_long", "CDD de 6 mois ou plus"
    TEMP_LONG = "temp_long", "Intérim de 6 mois ou plus, CDI intérimaire"
    BUSINESS = "business", "Création ou reprise d’entreprise"
    CIVIL_SERVICE = "civil_service", "Titularisation dans la fonction publique"
    CDD_SHORT = "cdd_short", "CDD de moins de 6 mois"
    TEMP_SHORT = "temp_short", "Intérim de moins de 6 mois"
    SUBSIDISED = "subsidised", "Contrat aidé hors structure d’insertion"
    TRAINING = "training", "Formation qualifiante ou préqualifiante"
    ALTERNANCE = "alternance", "Alternance"
    OTHER_SIAE = "other_siae", "Embauche dans une autre structure d’insertion"
    RETIRED = "retired", "Retraite"
    STUDIES = "studies", "Reprise d’études"
    STILL_WORKING = "still_working", "Toujours en contrat sur une clause"
    SEEKING = "seeking", "En recherche d’emploi"
    GAVE_UP = "gave_up", "Abandon ou rupture"
    MOVED = "moved", "Déménagement"
    LOST = "lost", "Perte de contact"
    NEUTRAL = "neutral", "Sortie neutralisée (congé, longue absence, décès)"
    UNKNOWN = "unknown", "Inconnue"


class ExitGroup(models.TextChoices):
    """Categories of the State’s dashboards (domain.md §5.5)."""

    LASTING = "lasting", "Emploi durable"
    TRANSITION = "transition", "Emploi de transition"
    POSITIVE = "positive", "Sortie positive"
    ON_PATH = "on_path", "En parcours"
    OTHER = "other", "Autre sortie"
    NEUTRAL = "neutral", "Sortie neutralisée"
    UNKNOWN = "unknown", "Inconnue"


K, G = ExitSituationKind, ExitGroup
EXIT_GROUPS = {
    **dict.fromkeys((K.CDI_HOLDER, K.CDI_OTHER, K.CDD_LONG, K.TEMP_LONG, K.BUSINESS, K.CIVIL_SERVICE), G.LASTING),
    **dict.fromkeys((K.CDD_SHORT, K.TEMP_SHORT, K.SUBSIDISED), G.TRANSITION),
    **dict.fromkeys((K.TRAINING, K.ALTERNANCE, K.OTHER_SIAE, K.RETIRED, K.STUDIES), G.POSITIVE),
    K.STILL_WORKING: G.ON_PATH,
    **dict.fromkeys((K.SEEKING, K.GAVE_UP, K.MOVED, K.LOST), G.OTHER),
    K.NEUTRAL: G.NEUTRAL,
    K.UNKNOWN: G.UNKNOWN,
}


class ExitSource(models.TextChoices):
    PERSON = "person", "La personne"
    EMPLOYER = "employer", "L’employeur"
    PRESCRIBER = "prescriber", "Le prescripteur"
    FRANCE_TRAVAIL = "france_travail", "France Travail"
    FACILITATOR = "facilitator", "Constat du facilitateur"
