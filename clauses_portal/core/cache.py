"""The cache, which the portal can do without (security.md §4.3: with the broker stopped, pages work).

While the server is away each process keeps its own counters in its memory: a limit holds then process by process, and
is never skipped. Sessions are read in the database, their truth: a copy in a process would survive a sign-out.
"""

import logging
import time
from collections import defaultdict
from dataclasses import dataclass

from django.contrib.sessions.backends.cached_db import KEY_PREFIX as SESSIONS
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# A server that did not answer is left alone for so long (s): a page waits once for it, not ten times.
REST = 5
# Connecting, then waiting for an answer (s).
PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}


@dataclass
class Outage:
    """What a process knows of a server, whichever of its threads asked: until when it rests, what it missed."""

    until: float = 0.0
    missed: bool = False


_outages = defaultdict(Outage)


class FailSafeCache(RedisCache):
    """Redis or Valkey; when it does not answer, the memory of the process, sessions excepted."""

    def __init__(self, server, params):
        params = {**params, "OPTIONS": {**PATIENCE, **params.get("OPTIONS", {})}}
        super().__init__(server, params)
        self._local = LocMemCache(f"away-{server}", {"KEY_PREFIX": self.key_prefix})
        self._nothing = _Nothing({})
        self._outage = _outages[str(server)]

    @property
    def is_away(self):
        """True while the server is not asked, because it did not answer."""
        return time.monotonic() < self._outage.until

    def _ask(self, name, *args, instead, **kwargs):
        """Ask the server; `instead`: the cache that answers while it is away."""
        if not self.is_away:
            try:
                self._forget_what_it_missed()
                return getattr(super(), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self._rest(error)
        return getattr(instead, name)(*args, **kwargs)

    def _rest(self, error):
        self._outage.until, self._outage.missed = time.monotonic() + REST, True
        logger.warning("cache indisponible (%s) : le portail s’en passe %s s", type(error).__name__, REST)

    def _forget_what_it_missed(self):
        """A server that comes back may still hold the copy of a session that ended meanwhile: it is emptied first."""
        if self._outage.missed:
            super().clear()
            self._local.clear()
            self._outage.missed = False

    def _instead(self, key):
        return self._nothing if str(key).startswith(SESSIONS) else self._local

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("add", key, value, timeout, version, instead=self._instead(key))

    def get(self, key, default=None, version=None):
        return self._ask("get", key, default, version, instead=self._instead(key))

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("set", key, value, timeout, version, instead=self._instead(key))

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("touch", key, timeout, version, instead=self._instead(key))

    def delete(self, key, version=None):
        return self._ask("delete", key, version, instead=self._instead(key))

    def has_key(self, key, version=None):
        return self._ask("has_key", key, version, instead=self._instead(key))

    def incr(self, key, delta=1, version=None):
        """As the server's: the value after the addition. Raises ValueError when nothing was counted yet."""
        return self._ask("incr", key, delta, version, instead=self._instead(key))

    def get_many(self, keys, version=None):
        return self._ask("get_many", keys, version, instead=self._local)

    def set_many(self, data, timeout=DEFAULT_TIMEOUT, version=None):
        return self._ask("set_many", data, timeout, version, instead=self._local)

    def delete_many(self, keys, version=None):
        return self._ask("delete_many", list(keys), version, instead=self._local)

    def clear(self):
        return self._ask("clear", instead=self._local)


class _Nothing(BaseCache):
    """Keeps nothing: what is asked is read where it comes from."""

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        return True

    def get(self, key, default=None, version=None):
        return default

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        pass

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        return False

    def delete(self, key, version=None):
        return False
