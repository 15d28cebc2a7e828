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
