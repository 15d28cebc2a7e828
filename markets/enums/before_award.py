from django.db import models


class MarketKind(models.TextChoices):
    WORKS = "works", "Travaux"
    SERVICES = "services", "Services"
    SUPPLIES = "supplies", "Fournitures"
    INTELLECTUAL = "intellectual", "Prestations intellectuelles"
    SOCIAL_SERVICES = "social_services", "Services sociaux et spécifiques"
    CONCESSION = "concession", "Concession"


class Procedure(models.TextChoices):
    """Labels of the DECP lists, which the buyer profiles use (domain.md §5.9)."""

    ADAPTED = "adapted", "Procédure adaptée"
    OPEN = "open", "Appel d'offres ouvert"
    RESTRICTED = "restricted", "Appel d'offres restreint"
    NEGOTIATED = "negotiated", "Procédure avec négociation"
    DIRECT = "direct", "Marché passé sans publicité ni mise en concurrence préalable"
    DIALOGUE = "dialogue", "Dialogue compétitif"


class Technique(models.TextChoices):
    NONE = "none", "Sans objet"
    FRAMEWORK = "framework", "Accord-cadre"
    CONTEST = "contest", "Concours"
    QUALIFICATION = "qualification", "Système de qualification"
    DYNAMIC = "dynamic", "Système d'acquisition dynamique"
    CATALOGUE = "catalogue", "Catalogue électronique"
    AUCTION = "auction", "Enchère électronique"


class ExecutionTerm(models.TextChoices):
    """How a market is carried out: labels of the DECP lists (domain.md §5.9)."""

    TRANCHES = "tranches", "Tranches"
    ORDERS = "orders", "Bons de commande"
    SUBSEQUENT = "subsequent", "Marchés subséquents"


class QualificationLevel(models.TextChoices):
    """What a lot asks of those who do the work (domain.md §2.6)."""

    LOW = "low", "Accessible sans qualification"
    MEDIUM = "medium", "Première qualification"
    HIGH = "high", "Qualification élevée"


class PhaseKind(models.TextChoices):
    """What a lot may add to its firm period; its hours are due once it is affirmed (domain.md §3.5)."""

    OPTION = "option", "Option (PSE)"
    TRANCHE = "tranche", "Tranche optionnelle"
    RENEWAL = "renewal", "Reconduction"


class DceKind(models.TextChoices):
    """Documents of the consultation a direction deposits (C6)."""

    CCTP = "cctp", "CCTP"
    CCAP = "ccap", "CCAP"
    RC = "rc", "Règlement de consultation"
    AE = "ae", "Acte d’engagement"
    DPGF = "dpgf", "DPGF ou bordereau de prix"
    PLAN = "plan", "Plan ou planning"
    STAFF = "staff", "Liste du personnel à reprendre"
    OTHER = "other", "Autre pièce"


class LotState(models.TextChoices):
    """Life of a lot, from the programme to its closing (domain.md §5.11)."""

    PROGRAMMED = "programmed", "Programmé"
    TO_REVIEW = "to_review", "À instruire"
    AWAITING_VISA = "awaiting_visa", "Visa juridique attendu"
    SET_ASIDE = "set_aside", "Sans clause"
    RETAINED = "retained", "Clause retenue"
    CALIBRATED = "calibrated", "Calibré"
    AWARDED = "awarded", "Attribué"
    RUNNING = "running", "En exécution"
    CLOSED = "closed", "Soldé"


class ClauseOutcome(models.TextChoices):
    CLAUSE = "clause", "Clause retenue"
    NO_CLAUSE = "no_clause", "Sans clause"


