"""What is known while the lines of an import are read: the names of the other program, the rights of the author."""

from facilitators.references import name_row
from reporting.enums import ExchangeOutcome as O
from reporting.enums import ExchangeTable as T
from reporting.exchange import names
from reporting.exchange.lines import LINES
from reporting.exchange.lines.base import PENDING, Refused

UNKNOWN = "{label} : cette référence est inconnue, ou vous n’y avez pas accès."
PARENT_REFUSED = "La ligne dont elle dépend est refusée ({label})."
TWICE = "Cette référence figure déjà à la ligne {row}."


class Book:
    """The memory of one run. `lines`: {table: {reference: (outcome, row id or None)}} of what it brings."""

    def __init__(self, run):
        self.run, self.user, self.structure, self.system = run, run.asked_by, run.structure, run.system
        self.lines = {kind: {} for kind in T}
        self.known = {kind: {} for kind in T}  # {reference: (row id, is the name the other program's)}
        self.allowed = {}  # {(table, permission): {row id}} and those that were asked
        self.memory = {}
        self.hours = None  # what the hours of a batch are written upon

    def remembered(self, key, make):
        """What `make` gives, asked once."""
        if key not in self.memory:
            self.memory[key] = make()
        return self.memory[key]

    def learn(self, kind, references):
        """Read what these references of a table name, in one query."""
        unknown = {reference for reference in references if reference} - self.known[kind].keys()
        if unknown:
            found = names.find_known(self.structure, self.system, kind, unknown)
            self.known[kind].update({reference: found.get(reference) for reference in unknown})

    def named(self, kind, reference):
        """(row id, is the name the other program's), or (None, False)."""
        return self.known[kind].get(reference) or (None, False)

    def name(self, kind, reference, pk):
        """A row has just been named."""
        self.known[kind][reference] = (pk, True)

    def give_name(self, kind, reference, pk):
        """Write the name the other program gives to a row. Raises DomainError when it names another."""
        name_row(self.structure, names.RESOURCES[kind], reference, pk, system=self.system)
        self.name(kind, reference, pk)

    def first_lot_of(self, market):
        """(reference, data) of the first line that is a lot of the market of this reference, or None."""
        rows = self.run.lines.filter(table=T.LOTS, data__marche=market).exclude(outcome=O.REFUSED)
        return rows.order_by("row").values_list("reference", "data").first()

    def resolve(self, table, column, reference):
        """The row id a column refers to, PENDING when a line will make it. Raises Refused."""
        target = table.references[column.name]
        outcome, pk = self.lines[target].get(reference, (None, None))
        if outcome == O.REFUSED:
            raise Refused(PARENT_REFUSED.format(label=column.label.lower()))
        pk = pk or self.named(target, reference)[0]
        if pk is None and outcome == O.NEW:
            return PENDING
        if pk is None or not self._may_use(target, table.permission, pk):
            raise Refused(UNKNOWN.format(label=column.label))
        return pk

    def allow(self, kind, permission, ids):
        """Read on which of these rows the author may act, in one query."""
        asked, held = self.allowed.setdefault((kind, permission), (set(), set()))
        new = set(ids) - asked
        if new:
            asked |= new
            rows = LINES[kind].model.objects.actionable_by(self.user, permission)
            held |= set(rows.filter(pk__in=new).order_by().values_list("pk", flat=True))

    def _may_use(self, kind, permission, pk):
        """A company is a public fact; any other row is the author's to act upon, or does not exist for her."""
        if kind == T.COMPANIES:
            return True
        self.allow(kind, permission, {pk})
        return pk in self.allowed[kind, permission][1]
