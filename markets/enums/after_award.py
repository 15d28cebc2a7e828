from django.db import models


class AwardRole(models.TextChoices):
    HOLDER = "holder", "Titulaire"
    LEAD = "lead", "Mandataire"
    MEMBER = "member", "Cotraitant"
    SUBCONTRACTOR = "subcontractor", "Sous-traitant"


class GroupingKind(models.TextChoices):
    """Labels of the DECP lists (domain.md §5.9)."""

    JOINT = "joint", "Conjoint"
    SEVERAL = "several", "Solidaire"


class AwardEnd(models.TextChoices):
    """Why a company leaves a lot before its end (domain.md §12, n° 5 and 44)."""

    ASSIGNMENT = "assignment", "Cession du marché"
    LIQUIDATION = "liquidation", "Liquidation judiciaire"
    TERMINATION = "termination", "Résiliation"
    WITHDRAWAL = "withdrawal", "Retrait du sous-traitant"


class ObjectiveKind(models.TextChoices):
    INITIAL = "initial", "Heures du marché"
    OFFER = "offer", "Heures offertes en plus"
    AMENDMENT = "amendment", "Avenant"
    OPTION = "option", "Option ou tranche affermie"
    RENEWAL = "renewal", "Reconduction"
    ORDER = "order", "Bon de commande"
    TRANSFER_IN = "transfer_in", "Transfert reçu"
    TRANSFER_OUT = "transfer_out", "Transfert cédé"
    NEUTRALISED = "neutralised", "Heures neutralisées"
    OPENING = "opening", "Reprise d’antériorité"


class CompanySize(models.TextChoices):
    UNKNOWN = "unknown", "Non renseignée"
    SMALL = "small", "PME"
    MIDDLE = "middle", "ETI"
    LARGE = "large", "Grande entreprise"


class EmployerKind(models.TextChoices):
    """What an employer is (domain.md §5.3)."""

    COMPANY = "company", "Entreprise"
    TEMP_AGENCY = "ett", "Entreprise de travail temporaire (ETT)"
    EI = "ei", "Entreprise d’insertion (EI)"
    ETTI = "etti", "Entreprise de travail temporaire d’insertion (ETTI)"
    AI = "ai", "Association intermédiaire (AI)"
    ACI = "aci", "Atelier et chantier d’insertion (ACI)"
    GEIQ = "geiq", "GEIQ"
    REGIE = "regie", "Régie de quartier ou de territoire"
    EA = "ea", "Entreprise adaptée (EA)"
    EATT = "eatt", "Entreprise adaptée de travail temporaire (EATT)"
    ESAT = "esat", "ESAT"
    EBE = "ebe", "Entreprise à but d’emploi"
    PRISON = "prison", "Structure en établissement pénitentiaire"
    ASSOCIATION = "association", "Association"
    PUBLIC = "public", "Collectivité"


SIAE_KINDS = frozenset({EmployerKind.EI, EmployerKind.ETTI, EmployerKind.AI, EmployerKind.ACI})
LENDER_KINDS = frozenset(
    {EmployerKind.ETTI, EmployerKind.AI, EmployerKind.GEIQ, EmployerKind.EATT, EmployerKind.TEMP_AGENCY}
)


class DirectoryState(models.TextChoices):
    """What the public directory of companies says of a SIRET."""

    UNCHECKED = "unchecked", "Non vérifié"
    CONFIRMED = "confirmed", "Vérifié"
    UNKNOWN = "unknown", "Inconnu de l’annuaire"
    CLOSED = "closed", "Établissement fermé"


class Insolvency(models.TextChoices):
    SAFEGUARD = "safeguard", "Sauvegarde"
    RECEIVERSHIP = "receivership", "Redressement judiciaire"
    LIQUIDATION = "liquidation", "Liquidation judiciaire"


class ContactRole(models.TextChoices):
    """Whom one speaks to in a company (domain.md §1.3)."""

    INSERTION = "insertion", "Correspondant insertion"
    SITE = "site", "Conducteur de travaux"
    HR = "hr", "Ressources humaines"
    PAYROLL = "payroll", "Paie"
    SALES = "sales", "Commercial"
    DIRECTOR = "director", "Direction"


class MeetingKind(models.TextChoices):
    FIRST_SITE = "first_site", "Première réunion de chantier"
    FOLLOW_UP = "follow_up", "Réunion de suivi"
    PARTNERS = "partners", "Cellule opérationnelle"


class MeetingState(models.TextChoices):
    PLANNED = "planned", "Prévue"
    HELD = "held", "Tenue"
    CANCELLED = "cancelled", "Annulée"


