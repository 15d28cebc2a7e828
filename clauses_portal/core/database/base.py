"""Django's PostgreSQL, each transaction of which begins by saying for whom it works (docs/adr/0024)."""

from django.db.backends.postgresql import base

from clauses_portal.core.second_lock.claims import declare, stands


class DatabaseWrapper(base.DatabaseWrapper):
    def init_connection_state(self):
        super().init_connection_state()
        if stands():
            declare(self, local=False)

    def _set_autocommit(self, autocommit):
        super()._set_autocommit(autocommit)
        if not autocommit:
            declare(self)
