from participants.views.categories import (
    category_create,
    category_edit,
    category_end,
    category_list,
    category_renew,
)
from participants.views.certificates import certificate, validation_certify
from participants.views.contracts import contract_create, contract_end
from participants.views.declarations import (
    declaration_check,
    declaration_file,
    declaration_list,
    declaration_type,
    link_detail,
    link_revoke,
    link_send,
)
from participants.views.hours import hours_grid, hours_lots, hours_save
from participants.views.merging import person_merge
from participants.views.persons import person_create, person_detail, person_edit, person_list, person_notice
from participants.views.validations import (
    validation_edit,
    validation_extend,
    validation_grant,
    validation_missing,
    validation_queue,
    validation_refuse,
    validation_request,
    validation_revoke,
    validations_ending,
)

__all__ = [
    "category_create",
    "category_edit",
    "category_end",
    "category_list",
    "category_renew",
    "certificate",
    "contract_create",
    "contract_end",
    "declaration_check",
    "declaration_file",
    "declaration_list",
    "declaration_type",
    "hours_grid",
    "hours_lots",
    "hours_save",
    "link_detail",
    "link_revoke",
    "link_send",
    "person_create",
    "person_detail",
    "person_edit",
    "person_list",
    "person_merge",
    "person_notice",
    "validation_certify",
    "validation_edit",
    "validation_extend",
    "validation_grant",
    "validation_missing",
    "validation_queue",
    "validation_refuse",
    "validation_request",
    "validation_revoke",
    "validations_ending",
]
