"""Links a company without account is sent: signed, for one company, one thing, one time (domain.md §12, n° 31).

The address carries the number of the row and its nonce, signed with a key the database does not hold: who reads the
table cannot make an address. The row alone says whether it still opens.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import lock
from markets.enums import LinkPurpose
from markets.models import CompanyLink

SALT = "markets.company_links"
NOT_ITS_AWARD = "Cette attribution n’est pas celle de cette entreprise."
NOT_ITS_CONTACT = "Ce contact n’est pas celui de cette entreprise."
ALREADY_REVOKED = "Ce lien est déjà révoqué."


@transaction.atomic
def create_link(*, company, purpose, month=None, award=None, contact=None, days=None):
    """Create a link that opens `purpose` for `company` during `days` (COMPANY_LINK_DAYS by default).

    `month`: its first day, for hours only; `award`: for a job posting. Raises DomainError when the award or the
    contact is not the company's, ValidationError when the purpose wants another thing.
    """
    if award is not None and award.company_id != company.pk:
        raise DomainError(NOT_ITS_AWARD)
    if contact is not None and contact.company_id != company.pk:
        raise DomainError(NOT_ITS_CONTACT)
    link = CompanyLink(company=company, purpose=purpose, month=month, award=award, contact=contact)
    link.nonce = secrets.token_urlsafe(32)
    link.expires_on = timezone.now() + timedelta(days=days or settings.COMPANY_LINK_DAYS)
    link.full_clean(exclude=["created_on"])
    link.save()
    return link


def hours_link(*, company, month, contact=None):
    """The live link by which `company` declares this month, a new one when there is none."""
    live = CompanyLink.objects.live(timezone.now()).filter(company=company, purpose=LinkPurpose.HOURS, month=month)
    return live.order_by("-pk").first() or create_link(
        company=company, purpose=LinkPurpose.HOURS, month=month, contact=contact
    )


def token_of(link):
    """The signed text that opens this link, always the same."""
    return Signer(salt=SALT, sep=".").sign(f"{link.pk}-{link.nonce}")


def address_of(link):
    """The whole address to send: whoever has it may use the link."""
    return settings.SITE_URL.rstrip("/") + reverse("participants:company_link", args=[token_of(link)])


def read_token(token):
    """The CompanyLink this token was made for, live or not; None when it was forged or never was."""
    try:
        number, _, nonce = Signer(salt=SALT, sep=".").unsign(token).partition("-")
    except BadSignature:
        return None
    link = CompanyLink.objects.select_related("company").filter(pk=int(number)).first()
    return link if link is not None and constant_time_compare(link.nonce, nonce) else None


def is_live(link):
    """Does this link still open something?"""
    return link.revoked_at is None and link.expires_on > timezone.now()


def live_link(pk, purpose):
    """The live CompanyLink of this number for this purpose, or None."""
    rows = CompanyLink.objects.live(timezone.now()).select_related("company", "contact", "award__lot__market")
    return rows.filter(pk=pk, purpose=purpose).first()


def mark_opened(link):
    """Keep when a link was first opened: the facilitator sees that the mail arrived."""
    CompanyLink.objects.filter(pk=link.pk, opened_on=None).update(opened_on=timezone.now())


def mark_used(link):
    """Keep when a link was last answered."""
    CompanyLink.objects.filter(pk=link.pk).update(used_on=timezone.now())


@transaction.atomic
def revoke_link(*, link, by):
    """Close a link at once. Raises DomainError when it is closed already."""
    link = lock(CompanyLink.objects, link.pk)
    if link.revoked_at is not None:
        raise DomainError(ALREADY_REVOKED)
    link.revoked_at, link.revoked_by = timezone.now(), by
    link.full_clean(exclude=["created_on"])
    link.save()
    return link
