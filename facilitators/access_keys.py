"""Keys of access: created, read, used, revoked (C22, domain.md §9.13). The secret is told once and never kept."""

import hashlib
import ipaddress
import re
import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from clauses_portal.accounts.models import User
from clauses_portal.core.errors import Conflict
from clauses_portal.core.services import lock, validated_save
from facilitators.key_watch import tell_created, tell_new_address, tell_revoked
from facilitators.models import AccessKey, KeyAddress

SHAPE = re.compile(r"csk_([a-z0-9]{8})_([A-Za-z0-9_-]{43})")
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
MOST_DAYS = 365
# Two, so that a program changes its key without a day off.
MOST_LIVE = 2
# A use is written once a minute: a list of a thousand rows is not a thousand writings.
MINUTE = timedelta(minutes=1)
ALREADY_REVOKED = "Cette clé est déjà révoquée."
TWO_ALREADY = "Cette structure a déjà deux clés dans ce sens\u00a0: révoquez-en une d’abord."
BAD_NETWORK = "«\u00a0{text}\u00a0» n’est ni une adresse, ni un réseau (par exemple 192.0.2.10 ou 192.0.2.0/24)."
TOO_LONG = "Une clé dure entre 1 et 365 jours."


@transaction.atomic
def create_key(*, structure, direction, label, scopes, by, days=MOST_DAYS, networks=()):
    """Create a key of this structure and direction; returns (AccessKey, its text, to be shown once).

    `scopes`: values of KeyScope; `networks`: addresses or networks allowed, all when empty. Raises Conflict when two
    keys of this direction live already, ValidationError on what makes no sense.
    """
    lock(type(structure)._default_manager, structure.pk)  # two keys created at once would make three
    now = timezone.now()
    if AccessKey.objects.live(now).filter(structure=structure, direction=direction).count() >= MOST_LIVE:
        raise Conflict(TWO_ALREADY)
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError({"days": TOO_LONG})
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(8))
    secret = secrets.token_urlsafe(32)
    key = AccessKey(structure=structure, direction=direction, label=label, scopes=list(scopes), prefix=prefix)
    key.networks = [_network(text) for text in networks]
    key.digest, key.expires_on = _digest(secret), now + timedelta(days=days)
    key.created_at, key.created_by = now, by
    key.full_clean(exclude=["account"])
    key.account = _account(key)
    validated_save(key, by=by)
    tell_created(key)
    return key, f"csk_{prefix}_{secret}"


def _account(key):
    """The author of what the program will do. Nobody can sign in with it."""
    account = User(email=f"cle-{key.prefix}@logiciel.invalid", first_name="Logiciel", is_software=True)
    account.last_name = f"{key.label} ({key.prefix})"[:80]
    account.set_unusable_password()
    account.full_clean()
    account.save()
    return account


def _network(text):
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise ValidationError({"networks": BAD_NETWORK.format(text=text[:43])}) from error


def _digest(secret):
    # 256 bits drawn at random: nothing to guess from a list, a slow digest would protect nothing more
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def revoke_key(*, key, by):
    """Close a key at once. Raises Conflict when it is closed already."""
    key = lock(AccessKey.objects, key.pk)
    if key.revoked_at is not None:
        raise Conflict(ALREADY_REVOKED)
    key.revoked_at, key.revoked_by = timezone.now(), by
    validated_save(key, by=by)
    tell_revoked(key)
    return key


def read_key(text, *, address):
    """The live AccessKey whose text this is, used from an address it allows; None otherwise, whatever the reason."""
    shape = SHAPE.fullmatch(text)
    if shape is None:
        return None
    rows = AccessKey.objects.live(timezone.now()).select_related("account", "structure")
    key = rows.filter(prefix=shape[1]).first()
    known = key.digest if key else _digest("")
    if not constant_time_compare(known, _digest(shape[2])) or key is None:
        return None
    return key if _allows(key, address) else None


def _allows(key, address):
    if not key.networks:
        return True
    place = ipaddress.ip_address(address)
    # a machine that listens in IPv6 sees 192.0.2.10 as ::ffff:192.0.2.10
    place = getattr(place, "ipv4_mapped", None) or place
    return any(place in ipaddress.ip_network(network) for network in key.networks)


@transaction.atomic
def note_use(key, *, address):
    """Keep when the key was last used, at most once a minute; an address it never came from is told to its keepers."""
    now = timezone.now()
    if key.last_used_on is None or key.last_used_on < now - MINUTE:
        AccessKey.objects.filter(pk=key.pk).update(last_used_on=now)
    if not KeyAddress.objects.filter(key=key, address=address).exists():
        _, is_new = KeyAddress.objects.get_or_create(key=key, address=address)
        if is_new:
            tell_new_address(key, address)
