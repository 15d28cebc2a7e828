"""What a reader may see on the dashboard: where, and whether to the person or in aggregates only (design.md §3)."""

from dataclasses import dataclass

from facilitators.enums import Permission
from facilitators.permissions import directorates_for, scope_of, territories_for
from reporting.indicators.scope import Scope

P = Permission


@dataclass(frozen=True)
class Reader:
    """An account before the dashboard. `VIEW_STATEMENTS` opens it; `VIEW_HOURS` gives small numbers of persons."""

    user: object

    @property
    def _rights(self):
        return scope_of(self.user)

    @property
    def is_everywhere(self):
        return P.VIEW_STATEMENTS in self._rights.everywhere

    @property
    def territory_ids(self):
        return self._rights.territories.get(P.VIEW_STATEMENTS, frozenset())

    @property
    def directorate_ids(self):
        return self._rights.directorates.get(P.VIEW_STATEMENTS, frozenset())

    @property
    def is_of_a_directorate(self):
        """True when only her directorate gives her something to read: she then reads one at a time."""
        return not self.is_everywhere and not self.territory_ids

    @property
    def is_of_territories(self):
        return not self.is_everywhere and bool(self.territory_ids)

    def territories(self):
        """Territories she may choose; those of a directorate are anywhere, she reads them together."""
        return territories_for(self.user, P.VIEW_STATEMENTS)

    def directorates(self):
        return directorates_for(self.user, P.VIEW_STATEMENTS)

    def scope(self, *, territory=None, directorate=None, trade=None):
        """The `Scope` of what she chose, never wider than what she may read.

        A directorate of hers is read everywhere; else she reads her territories.
        """
        own = directorate is not None and directorate.pk in self.directorate_ids
        narrowed = self.is_everywhere or territory is not None or own
        return Scope(
            territory_id=territory.pk if territory else None,
            territory_ids=None if narrowed else frozenset(self.territory_ids),
            directorate_id=directorate.pk if directorate else None,
            trade_id=trade.pk if trade else None,
        )

    def is_exact(self, scope):
        """True when she may know the number of persons of this scope even under five."""
        if P.VIEW_HOURS in self._rights.everywhere:
            return True
        asked = {scope.territory_id} if scope.territory_id else scope.territory_ids
        return asked is not None and asked <= self._rights.territories.get(P.VIEW_HOURS, frozenset())

    @property
    def reads_markets(self):
        return self._rights.allows(P.VIEW_MARKETS)

    @property
    def reads_details(self):
        """True when she reads small numbers somewhere, hence quarters; others read whole years (A30)."""
        return self._rights.allows(P.VIEW_HOURS)
