"""Invitations: the only way to an account. A link sent once, that serves once, for a week (ASVS 6.4.1).

The administrator says who, with which role and where; the person invited chooses her password and nothing else. The
secret of the link is in her mail alone: the database keeps its digest.
"""

import hashlib
import secrets

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from clauses_portal.accounts.models import User
from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from facilitators.enums import Permission
from facilitators.mail import queue_mail
from facilitators.models import Invitation
from facilitators.models.invitation import LIFETIME
from facilitators.permissions import grant, scope_of

HAS_AN_ACCOUNT = "Cette adresse a déjà un compte : donnez-lui un rôle dans la liste des comptes."
ALREADY_INVITED = "Cette adresse a déjà une invitation en cours : renvoyez-la, ou retirez-la d’abord."
IS_OVER = "Cette invitation est déjà acceptée ou retirée."
ENDS_BEFORE_TODAY = "Le rôle doit valoir au moins jusqu’à aujourd’hui."
SUBJECT = "Votre accès au portail des clauses sociales"


class ClosedInvitation(Conflict):
    """The link opens nothing: unknown, used, expired or withdrawn. Why is not said."""

    def __init__(self):
        super().__init__("Cette invitation ne peut plus servir.")


@transaction.atomic
def invite(*, email, first_name, last_name, role, by, territory=None, directorate=None, valid_until=None):
    """Invite a person to open an account with this role there; the link leaves by mail. Returns the Invitation.

    Raises ValidationError when the address has an account or an open invitation, or when the place does not fit.
    """
    invitation = Invitation(email=User.objects.normalize_email(email), first_name=first_name, last_name=last_name)
    invitation.role, invitation.territory, invitation.directorate = role, territory, directorate
    invitation.valid_until = valid_until
    _refuse_the_useless(invitation)
    return _send(invitation, by=by)


def _refuse_the_useless(invitation):
    if User.objects.filter(email=invitation.email).exists():
        raise ValidationError({"email": HAS_AN_ACCOUNT})
    if Invitation.objects.open(timezone.now()).filter(email=invitation.email).exists():
        raise ValidationError({"email": ALREADY_INVITED})
    if invitation.valid_until and invitation.valid_until < timezone.localdate():
        raise ValidationError({"valid_until": ENDS_BEFORE_TODAY})


@transaction.atomic
def resend_invitation(*, invitation, by):
    """Send a new link, for a week again; the former opens nothing any more. Raises Conflict when it is over."""
    invitation = _not_over(invitation)
    return _send(invitation, by=by)


@transaction.atomic
def revoke_invitation(*, invitation, by):
    """Withdraw an invitation at once. Raises Conflict when it was accepted or withdrawn."""
    invitation = _not_over(invitation)
    invitation.revoked_at, invitation.revoked_by = timezone.now(), by
    return validated_save(invitation, by=by)


def _not_over(invitation):
    invitation = lock(Invitation.objects, invitation.pk)
    if invitation.accepted_on or invitation.revoked_at:
        raise Conflict(IS_OVER)
    return invitation


def _send(invitation, *, by):
    token = secrets.token_urlsafe(32)
    now = timezone.now()
    invitation.digest, invitation.invited_at, invitation.invited_by = _digest(token), now, by
    invitation.expires_on = now + LIFETIME
    validated_save(invitation, by=by)
    address = settings.SITE_URL + reverse("facilitators:invitation_link", args=[token])
    body = render_to_string("emails/invitation.txt", {"invitation": invitation, "address": address})
    queue_mail(recipient=invitation.email, subject=SUBJECT, body=body, is_secret=True)
    return invitation


def _digest(token):
    # 256 bits drawn at random: nothing to guess, a slow digest would protect nothing more
    return hashlib.sha256(token.encode()).hexdigest()


def read_invitation(token):
    """The open Invitation that this text opens, None when it opens none."""
    return open_invitation(digest=_digest(token))


def open_invitation(**lookup):
    """The Invitation found so, when it may be accepted now: open, from somebody who may still invite, to an address
    without an account. None otherwise."""
    rows = Invitation.objects.open(timezone.now()).select_related("invited_by", "territory", "directorate")
    invitation = rows.filter(**lookup).first()
    if invitation is None or not scope_of(invitation.invited_by).allows(Permission.MANAGE_ACCOUNTS):
        return None
    return None if User.objects.filter(email=invitation.email).exists() else invitation


@transaction.atomic
def accept_invitation(*, invitation, password):
    """Open the account of a person who was invited, with her role. Returns the User.

    Two acceptances at once open one account. Raises ClosedInvitation, ValidationError on a password too weak.
    """
    Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation.pk).first()  # the second one waits here
    invitation = open_invitation(pk=invitation.pk, digest=invitation.digest)
    if invitation is None or (invitation.valid_until and invitation.valid_until < timezone.localdate()):
        raise ClosedInvitation
    user = _open_account(invitation, password)
    place = {"territory": invitation.territory, "directorate": invitation.directorate}
    grant(user=user, role=invitation.role, by=invitation.invited_by, valid_until=invitation.valid_until, **place)
    invitation.accepted_on, invitation.account = timezone.now(), user
    validated_save(invitation, by=user)
    return user


def _open_account(invitation, password):
    user = User(email=invitation.email, first_name=invitation.first_name, last_name=invitation.last_name)
    user.set_password(password)
    user.full_clean()
    user.save()
    # the link was read in this mailbox: the address is hers
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