class LegalBasis(models.TextChoices):
    """What a clause can rest on in the Code de la commande publique (domain.md §2.1)."""

    EXECUTION = "execution", "Condition d’exécution (L. 2112-2)"
    CRITERION = "criterion", "Critère d’attribution (R. 2152-7)"
    EXECUTION_AND_CRITERION = "execution_and_criterion", "Condition d’exécution et critère"
    RESERVED_DISABILITY = "reserved_disability", "Réservé EA-ESAT (L. 2113-12)"
    RESERVED_INSERTION = "reserved_insertion", "Réservé SIAE (L. 2113-13)"
    RESERVED_BOTH = "reserved_both", "Réservé EA-ESAT et SIAE (L. 2113-14)"
    RESERVED_PRISON = "reserved_prison", "Réservé travail pénitentiaire (L. 2113-13-1)"
    RESERVED_ESS = "reserved_ess", "Réservé ESS, services sociaux (L. 2113-15)"
    QUALIFICATION = "qualification", "Marché de qualification et d’insertion (R. 2123-1)"

    @property
    def is_reserved(self):
        """Is the lot kept for structures that employ the people the law names?"""
        return self.value.startswith("reserved")


class ConsiderationNature(models.TextChoices):
    """What meets the duty of a social consideration: insertion hours, or something else (domain.md §2.2)."""

    HOURS = "hours", "Heures d’insertion"
    APPRENTICESHIP = "apprenticeship", "Apprentissage"
    TRAINING = "training", "Formation, clause sociale de formation"
    RESERVED = "reserved", "Marché ou lot réservé"
    EQUITY = "equity", "Commerce équitable ou conditions de travail"
    ACCESSIBILITY = "accessibility", "Accessibilité, égalité"


class CriterionKind(models.TextChoices):
    GATE = "gate", "Condition"
    WEIGHTED = "weighted", "Critère pondéré"


class Recommendation(models.TextChoices):
    """What the instruction of a lot leads to (domain.md §2.6)."""

    EXECUTION = "execution", "Clause d’exécution"
    EXECUTION_AND_CRITERION = "execution_and_criterion", "Clause et critère"
    CRITERION = "criterion", "Critère seul"
    RESERVED = "reserved", "Lot réservé"
    QUALIFICATION = "qualification", "Marché de qualification et d’insertion"
    TRAINING = "training", "Clause sociale de formation"
    NO_CLAUSE = "no_clause", "Sans clause, motivé"


class OpinionOutcome(models.TextChoices):
    FAVOURABLE = "favourable", "Favorable"
    RESERVED = "reserved", "Favorable avec réserves"
    UNFAVOURABLE = "unfavourable", "Défavorable"


class Adequacy(models.IntegerChoices):
    """How the trades of a lot suit the people of the territory (C2)."""

    NONE = 1, "Aucun public disponible"
    WEAK = 2, "Peu de publics, recrutement difficile"
    GOOD = 3, "Publics disponibles"
    STRONG = 4, "Publics nombreux et préparés"


class CalibrationPurpose(models.TextChoices):
    """What the hours of a calibration are for (domain.md §3.5)."""

    FIRM = "firm", "Période ferme"
    PHASE = "phase", "Option, tranche ou reconduction"
    ORDER = "order", "Bon de commande"
    AMENDMENT = "amendment", "Avenant"


class DocumentKind(models.TextChoices):
    """The four documents that carry a clause (C11)."""

    AAPC = "aapc", "Mention de l’avis (AAPC)"
    RC = "rc", "Article du règlement de consultation (RC)"
    CCAP = "ccap", "Article du CCAP"
    ANNEX = "annexe_ae", "Annexe insertion à l’acte d’engagement"


class SocialConsideration(models.TextChoices):
    """Values a buyer declares in the DECP (domain.md §11)."""

    CLAUSE = "clause", "Clause sociale"
    CRITERION = "criterion", "Critère social"
    RESERVED = "reserved", "Marché réservé"
    NONE = "none", "Pas de considération sociale"


class Source(models.TextChoices):
    MANUAL = "manual", "Saisie"
    DECP = "decp", "Données essentielles (DECP)"
