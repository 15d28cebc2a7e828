"""Django's PostgreSQL, each transaction of which begins by saying for whom it works (docs/adr/0024)."""

from django.db.backends.postgresql import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property

from clauses_portal.core.second_lock.claims import declare, stands

Driver = base.Database


class CutConnections(DatabaseErrorWrapper):
    """The driver has a bare DatabaseError, without a code, for a connection cut in the middle of an answer.

    Told apart from the refusals of a statement: it is an OperationalError, tried again, or « revenez plus tard » (503).
    """

    def __exit__(self, kind, error, traceback):
        if kind is Driver.DatabaseError and error.pgcode is None:
            kind, error = Driver.OperationalError, Driver.OperationalError(*error.args)
        return super().__exit__(kind, error, traceback)


class DatabaseWrapper(base.DatabaseWrapper):
    @cached_property
    def wrap_database_errors(self):
        return CutConnections(self)

    def init_connection_state(self):
        super().init_connection_state()
        if stands():
            declare(self, local=False)

    def _set_autocommit(self, autocommit):
        super()._set_autocommit(autocommit)
        if not autocommit:
            declare(self)
