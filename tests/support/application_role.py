"""The suite under the role that web and worker have in production: what it may not do, a test that needs it fails.

`pytest --application-role`, or `make test-role`. Rows that tests build by hand are built with every claim; what a
request or a job does is done with those of its account.
"""

from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from clauses_portal.core.second_lock import EVERYTHING, claims


def take_role():
    """Have the connections opened from now on take the role of the application."""
    connection.close()
    options = connection.settings_dict.setdefault("OPTIONS", {})
    options["options"] = f"-c role={settings.APPLICATION_ROLE}"


def leave_role():
    """Connections are the owner's again: the test database can be dropped."""
    connection.close()
    connection.settings_dict["OPTIONS"].pop("options")


@contextmanager
def as_owner():
    """Within it, the database is asked as its owner: to look at what the application may not read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (before,) = cursor.fetchone()
        cursor.execute("SET ROLE NONE")
        try:
            yield
        finally:
            cursor.execute(f"SET ROLE {connection.ops.quote_name(before)}")


def erase(row):
    """Remove a row that the application never removes."""
    with as_owner():
        row.delete()


def open_by_default():
    """Where nobody said for whom the code works, a test does: it may see everything."""
    claims.BY_DEFAULT.update(claims=EVERYTHING, standing=True)
