from facilitators.models.access_key import AccessKey, KeyAddress
from facilitators.models.directorate import (
    Directorate,
    DirectorateGroupObjectPermission,
    DirectorateUserObjectPermission,
)
from facilitators.models.exchange import ExternalReference, RepeatableRequest
from facilitators.models.invitation import Invitation
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
from facilitators.models.webhook import Webhook, WebhookDelivery

__all__ = [
    "AccessKey",
    "Commune",
    "Convention",
    "Directorate",
    "DirectorateGroupObjectPermission",
    "DirectorateUserObjectPermission",
    "ExternalReference",
    "Invitation",
    "KeyAddress",
    "Membership",
    "Notification",
    "OutgoingMail",
    "RepeatableRequest",
    "Structure",
    "Territory",
    "TerritoryGroupObjectPermission",
    "TerritoryUserObjectPermission",
    "Webhook",
    "WebhookDelivery",
]
