"""Lines of the journal that sign-ins leave. A wrong one names no address: it may be a password typed there."""

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_used
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction, JournalResult


@receiver(user_logged_in)
def note_sign_in(sender, request, user, **_):
    note(request, JournalAction.SIGN_IN, actor=user)


@receiver(user_login_failed)
def note_failed_sign_in(sender, request=None, **_):
    if request is not None:
        note(request, JournalAction.SIGN_IN, result=JournalResult.FAILED)


@receiver(user_logged_out)
def note_sign_out(sender, request, user, **_):
    if user is not None:
        note(request, JournalAction.SIGN_OUT, actor=user)


@receiver(authenticator_used)
def note_second_factor(sender, request, user, **_):
    note(request, JournalAction.SECOND_FACTOR, of=user, actor=user)


@receiver([password_changed, password_reset])
def note_password(sender, request, user, **_):
    note(request, JournalAction.PASSWORD, of=user, actor=user)
