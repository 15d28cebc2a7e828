from django.db import models


class StatementKind(models.TextChoices):
    QUARTERLY = "quarterly", "État trimestriel"


class StatementState(models.TextChoices):
    DRAFT = "draft", "Brouillon"
    PUBLISHED = "published", "Publié"


class JobState(models.TextChoices):
    ASKED = "asked", "Demandé"
    RUNNING = "running", "En cours"
    DONE = "done", "Terminé"
    REFUSED = "refused", "Refusé"
    FAILED = "failed", "Échec"


class LogoOwner(models.TextChoices):
    DEPARTMENT = "department", "Département"
    METROPOLIS = "metropolis", "Métropole"
