from participants.forms.categories import (
    CategoryCorrectionForm,
    CategoryEndForm,
    CategoryForm,
    CategoryVersionForm,
)
from participants.forms.contracts import ContractForm, EndContractForm
from participants.forms.persons import MergeForm, NewPersonForm, NoticeForm, PersonForm
from participants.forms.validations import (
    ExtendForm,
    GrantForm,
    MissingForm,
    ReasonForm,
    RevokeForm,
    ValidationForm,
)

__all__ = [
    "CategoryCorrectionForm",
    "CategoryEndForm",
    "CategoryForm",
    "CategoryVersionForm",
    "ContractForm",
    "EndContractForm",
    "ExtendForm",
    "GrantForm",
    "MergeForm",
    "MissingForm",
    "NewPersonForm",
    "NoticeForm",
    "PersonForm",
    "ReasonForm",
    "RevokeForm",
    "ValidationForm",
]
