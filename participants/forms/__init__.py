from participants.forms.contracts import ContractForm, EndContractForm
from participants.forms.persons import PersonForm
from participants.forms.validations import ReasonForm, ValidationForm

__all__ = ["ContractForm", "EndContractForm", "PersonForm", "ReasonForm", "ValidationForm"]
