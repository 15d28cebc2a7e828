"""Addresses that a mail server refuses: the contact is shown as in failure until somebody corrects it (n° 30)."""

from django.db import transaction

from clauses_portal.core.services import validated_save
from markets.models import CompanyContact


@transaction.atomic
def mark_bounced(address, moment):
    """Note on every live contact with this address that it has refused mail since `moment`. Returns how many."""
    contacts = CompanyContact.objects.select_for_update(of=("self",)).filter(
        email__iexact=address, bounced_on=None, left_on=None
    )
    for contact in contacts:
        contact.bounced_on = moment
        validated_save(contact, by=None)
    return len(contacts)
