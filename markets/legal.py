"""The law as a dated table: when a social consideration is due (L. 2112-2-1, L. 3114-2-1)."""

from django.db import models


class Exemption(models.IntegerChoices):
    """Numbered as in L. 2112-2-1, II (domain.md §2.2)."""

    IMMEDIATE_SOLUTION = 1, "Solution immédiatement disponible"
    NO_LINK = 2, "Lien insuffisant avec l’objet du marché"
    COMPETITION_OR_DIFFICULTY = 3, "Concurrence restreinte ou exécution difficile"
    SHORT_WORKS = 4, "Travaux d’une durée inférieure à six mois"


class Duty(models.TextChoices):
    """What the law asks of a market on the day its consultation begins."""

    OPTIONAL = "optional", "Facultative"
    OUT_OF_SCOPE = "out_of_scope", "Hors champ"
    EXEMPT = "exempt", "Dérogation motivée"
    MANDATORY = "mandatory", "Obligatoire"
