"""Accounts: opened without a password, switched off rather than deleted (their acts keep their author)."""

from importlib import import_module

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from clauses_portal.core.services import validated_save

SessionStore = import_module(settings.SESSION_ENGINE).SessionStore


@transaction.atomic
def open_account(*, user):
    """Open an account that nobody can sign in with until its owner has chosen a password."""
    user.set_unusable_password()
    user.full_clean()
    user.save()
    return user


@transaction.atomic
def change_contact(*, user):
    """Save one’s own telephone and function (ValidationError on an invisible character)."""
    user.full_clean()
    user.save(update_fields=["phone", "job_title"])
    return user


@transaction.atomic
def switch_account(*, user):
    """Switch an account off, its sessions ended at once, or on again."""
    user.is_active = not user.is_active
    user.save(update_fields=["is_active"])
    if not user.is_active:
        end_sessions(user)
    return user


def end_sessions(user):
    """Delete every open session of an account: an old cookie must stay dead after a reactivation (A21)."""
    for session in Session.objects.filter(expire_date__gte=timezone.now()):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            # the store, not the row alone: a copy of the session lives in the cache
            SessionStore(session.session_key).delete()


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
