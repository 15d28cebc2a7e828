"""Passwords tried are counted before they are read (security.md A20): per account, per address, per account and day.

Counted whether the account exists or not, under one name whatever the letters typed. A count lasts as long as its time
after the last password that was read: in no quarter of an hour are more read than the limit. When the server of the
counters is away, each process counts in its own memory (core.cache): a limit is then looser, and never skipped.
"""

import hashlib
import ipaddress
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import TOO_MANY
from clauses_portal.core.throttle import address_of

ACCOUNT, ADDRESS, DAY = "account", "address", "day"
# Beyond the limit of a day, one password is read in so long (s): whoever guesses waits, its owner is not locked out.
DELAY = 15 * 60


@dataclass
class Attempt:
    """A password that may be read. `counted`: the counters it took."""

    counted: list = field(default_factory=list)

    def give_back(self):
        """It was the right one: it does not count."""
        for key in self.counted:
            with suppress(ValueError):  # its time is over
                cache.decr(key)


def take(request, email):
    """The Attempt to sign in as this address. Raises ValidationError (`too_many`) when it must not be read."""
    attempt = Attempt()
    keys = {ADDRESS: _key(ADDRESS, _network_of(request)), ACCOUNT: _key(ACCOUNT, email), DAY: _key(DAY, email)}
    for kind, (most, seconds) in settings.SIGN_IN_LIMITS.items():
        if not _count(keys[kind], most, seconds) and not (kind == DAY and _waited(email)):
            attempt.give_back()
            raise ValidationError(TOO_MANY, code="too_many")
        attempt.counted.append(keys[kind])
    return attempt


def forget(email):
    """The owner of this address proved herself by her mailbox: what others tried no longer keeps her out."""
    cache.delete_many([_key(ACCOUNT, email), _key(DAY, email)])


def _count(key, most, seconds):
    """Count one more; True when it is within the limit, and not counted otherwise."""
    cache.add(key, 0, seconds)
    try:
        number = cache.incr(key)
    except ValueError:  # its time ended between the two
        return _count(key, most, seconds)
    if number <= most:
        cache.touch(key, seconds)
        return True
    with suppress(ValueError):
        cache.decr(key)
    return False


def _waited(email):
    return cache.add(_key("delay", email), 1, DELAY)


def _key(kind, text):
    """One name for all the ways to type an address, and no address in the cache."""
    name = unicodedata.normalize("NFKC", text).strip().casefold()
    return f"sign-in-{kind}-{hashlib.sha256(name.encode()).hexdigest()}"


def _network_of(request):
    """The address of the visitor; in IPv6 her network, of which she has every address."""
    address = ipaddress.ip_address(address_of(request))
    if address.version == 6 and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
