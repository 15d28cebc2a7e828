"""Accounts, switched off rather than deleted (their acts keep their author), and what the administrator keeps."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from clauses_portal.accounts.second_factor import forget_factors
from clauses_portal.accounts.sessions import end_sessions
from clauses_portal.core.services import validated_save
from facilitators.access_keys import revoke_key
from facilitators.enums import Permission
from facilitators.mail import queue_mail
from facilitators.models import AccessKey
from facilitators.permissions import forget_scope, revoke, structures_for


@transaction.atomic
def change_contact(*, user):
    """Save one’s own telephone and function (ValidationError on an invisible character)."""
    user.full_clean()
    user.save(update_fields=["phone", "job_title"])
    return user


@transaction.atomic
def switch_account(*, user, by):
    """Switch an account off, its sessions and the keys it knows ended at once, or on again."""
    user.is_active = not user.is_active
    user.save(update_fields=["is_active"])
    if not user.is_active:
        end_sessions(user)
        revoke_known_keys(user, by=by)
    return user


@transaction.atomic
def reset_second_factor(*, user, by):
    """For who lost hers: forget it, end her sessions, and tell her, since she may have asked for nothing."""
    forget_factors(user=user)
    context = {"user": user, "by": by, "address": settings.SITE_URL + reverse(settings.LOGIN_URL)}
    body = render_to_string("emails/second_factor_reset.txt", context)
    queue_mail(recipient=user.email, subject="Votre second facteur a été réinitialisé", body=body)


@transaction.atomic
def take_role_back(*, membership, by):
    """End a membership at once, and the keys its holder knows and may no longer manage."""
    revoke(membership=membership, by=by)
    revoke_known_keys(membership.user, by=by)


def revoke_known_keys(user, *, by):
    """Revoke the keys this person created, hence read, where she may no longer manage keys (A21); returns them.

    A key belongs to its structure, but its secret left with her: those who follow it are told, and make another.
    """
    forget_scope(user)
    known = AccessKey.objects.live(timezone.now()).filter(created_by=user)
    lost = known.exclude(structure__in=structures_for(user, Permission.MANAGE_KEYS))
    return [revoke_key(key=key, by=by) for key in lost]


@transaction.atomic
def save_convention(*, convention, territories, by):
    """Create or change a convention and the territories it covers: it opens and ends the facilitators' rights (C28)."""
    validated_save(convention, by=by)
    convention.territories.set(territories)
    return convention


@transaction.atomic
def save_directorate(*, directorate):
    """Create or change a direction opérationnelle; a closed one is no longer proposed for new rights."""
    directorate.full_clean()
    directorate.save()
    return directorate
