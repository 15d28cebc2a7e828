from participants.views.contracts import contract_create, contract_end
from participants.views.hours import hours_grid, hours_lots, hours_save
from participants.views.persons import person_create, person_detail, person_edit, person_list
from participants.views.validations import (
    validation_grant,
    validation_queue,
    validation_refuse,
    validation_request,
    validation_revoke,
)

__all__ = [
    "contract_create",
    "contract_end",
    "hours_grid",
    "hours_lots",
    "hours_save",
    "person_create",
    "person_detail",
    "person_edit",
    "person_list",
    "validation_grant",
    "validation_queue",
    "validation_refuse",
    "validation_request",
    "validation_revoke",
]
