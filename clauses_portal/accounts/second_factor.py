"""The second factor of a sign-in: an application that gives codes, a passkey, codes for the day both are lost.

Compulsory for every account of a person: each role meets names or amounts, or gives the rights to (security.md §0, 12).
What is kept is sealed (`sealing`); a code serves once (ASVS 6.5.1).
"""

import logging
import time

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.db import transaction

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction, JournalResult, User
from clauses_portal.accounts.sealing import UnreadableSecret, seal, unseal
from clauses_portal.accounts.sessions import end_sessions
from clauses_portal.core.errors import DomainError

logger = logging.getLogger(__name__)

KEPT = "Gardez au moins un second facteur : ajoutez-en un autre avant de supprimer celui-ci."
MOST_PASSKEYS = 10
TOO_MANY_PASSKEYS = f"Un compte a {MOST_PASSKEYS} clés d’identification au plus : supprimez-en une."
PENDING_SECRET = "second_factor_secret"  # noqa: S105
KINDS = Authenticator.Type


def is_required_of(user):
    """True for the account of a person, unless the portal is only shown (SECOND_FACTOR_REQUIRED)."""
    return settings.SECOND_FACTOR_REQUIRED and not user.is_software


def is_passed(request):
    """True when a second factor was shown in this session. Asks nothing to the database."""
    proofs = get_authentication_records(request, request.user)
    return any(proof["method"] == "mfa" or proof.get("second_factor") for proof in proofs)


def factors_of(user):
    """The application and the passkeys of this account, the oldest first; recovery codes only stand in for them."""
    return Authenticator.objects.filter(user=user).exclude(type=KINDS.RECOVERY_CODES).order_by("pk")


def recovery_codes_of(user):
    """Codes that were not used yet; none either when they can no longer be read."""
    kept = Authenticator.objects.filter(user=user, type=KINDS.RECOVERY_CODES).first()
    try:
        return kept.wrap().get_unused_codes() if kept else []
    except UnreadableSecret:
        _tell_unreadable(kept)
        return []


def pending_secret(request):
    """The secret that the application is being given, the same until it is set up; sealed in the session."""
    if PENDING_SECRET not in request.session:
        request.session[PENDING_SECRET] = seal(generate_totp_secret())
    return unseal(request.session[PENDING_SECRET])


def matching_step(secret, code):
    """The step of time (30 s) at which this code is given, one before and one after allowed; None when it is wrong."""
    now = int(time.time()) // app_settings.TOTP_PERIOD
    for step in (now, now - 1, now + 1):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return step
    return None


@transaction.atomic
def spend_code(user, code):
    """The factor that this code belongs to, or None. It never serves again, nor does an older one."""
    rows = Authenticator.objects.select_for_update(of=("self",)).filter(user=user)
    for factor in rows.exclude(type=KINDS.WEBAUTHN).order_by("-type"):
        try:
            if _spend_app_code(factor, code) if factor.type == KINDS.TOTP else factor.wrap().validate_code(code):
                return Authenticator.objects.get(pk=factor.pk)
        except UnreadableSecret:
            _tell_unreadable(factor)
    return None


def _spend_app_code(app, code):
    step = matching_step(unseal(app.data["secret"]), code)
    if step is None or step <= app.data.get("last_step", 0):
        return False
    app.data["last_step"] = step
    app.save(update_fields=["data"])
    return True


def _tell_unreadable(factor):
    logger.error("second facteur %s illisible : MFA_ENCRYPTION_KEY ou SECRET_KEY a changé", factor.pk)


@transaction.atomic
def set_up_app(*, request, step):
    """The application that just gave a right code becomes the second factor, in place of the one before."""
    user = _locked(request.user)
    Authenticator.objects.filter(user=user, type=KINDS.TOTP).delete()
    app = TOTP.activate(user, pending_secret(request)).instance
    app.data["last_step"] = step
    app.save(update_fields=["data"])
    del request.session[PENDING_SECRET]
    _completed(request, app)


@transaction.atomic
def add_passkey(*, request, name, credential):
    """Keep a passkey that the browser just made. Raises DomainError from the eleventh on."""
    user = _locked(request.user)
    if factors_of(user).filter(type=KINDS.WEBAUTHN).count() >= MOST_PASSKEYS:
        raise DomainError(TOO_MANY_PASSKEYS)
    _completed(request, WebAuthn.add(user, name, credential).instance)


def _completed(request, factor):
    """The factor was just shown: this session has passed it, the others end, the account has its recovery codes."""
    end_sessions(request.user, but=request.session.session_key)
    RecoveryCodes.activate(request.user)
    record_authentication(request, request.user, "mfa", id=factor.pk, type=factor.type, reauthenticated=True)
    note(request, JournalAction.SECOND_FACTOR, of=request.user)


@transaction.atomic
def remove_factor(*, request, factor):
    """Forget a factor of the signed-in person. Raises DomainError when it is the last and one is compulsory."""
    user = _locked(request.user)
    others = factors_of(user).exclude(pk=factor.pk)
    if is_required_of(user) and not others.exists():
        raise DomainError(KEPT)
    factor.delete()
    end_sessions(user, but=request.session.session_key)
    if not others.exists():
        Authenticator.objects.filter(user=user).delete()
    note(request, JournalAction.SECOND_FACTOR, of=user)


@transaction.atomic
def renew_recovery_codes(*, request):
    """Ten new codes; the former ones open nothing any more."""
    user = _locked(request.user)
    Authenticator.objects.filter(user=user, type=KINDS.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    note(request, JournalAction.SECOND_FACTOR, of=user)


@transaction.atomic
def forget_factors(*, user):
    """Take every factor away from this account: whoever lost hers sets up another at her next sign-in."""
    Authenticator.objects.filter(user=_locked(user)).delete()
    end_sessions(user)


def note_wrong_code(request, user):
    """A wrong code leaves a line of the journal, the code itself nothing."""
    note(request, JournalAction.SECOND_FACTOR, of=user, result=JournalResult.FAILED, actor=user)


def _locked(user):
    """The account, locked: two requests do not change its factors at the same time."""
    return User.objects.select_for_update(of=("self",)).get(pk=user.pk)
