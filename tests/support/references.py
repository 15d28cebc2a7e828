"""What the administrator edits, as targets of the access matrix."""

from tests.factories.preparation import (
    CriteriaGridFactory,
    CriterionFactory,
    LegalThresholdFactory,
    PenaltyRuleFactory,
)


def reference_rows():
    """{target: row}: a draft of the grid, one of its lines, a threshold, a penalty."""
    draft = CriteriaGridFactory()
    return {
        "grid": draft,
        "criterion": CriterionFactory(grid=draft),
        "threshold": LegalThresholdFactory(),
        "penalty": PenaltyRuleFactory(),
    }
