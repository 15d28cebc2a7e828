"""Accounts: opened without a password, switched off rather than deleted (their acts keep their author)."""

from django.db import transaction

from clauses_portal.accounts.sessions import end_sessions
from clauses_portal.core.services import validated_save


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
