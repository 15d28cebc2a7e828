"""The law of social considerations, as pure functions of facts and dates (domain.md §2): nothing of the database."""

from markets.legal.declaration import declared_considerations, declared_label
from markets.legal.duty import IN_FORCE_FROM, Duty, SocialDuty, social_consideration_duty
from markets.legal.exemptions import Exemption
from markets.legal.thresholds import SHIPPED_THRESHOLDS, LegalError, Threshold, ThresholdCategory, threshold_on

__all__ = [
    "IN_FORCE_FROM",
    "SHIPPED_THRESHOLDS",
    "Duty",
    "Exemption",
    "LegalError",
    "SocialDuty",
    "Threshold",
    "ThresholdCategory",
    "declared_considerations",
    "declared_label",
    "social_consideration_duty",
    "threshold_on",
]
