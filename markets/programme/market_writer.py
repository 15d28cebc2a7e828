"""The market of a group of lines: found or made, then completed once its lots are there."""

from django.utils import timezone

from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import NBSP
from clauses_portal.core.services import validated_save
from clauses_portal.core.text import search_key
from facilitators.reference import DEPARTMENT_SIRET
from markets.enums import MarketKind
from markets.importers.decp.told import guess_kind
from markets.models import Market, MarketFinancials
from markets.programme.overlay import is_programmed, is_settled, overlay
from markets.services.markets import change_market, refuse_past_publication

DESCRIPTION = ("title", "kind", "procedure", "cpv")
CALENDAR = ("planned_publication_on", "planned_tenders_on", "planned_notification_on")
GENERATED = "PRG-"
SEVERAL = "Plusieurs marchés de cette opération ont cet objet : indiquez le numéro du marché."
SETTLED = "marché déjà notifié, laissé tel quel"
UNDER_REVIEW = "marché déjà à l’instruction : seul son calendrier est repris"


class MarketWriter:
    """`notes` are for the report."""

    def __init__(self, operation, group, by):
        self.operation, self.group, self.told, self.by = operation, group, group.told, by
        self.market, self.is_new, self.notes = None, False, []

    def find(self):
        """The market that is there already, or None. Raises DomainError when several have this object."""
        markets = list(self.operation.markets.all())
        same_title = [market for market in markets if search_key(market.title) == search_key(self.told["title"])]
        number = search_key(self.told.get("market_number", ""))
        if number:
            found = [market for market in markets if search_key(market.number) == number]
            # a line that had no number until now
            found += [market for market in same_title if market.number.startswith(GENERATED)]
        elif self.group.is_ambiguous or len(same_title) > 1:
            raise DomainError(SEVERAL)
        else:
            found = same_title
        self.market = next(iter(found), None)
        return self.market

    def create(self):
        """Make the market, without lots yet. Raises ValidationError."""
        kind = self.told.get("kind") or guess_kind(self.told["title"])
        if "kind" not in self.told:
            self.notes.append(f"nature déduite de l’objet{NBSP}: {MarketKind(kind).label}")
        values = {name: self.told[name] for name in (*DESCRIPTION, *CALENDAR) if name in self.told}
        values |= _period((line.starts_on, line.ends_on) for line in self.group.lines)
        number = self.told.get("market_number") or self._next_number()
        market = Market(operation=self.operation, buyer_siret=DEPARTMENT_SIRET, number=number)
        overlay(market, values | {"kind": kind})
        refuse_past_publication(market)
        self.market, self.is_new = validated_save(market, by=self.by), True
        if "market_number" not in self.told:
            self.notes.append(f"numéro provisoire {number}")
        return market

    def _next_number(self):
        """« PRG-EDUC-2027-001 »: by direction and year, until procurement gives a number."""
        days = (self.told.get(name) for name in CALENDAR)
        year = next((day.year for day in days if day), timezone.localdate().year)
        prefix = f"{GENERATED}{self.operation.directorate.code}-{year}-"
        taken = Market.objects.filter(number__startswith=prefix).values_list("number", flat=True)
        ranks = [int(rank) for number in taken if (rank := number.removeprefix(prefix)).isdecimal()]
        return f"{prefix}{max(ranks, default=0) + 1:03d}"

    def complete(self):
        """Bring the market up to date with what is told and with its lots; returns True when something was written."""
        if is_settled(self.market):
            self.notes.append(SETTLED)
            return False
        told = {name: self.told.get(name) for name in CALENDAR}
        told |= _period(self.market.lots.values_list("starts_on", "ends_on"))
        told["number"] = self.told.get("market_number")
        programmed = is_programmed(self.market)
        if programmed:
            told |= {name: self.told.get(name) for name in DESCRIPTION}
        else:
            self.notes.append(UNDER_REVIEW)
        written = overlay(self.market, told)
        if written and self.is_new:
            validated_save(self.market, by=self.by)  # nobody knew another calendar
        elif written:
            change_market(market=self.market, by=self.by)
        return (programmed and self._write_amount()) or bool(written)

    def _write_amount(self):
        """The estimate of the market: told, or that of its single line when it names no lot."""
        amount = self.told.get("market_amount")
        if amount is None and len(self.group.lines) == 1 and not self.group.lines[0].names_a_lot:
            amount = self.group.lines[0].lot_amount
        financials = MarketFinancials.objects.filter(market=self.market).first()
        financials = financials or MarketFinancials(market=self.market)
        if not overlay(financials, {"estimated_amount": amount}):
            return False
        validated_save(financials, by=self.by)
        return True


def _period(days):
    """{starts_on, ends_on} of a market: from the first of its lots to the last, those that are known."""
    days = list(days)
    return {
        "starts_on": min((start for start, _ in days if start), default=None),
        "ends_on": max((end for _, end in days if end), default=None),
    }
