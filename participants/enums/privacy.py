from django.db import models


class DataRequestKind(models.TextChoices):
    """What a person may ask about her data (RGPD art. 15, 16, 17, 18 and 21; portability does not apply here)."""

    ACCESS = "access", "Accès aux données"
    RECTIFICATION = "rectification", "Rectification"
    ERASURE = "erasure", "Effacement"
    OPPOSITION = "opposition", "Opposition"
    LIMITATION = "limitation", "Limitation du traitement"


class DataRequestOutcome(models.TextChoices):
    GRANTED = "granted", "Acceptée"
    PARTLY = "partly", "Acceptée en partie"
    REFUSED = "refused", "Refusée"
    NO_DATA = "no_data", "Aucune donnée sur cette personne"


class HoldKind(models.TextChoices):
    """Why a file may not be anonymised yet."""

    LITIGATION = "litigation", "Contentieux"
    FSE = "fse", "Contrôle du Fonds social européen"


class RetentionStep(models.TextChoices):
    """What becomes of a file whose time has come."""

    ARCHIVE = "archive", "À archiver"
    ANONYMISE = "anonymise", "À anonymiser"
    HELD = "held", "Gardée par une mesure de conservation"
