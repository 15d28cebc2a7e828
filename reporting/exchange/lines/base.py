"""What each table of a package is in the portal: its rows as they are sent, as they are found again, as they are
written by the services. One class per table; the trial, the recording and the export know nothing else of it."""

from facilitators.enums import Permission
from facilitators.permissions import scope_of, territories_for
from reporting.exchange.tables import REFERENCES, TABLES


class Refused(Exception):
    """A line that cannot be taken, with the French sentence that says why."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


class Pending:
    """A row that another line of the same import will make."""


PENDING = Pending()


class Table:
    """A table. A subclass names `kind`, `model`, `permission`, and writes what follows.

    `permission`: what the author must hold where a line lands; `view_permission`: to send or to compare rows.
    `fills_only`: a value that is there is never replaced; `unchecked`: columns whose differences say nothing;
    `sentences`: what to say when the database refuses a row.
    """

    kind = model = permission = None
    view_permission = Permission.VIEW_MARKETS
    fills_only = False
    sentences = None
    unchecked = frozenset()

    @property
    def table(self):
        return TABLES[self.kind]

    @property
    def references(self):
        """{column: table} of the columns that name another line."""
        return REFERENCES.get(self.kind, {})

    def read(self):
        """The rows, with all that `values` needs of them."""
        return self.model.objects.all()

    def sent(self, user, territory_ids):
        """The rows of these territories that this account may read, in the order of the file."""
        rows = self.read().actionable_by(user, self.view_permission)
        return rows.filter(rows.within(territory_ids)).order_by("pk")

    def of_period(self, rows, starts_on, ends_on):
        """Those of a period, where the table has one."""
        return rows

    def values(self, row):
        """{column: value} of a row; an identifier in the columns that name another line."""
        raise NotImplementedError

    def rank(self, data):
        """Lines of the lowest rank are written first."""
        return 0

    def check(self, values, book):
        """Raise Refused when the author may not write this line where it lands."""

    def find(self, values, book):
        """The row this line is about though it bears another name, or None."""
        raise NotImplementedError

    def begin(self, lines, book):
        """What to read at once before a batch of lines (their values) is written."""

    def end(self, book):
        """What closes a batch, in its transaction."""

    def create(self, values, book):
        """Write a new row by its service. Returns it."""
        raise NotImplementedError

    def change(self, row, values, columns, book):
        """Bring these columns of a row to the values of the line, by its service."""
        raise NotImplementedError

    def remark(self, row, values):
        """What to tell of a line that was recorded, « » when there is nothing."""
        return ""

    def finish(self, row, values, book):
        """What waits for every other line to be there. Done twice, it does nothing more."""

    finishes = False


def territory_of(code, permission, book):
    """The territory of this code, where the author may do that. Raises Refused."""
    places = book.remembered(("territories", permission), lambda: _territories(book.user, permission))
    if code not in places:
        raise Refused("Ce territoire est inconnu, ou vous ne pouvez pas y écrire ces données.")
    return places[code]


def _territories(user, permission):
    return {territory.code: territory for territory in territories_for(user, permission)}


def allows(user, permission):
    """Does this account hold this somewhere?"""
    return scope_of(user).allows(permission)


def put(row, values, names):
    """Write {field: column} `names` of the instance from the values that are there. Returns it."""
    for field, column in names.items():
        if values.get(column) is not None:
            setattr(row, field, values[column])
    return row


def read_fields(row, names):
    """{column: value} of the plain fields of a row, {field: column}."""
    return {column: getattr(row, field) for field, column in names.items()}
