"""What a paper or a screen speaks of: the rows of some territories, a directorate, a market, a trade, some awards."""

from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db.models import Q

from markets.models import Alert, Award, Lot, Market, Meeting, ObjectiveEntry, PenaltyCase
from participants.models import EmploymentContract, ExitSituation, HoursEntry, JobPosting, Referral

# What has no value, told apart from « whatever the value »: lots without a trade, markets without an operation.
NOTHING = 0


@dataclass(frozen=True)
class Scope:
    """Rows a figure counts: those that meet everything given; nothing given, everything.

    `territory_ids` are those of a reader of several territories; `award_ids`, the awards of a company; `legal_basis`
    is that of the decision on the lot. NOTHING for a directorate, a trade or a legal basis: the rows that have none.
    """

    territory_id: int | None = None
    market_id: int | None = None
    directorate_id: int | None = None
    trade_id: int | None = None
    territory_ids: frozenset | None = None
    award_ids: frozenset | None = None
    operation_id: int | None = None
    legal_basis: str | None = None

    @classmethod
    def of(cls, statement):
        return cls(
            territory_id=statement.territory_id,
            market_id=statement.market_id,
            directorate_id=statement.directorate_id,
        )

    def hours(self):
        return HoursEntry.objects.filter(self._where(award="contract__award"))

    def contracts(self):
        return EmploymentContract.objects.filter(self._where(award="award"))

    def exits(self):
        """Situations that are still to be known: those of a merged path were dropped."""
        return ExitSituation.objects.filter(self._where(award="award"), dropped_on__isnull=True)

    def lots(self):
        """Lots with a clause."""
        return Lot.objects.with_clause().filter(self._where(lot="", award="awards"))

    def markets(self):
        """Markets, with a clause or not; in a territory as soon as one of their lots is."""
        lots = Lot.objects.filter(self._where(lot="", award="awards"))
        return Market.objects.filter(pk__in=lots.values("market")) if self.is_narrow else Market.objects.all()

    def awards(self):
        return Award.objects.filter(self._where(territory="lot__territory", market="lot__market", award=""))

    def objectives(self):
        prefix = "award__lot__"
        return ObjectiveEntry.objects.filter(
            self._where(territory=f"{prefix}territory", market=f"{prefix}market", lot=prefix, award="award")
        )

    def alerts(self):
        """Alerts of the territory, whatever they are about; of a market or a directorate, those of their lots."""
        return Alert.objects.filter(self._where(market="lot__market", award="lot__awards"))

    def meetings(self):
        return Meeting.objects.filter(self._where(market="lot__market", award="lot__awards"))

    def postings(self):
        return JobPosting.objects.filter(self._where(market="lot__market", award="award"))

    def referrals(self):
        prefix = "posting__"
        return Referral.objects.filter(
            self._where(
                territory=f"{prefix}territory",
                market=f"{prefix}lot__market",
                lot=f"{prefix}lot__",
                award=f"{prefix}award",
            )
        )

    def penalties(self):
        prefix = "award__lot__"
        return PenaltyCase.objects.filter(
            self._where(territory=f"{prefix}territory", market=f"{prefix}market", lot=prefix, award="award")
        )

    @property
    def is_narrow(self):
        """False when it is everything."""
        return any(value is not None for value in self.__dict__.values())

    def _where(self, territory="territory", market="market", lot="lot__", award="award"):
        """The condition of this scope on rows that reach these things by these paths."""
        asked = {
            territory: self.territory_id,
            f"{territory}__in": self.territory_ids,
            market: self.market_id,
            f"{market}__operation__directorate": self.directorate_id,
            f"{market}__operation": self.operation_id,
            f"{lot}trade": self.trade_id,
            f"{lot}decision__legal_basis": self.legal_basis,
            f"{award}__in" if award else "pk__in": self.award_ids,
        }
        conditions = (_same(path, value) for path, value in asked.items() if value is not None)
        return reduce(and_, conditions, Q())


def _same(path, value):
    """Condition: the value at this path, or none at all when it is NOTHING."""
    if value != NOTHING:
        return Q(**{path: value})
    return Q(**{f"{path}__isnull": True}) | (Q(**{path: ""}) if path.endswith("legal_basis") else Q())


def running_between(first, last):
    """Condition: a contract runs on at least one day of the period, both days included."""
    return Q(starts_on__lte=last) & (Q(ends_on__isnull=True) | Q(ends_on__gte=first))
