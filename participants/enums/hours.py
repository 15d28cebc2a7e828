from django.db import models


class HoursNature(models.TextChoices):
    """What the hours were (domain.md §4.4): training counts when the rule of the market says so."""

    WORKED = "worked", "Travail"
    TRAINING = "training", "Formation"


class RejectionReason(models.TextChoices):
    """Why declared hours are not counted (domain.md §4.6, invariant 10)."""

    NOT_VALIDATED = "not_validated", "Non validé"
    OUTSIDE_WINDOW = "outside_window", "Hors fenêtre"
    OUTSIDE_MARKET = "outside_market", "Hors marché"
    DUPLICATE = "duplicate", "Doublon"
    NO_EVIDENCE = "no_evidence", "Justificatif manquant"
    NOT_WORKED = "not_worked", "Absence non travaillée"
    CEILING = "ceiling", "Plafond dépassé"


class HoursSource(models.TextChoices):
    GRID = "grid", "Grille de saisie"
    COMPANY = "company", "Déclaration de l’entreprise"
    IMPORT = "import", "Import"
    API = "api", "Échange par clé d’accès"


class DeclarationState(models.TextChoices):
    """What became of a line a company declared."""

    SENT = "sent", "À vérifier"
    ACCEPTED = "accepted", "Acceptée"
    CORRECTED = "corrected", "Corrigée"
    REFUSED = "refused", "Refusée"
    REPLACED = "replaced", "Remplacée"


# The facilitator kept hours of these lines: the company can no longer declare them again.
SETTLED = (DeclarationState.ACCEPTED, DeclarationState.CORRECTED)


class ImportOutcome(models.TextChoices):
    """What becomes of a line of a statement."""

    READY = "ready", "Prête"
    FORCED = "forced", "Prête, sur votre choix"
    AMBIGUOUS = "ambiguous", "À répartir"
    DIFFERS = "differs", "Diffère de la grille"
    DOUBLE = "double", "Double déclaration possible"
    CEILING = "ceiling", "Plafond dépassé"
    UNKNOWN = "unknown", "Personne inconnue"
    NO_CONTRACT = "no_contract", "Sans contrat ici"
    OUTSIDE = "outside", "Hors du contrat"
    CLOSED = "closed", "Mois clôturé"
    UNREADABLE = "unreadable", "Illisible"
    MERGED = "merged", "Additionnée"
    SAME = "same", "Déjà présent"
    RECORDED = "recorded", "Enregistrée"
    REFUSED = "refused", "Refusée"