class GuestKind(models.TextChoices):
    """Who sits at a meeting (domain.md §9.5)."""

    BUYER = "buyer", "Maître d’ouvrage"
    SITE_MANAGER = "site_manager", "Maître d’œuvre"
    FACILITATOR = "facilitator", "Facilitateur"
    COMPANY = "company", "Entreprise"
    SAFETY = "safety", "Coordonnateur SPS"
    PARTNER = "partner", "Partenaire de l’emploi"


class Attendance(models.TextChoices):
    UNKNOWN = "unknown", "À pointer"
    PRESENT = "present", "Présent"
    EXCUSED = "excused", "Excusé"
    ABSENT = "absent", "Absent"


class AlertCategory(models.TextChoices):
    """Events the facilitator reports to the maître d’ouvrage (C18; domain.md §5.10)."""

    NO_JOB_SHEET = "A01", "Aucune fiche de poste 30 jours après notification"
    NO_FIRST_HIRE = "A02", "Premier recrutement non lancé"
    MISSING_HOURS = "A03", "Relevé d’heures manquant"
    LATE = "A04", "Retard d’exécution"
    UNREACHABLE = "A05", "Entreprise injoignable"
    NOT_VALIDATED = "A06", "Embauche non validée"
    MISSING_EVIDENCE = "A07", "Justificatif manquant ou périmé"
    ELIGIBILITY_ENDING = "A08", "Éligibilité bientôt échue"
    EARLY_END = "A09", "Rupture anticipée de contrat"
    CONFLICT = "A10", "Accident, conflit ou discrimination"
    UNDECLARED_SUBCONTRACTOR = "A11", "Sous-traitant non déclaré"
    AMENDMENT = "A12", "Avenant, modification de durée ou de montant"
    SUSPENDED_SITE = "A13", "Chantier suspendu ou ajourné"
    LIQUIDATION = "A14", "Défaillance du titulaire"
    OBJECTIVE_AT_RISK = "A15", "Objectif menacé aux trois quarts du délai"
    OBJECTIVE_MET = "A16", "Objectif atteint"
    NO_CANDIDATE = "A17", "Difficulté de recrutement"
    ECONOMIC_TROUBLE = "A18", "Difficultés économiques du titulaire"
    POOLING_ASKED = "A19", "Demande de globalisation"
    REPEATED_REFUSALS = "A20", "Refus répété de candidats"
    LEGAL_CEILING = "A21", "Dépassement de la durée légale du travail"
    DUPLICATE_PERSON = "A22", "Doublon de personne"
    NO_CLOSING_REPORT = "A23", "Fin de marché sans bilan"
    CONVENTION_ENDING = "A24", "Convention bientôt échue"
    LOGO_MISSING = "A25", "Logo ou mention de financement manquant"
    UNUSUAL_ACCESS = "A26", "Accès nominatif inhabituel"
    OTHER = "A00", "Autre événement"


class AlertSeverity(models.TextChoices):
    INFO = "info", "Information"
    WATCH = "watch", "Vigilance"
    CRITICAL = "critical", "Critique"


class PenaltyBasis(models.TextChoices):
    FIXED = "fixed", "Forfait par manquement"
    PER_DAY = "per_day", "Par jour de retard"
    PER_HOUR = "per_hour", "Par heure non réalisée"
    CEILING_MULTIPLE = "ceiling_multiple", "Multiple du plafond horaire de la sécurité sociale"
    WAGE_MULTIPLE = "wage_multiple", "Multiple du SMIC horaire brut"


class HourlyRateCode(models.TextChoices):
    """Legal hourly values, dated (domain.md §10.2)."""

    CEILING = "ceiling", "Plafond horaire de la sécurité sociale"
    WAGE = "wage", "SMIC horaire brut"


class PenaltyState(models.TextChoices):
    """Life of a penalty (domain.md §10.2): facilitators propose, the référent juridique decides (C23)."""

    FOUND = "found", "Constat"
    NOTICE_SENT = "notice_sent", "Mise en demeure"
    OBSERVED = "observed", "Observations du titulaire"
    DECIDED = "decided", "Décidée"
    DROPPED = "dropped", "Abandonnée"


class PenaltyOutcome(models.TextChoices):
    APPLIED = "applied", "Appliquée"
    REDUCED = "reduced", "Réduite"
    WAIVED = "waived", "Exonérée"


class LinkPurpose(models.TextChoices):
    """What a company may do with the link it received: one thing only."""

    HOURS = "hours", "Déclarer les heures d’un mois"
    JOB_POSTING = "job_posting", "Déposer une fiche de poste"
    ANSWER_REFERRAL = "answer_referral", "Répondre à une proposition de candidats"
