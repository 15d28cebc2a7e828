from facilitators.models.directorate import (
    Directorate,
    DirectorateGroupObjectPermission,
    DirectorateUserObjectPermission,
)
from facilitators.models.mail import OutgoingMail
from facilitators.models.membership import Membership
from facilitators.models.notification import Notification
from facilitators.models.structure import Convention, Structure
from facilitators.models.territory import (
    Commune,
    Territory,
    TerritoryGroupObjectPermission,
    TerritoryUserObjectPermission,
)

__all__ = [
    "Commune",
    "Convention",
    "Directorate",
    "DirectorateGroupObjectPermission",
    "DirectorateUserObjectPermission",
    "Membership",
    "Notification",
    "OutgoingMail",
    "Structure",
    "Territory",
    "TerritoryGroupObjectPermission",
    "TerritoryUserObjectPermission",
]
