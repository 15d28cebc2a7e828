from django.db import models


class MilestoneKind(models.TextChoices):
    """Steps of the provisional calendar the Département gives the facilitators (C5)."""

    CLAUSE_STUDY = "clause_study", "Étude de la clause"
    PUBLICATION = "publication", "Publication de la consultation"
    TENDERS_DUE = "tenders_due", "Remise des offres"
    NOTIFICATION = "notification", "Notification"
    START = "start", "Démarrage"
    END = "end", "Fin prévue"


class FundingPeriod(models.TextChoices):
    """European funding period of an operation: decides the logo block (domain.md §7)."""

    NONE = "none", "Sans financement européen"
    PERIOD_2014_2020 = "2014-2020", "FSE 2014-2020"
    PERIOD_2021_2027 = "2021-2027", "FSE+ 2021-2027"
