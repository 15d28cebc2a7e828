"""What the administrator edits, as targets of the access matrix."""

from tests.factories.companies import HourlyRateFactory
from tests.factories.preparation import (
    CriteriaGridFactory,
    CriterionFactory,
    LegalThresholdFactory,
    PenaltyRuleFactory,
)


def reference_rows():
    """{target: row}: a draft of the grid, one of its lines, a threshold, a penalty, an hourly value."""
    draft = CriteriaGridFactory()
    return {
        "grid": draft,
        "criterion": CriterionFactory(grid=draft),
        "threshold": LegalThresholdFactory(),
        "penalty": PenaltyRuleFactory(),
        "hourly_rate": HourlyRateFactory(),
    }
