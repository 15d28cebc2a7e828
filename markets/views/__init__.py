from markets.views.alerts import alert_close, alert_create, alert_list
from markets.views.awards import award_create, objective_add
from markets.views.calibration import calibration_propose, calibration_retain
from markets.views.clause import decide, queue, reopen
from markets.views.consultation import question_answer, question_list, questions_paper, questions_publish
from markets.views.imports import import_apply, import_detail, import_list, import_progress
from markets.views.markets import (
    lot_amounts,
    lot_close,
    lot_create,
    lot_detail,
    lot_edit,
    market_create,
    market_detail,
    market_edit,
    market_list,
)
from markets.views.referents import portfolio_transfer, referent_assign, referent_list

__all__ = [
    "alert_close",
    "alert_create",
    "alert_list",
    "award_create",
    "calibration_propose",
    "calibration_retain",
    "decide",
    "import_apply",
    "import_detail",
    "import_list",
    "import_progress",
    "lot_amounts",
    "lot_close",
    "lot_create",
    "lot_detail",
    "lot_edit",
    "market_create",
    "market_detail",
    "market_edit",
    "market_list",
    "objective_add",
    "queue",
    "reopen",
    "question_answer",
    "question_list",
    "questions_paper",
    "questions_publish",
    "portfolio_transfer",
    "referent_assign",
    "referent_list",
]
