from django.db import models


class StatementKind(models.TextChoices):
    QUARTERLY = "quarterly", "État trimestriel"
    CLOSING = "closing", "Bilan de fin de marché"
    ANNUAL = "annual", "Bilan annuel"


class StatementState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publié"


class FileKind(models.TextChoices):
    """What a statement is published with, beside its own document."""

    ANNEX = "annex", "Annexe des lots et des entreprises"
    COMPANY = "company", "Version pour l’entreprise"
    RESTRICTED = "restricted", "Version restreinte, avec les ratios en euros"


class LogoOwner(models.TextChoices):
    DEPARTMENT = "department", "Département"
    METROPOLIS = "metropolis", "Métropole"
    STRUCTURE = "structure", "Structure facilitatrice"


class Dataset(models.TextChoices):
    """What may be told to third parties once both parties agreed (C30)."""

    OPEN_DATA = "open_data", "Agrégat annuel en données ouvertes"
    ANNUAL_REPORT = "annual_report", "Bilan annuel"


class Party(models.TextChoices):
    """The two parties of the convention."""

    DEPARTMENT = "department", "Département"
    METROPOLIS = "metropolis", "Métropole"


class DeclarationState(models.TextChoices):
    """How the declaration of a market in the essential data stands beside what is decided (domain.md §11)."""

    TO_CORRECT = "to_correct", "À corriger"
    TO_DECLARE = "to_declare", "À déclarer"
    AGREES = "agrees", "Conforme"
    UNDECIDED = "undecided", "Pas encore décidé"


class ExchangeTable(models.TextChoices):
    """The files of a package, in the order in which they are written (domain.md §9.13)."""

    OPERATIONS = "operations", "Opérations"
    MARKETS = "marches", "Marchés"
    LOTS = "lots", "Lots"
    COMPANIES = "entreprises", "Entreprises"
    AWARDS = "attributions", "Attributions"
    OPENINGS = "reprises", "Reprises d’antériorité"
    PERSONS = "personnes", "Personnes"
    VALIDATIONS = "validations", "Validations"
    CONTRACTS = "contrats", "Contrats de travail"
    HOURS = "heures", "Heures"
    EXITS = "sorties", "Situations de sortie"
    ALERTS = "alertes", "Alertes"
    FOLLOW_UP = "suivi", "Suivi (personnes, contrats et heures sur une ligne)"


class ExchangeOutcome(models.TextChoices):
    """What becomes of a line: said by the trial, then by the recording."""

    NEW = "new", "À créer"
    CHANGED = "changed", "À compléter"
    SAME = "same", "Déjà présent"
    CONFLICT = "conflict", "À trancher"
    REPLACE = "replace", "À remplacer"
    KEEP = "keep", "À garder tel quel"
    REFUSED = "refused", "Refusée"
    RECORDED = "recorded", "Enregistrée"
