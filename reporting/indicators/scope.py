"""What a statement speaks of: the rows of one territory, or of one market."""

from dataclasses import dataclass

from django.db.models import Q

from markets.models import Alert, Lot, ObjectiveEntry
from participants.models import EmploymentContract, HoursEntry


@dataclass(frozen=True)
class Scope:
    """Rows a statement counts. Exactly one of `territory_id` and `market_id` is given."""

    territory_id: int | None = None
    market_id: int | None = None

    @classmethod
    def of(cls, statement):
        return cls(territory_id=statement.territory_id, market_id=statement.market_id)

    def hours(self):
        return HoursEntry.objects.filter(**self._key())

    def contracts(self):
        return EmploymentContract.objects.filter(**self._key())

    def lots(self):
        """Lots with a clause."""
        return Lot.objects.with_clause().filter(**self._key())

    def objectives(self):
        return ObjectiveEntry.objects.filter(**self._key("award__lot__"))

    def alerts(self):
        """Alerts of the territory, whatever they are about; of a market, those of its lots."""
        key = {"territory": self.territory_id} if self.territory_id else {"lot__market": self.market_id}
        return Alert.objects.filter(**key)

    def _key(self, prefix=""):
        if self.territory_id:
            return {f"{prefix}territory": self.territory_id}
        return {f"{prefix}market": self.market_id}


def running_between(first, last):
    """Condition: a contract runs on at least one day of the period, both days included."""
    return Q(starts_on__lte=last) & (Q(ends_on__isnull=True) | Q(ends_on__gte=first))
