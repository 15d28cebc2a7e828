from django.db import models


class StatementKind(models.TextChoices):
    QUARTERLY = "quarterly", "État trimestriel"


class StatementState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publié"


class LogoOwner(models.TextChoices):
    DEPARTMENT = "department", "Département"
    METROPOLIS = "metropolis", "Métropole"
