"""Sealing what the database must not hold in clear: secrets of second factors (ASVS 6.5.2), links of accounts."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableSecret(Exception):
    """No key of the portal opens this secret: MFA_ENCRYPTION_KEY or SECRET_KEY was changed without its former value."""


def seal(text):
    """The text, encrypted with the key in force."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed):
    """The text that was sealed. Raises UnreadableSecret."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecret from error


def _box():
    """MFA_ENCRYPTION_KEY seals, or SECRET_KEY without it; the former keys of the portal still open."""
    keys = [settings.MFA_ENCRYPTION_KEY, settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys if key])


def _derived(key):
    return base64.urlsafe_b64encode(hashlib.sha256(f"portail:{key}".encode()).digest())
