"""Thresholds of the Code de la commande publique, by date (domain.md §2.3): shipped here, edited by the office."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models


class LegalError(ValueError):
    """The facts make no sense, or the law of that day is not known: the message is a French sentence."""


class ThresholdCategory(models.TextChoices):
    SUPPLIES_SERVICES_CENTRAL = "supplies_services_central", "Fournitures et services, autorités centrales"
    SUPPLIES_SERVICES_LOCAL = "supplies_services_local", "Fournitures et services, collectivités"
    SUPPLIES_SERVICES_UTILITIES = (
        "supplies_services_utilities",
        "Fournitures et services, entités adjudicatrices et défense",
    )
    WORKS = "works", "Travaux"
    CONCESSION = "concession", "Concessions"
    SOCIAL_SERVICES = "social_services", "Services sociaux et autres services spécifiques"
    NO_ADVERTISING_WORKS = "no_advertising_works", "Dispense de publicité, travaux"
    NO_ADVERTISING_SUPPLIES_SERVICES = (
        "no_advertising_supplies_services",
        "Dispense de publicité, fournitures et services",
    )
    DECP_PUBLICATION = "decp_publication", "Publication des données essentielles (DECP)"


@dataclass(frozen=True)
class Threshold:
    """An amount (€ without tax) in force from a day to another, both included, or until it is replaced (None)."""

    category: str
    amount: Decimal
    valid_from: date
    valid_until: date | None
    source: str


_EUROPEAN = (
    (date(2022, 1, 1), date(2023, 12, 31), "Avis relatif aux seuils européens 2022-2023"),
    (date(2024, 1, 1), date(2025, 12, 31), "Avis relatif aux seuils européens 2024-2025"),
    (date(2026, 1, 1), None, "Avis relatif aux seuils européens 2026-2027"),
)
_AMOUNTS = {
    ThresholdCategory.SUPPLIES_SERVICES_CENTRAL: (140_000, 143_000, 140_000),
    ThresholdCategory.SUPPLIES_SERVICES_LOCAL: (215_000, 221_000, 216_000),
    ThresholdCategory.SUPPLIES_SERVICES_UTILITIES: (431_000, 443_000, 432_000),
    ThresholdCategory.WORKS: (5_382_000, 5_538_000, 5_404_000),
    ThresholdCategory.CONCESSION: (5_382_000, 5_538_000, 5_404_000),
    ThresholdCategory.SOCIAL_SERVICES: (750_000, 750_000, 750_000),
}
_DECREE = "Décret n° 2025-1386 du 29 décembre 2025"
_NATIONAL = (
    (ThresholdCategory.NO_ADVERTISING_WORKS, 100_000, date(2022, 1, 1), date(2025, 12, 31), "Dispense temporaire"),
    (ThresholdCategory.NO_ADVERTISING_WORKS, 100_000, date(2026, 1, 1), None, _DECREE),
    (
        ThresholdCategory.NO_ADVERTISING_SUPPLIES_SERVICES,
        40_000,
        date(2022, 1, 1),
        date(2026, 3, 31),
        "Code de la commande publique, art. R. 2122-8",
    ),
    (ThresholdCategory.NO_ADVERTISING_SUPPLIES_SERVICES, 60_000, date(2026, 4, 1), None, _DECREE),
    (ThresholdCategory.DECP_PUBLICATION, 40_000, date(2022, 1, 1), None, "Arrêté du 22 décembre 2022"),
)
SHIPPED_THRESHOLDS = (
    *(
        Threshold(category.value, Decimal(amount), *period)
        for category, amounts in _AMOUNTS.items()
        for amount, period in zip(amounts, _EUROPEAN, strict=True)
    ),
    *(Threshold(category.value, Decimal(amount), *rest) for category, amount, *rest in _NATIONAL),
)


def threshold_on(category, day, thresholds=SHIPPED_THRESHOLDS):
    """The threshold of a category in force on a day: the latest to begin, since an open row lasts until replaced.

    `thresholds`: any objects with the attributes of `Threshold`. Raises LegalError when none was in force.
    """
    known = [
        row
        for row in thresholds
        if row.category == category and row.valid_from <= day and (row.valid_until is None or day <= row.valid_until)
    ]
    if not known:
        label = ThresholdCategory(category).label
        raise LegalError(f"Aucun seuil n’est connu à cette date ({label}) : complétez la table des seuils.")
    return max(known, key=lambda row: row.valid_from)
