"""What a foreign file calls by its own words, found in the portal: communes, territories, companies, awards."""

from collections import defaultdict
from dataclasses import dataclass

from clauses_portal.core.text import search_key
from facilitators.enums import Permission
from facilitators.models import Commune
from facilitators.permissions import territories_for
from markets.enums import AwardRole, LotState
from markets.models import Award, Company
from reporting.enums import ExchangeTable as T
from reporting.exchange.names import own_reference

NO_MARKET = "Marché : aucun ne porte ce numéro dans votre périmètre."
NO_LOT = "Lot : ce marché n’a pas ce lot, ou pas encore d’entreprise."
NOT_ON_IT = "Entreprise du marché : elle n’est pas sur ce lot."
SEVERAL = "Marché : plusieurs entreprises ou plusieurs lots conviennent ; précisez le lot ou le SIRET de l’entreprise."
WITH_AWARDS = (LotState.AWARDED, LotState.RUNNING, LotState.CLOSED)


class Unplaced(Exception):
    """What a line names is not found; its message is the French sentence that says so."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


def digits_of(text):
    """The digits of « 123 456 789 00012 », « » when there is anything else."""
    digits = "".join(text.split())
    return digits if digits.isascii() and digits.isdecimal() else ""


def close_key(text):
    """« 2026 - 012 » and « 2026-012 » are the same number."""
    return search_key(text).replace(" ", "")


class Communes:
    """The Insee code of a commune written by its name, its postal code, or both: « 13100 Aix-en-Provence »."""

    def __init__(self):
        self.codes, self.by_name, self.by_postal_code = set(), defaultdict(set), defaultdict(set)
        for code, name, postal_codes in Commune.objects.values_list("pk", "name", "postal_codes"):
            self.codes.add(code)
            self.by_name[search_key(name)].add(code)
            for postal_code in postal_codes:
                self.by_postal_code[postal_code].add(code)

    def find(self, text):
        """Its Insee code; the text itself when it names none, or several."""
        if text in self.codes:
            return text
        words = search_key(text).split()
        uncoded = [_in_full(word) for word in words if not (word.isdecimal() and len(word) == 5)]
        plain = [word for word in uncoded if not word.isdecimal() and word != "cedex"]
        named = self.by_name.get(" ".join(uncoded)) or self.by_name.get(" ".join(plain), set())
        served = set().union(*(self.by_postal_code.get(word, set()) for word in words))
        found = named & served or named or served
        return next(iter(found)) if len(found) == 1 else text


def _in_full(word):
    return {"st": "saint", "ste": "sainte"}.get(word, word)


@dataclass(frozen=True)
class Place:
    """An award as a file may name it."""

    pk: int
    number: str
    lot: str
    siret: str
    company: str
    answers: bool  # nobody's subcontractor


class Awards:
    """The awards of the territories where this account exchanges data, found by market, lot and company."""

    def __init__(self, user):
        rows = Award.objects.visible_to(user).filter(lot__state__in=WITH_AWARDS)
        rows = rows.filter(lot__territory__in=territories_for(user, Permission.EXCHANGE_DATA)).order_by("pk")
        self.by_number = defaultdict(list)
        names = ("pk", "lot__market__number", "lot__number", "company__siret", "company__name", "role")
        for pk, number, lot, siret, company, role in rows.values_list(*names):
            place = Place(pk, number, str(lot), siret, company, role != AwardRole.SUBCONTRACTOR)
            self.by_number[close_key(number)].append(place)
        self.found = {}

    def find(self, market, lot="", company="", employer=""):
        """The Place that these texts name; `employer` (SIRET) tells apart those that are left. Raises Unplaced."""
        key = market, lot, company, employer
        if key not in self.found:
            self.found[key] = self._search(*key)
        if isinstance(self.found[key], str):
            raise Unplaced(self.found[key])
        return self.found[key]

    def knows(self, market):
        """Does this text name a market?"""
        return bool(self._of_market(market))

    def _search(self, market, lot, company, employer):
        places = self._of_market(market)
        if not places:
            return NO_MARKET
        lot = lot or _lot_in(market)
        if lot and len(places) > 1:
            places = [place for place in places if close_key(place.lot) == close_key(lot.removeprefix("lot"))]
        if not places:
            return NO_LOT
        if company:
            places = [place for place in places if _is_company(place, company)]
        if not places:
            return NOT_ON_IT
        own = [place for place in places if place.siret == employer] if len(places) > 1 else []
        principal = [place for place in places if place.answers]
        found = next((group for group in (places, own, principal) if len(group) == 1), None)
        return found[0] if found else SEVERAL

    def _of_market(self, text):
        """By its number, or by a text that holds it: « Marché 2026-012, lot 2 »."""
        whole = self.by_number.get(close_key(text))
        if whole or not text:
            return whole or []
        words = f" {search_key(text)} "
        groups = [group for group in self.by_number.values() if f" {search_key(group[0].number)} " in words]
        return [place for group in groups for place in group]


def _lot_in(text):
    _, named, after = search_key(text).rpartition("lot ")
    return after.split()[0] if named and after else ""


def _is_company(place, text):
    digits = digits_of(text)
    if len(digits) in {9, 14}:
        return place.siret.startswith(digits)
    key = search_key(text)
    return bool(key) and (key in search_key(place.company) or search_key(place.company) in key)


class Companies:
    """SIRET of the companies a file names without it, among those the portal knows by exactly that name."""

    def __init__(self):
        self.found = {}

    def find(self, text):
        """A SIRET, or the text itself."""
        if digits_of(text):
            return digits_of(text)
        if text not in self.found:
            sirets = set(Company.objects.filter(name__unaccent__iexact=text).values_list("siret", flat=True)[:2])
            self.found[text] = sirets.pop() if len(sirets) == 1 else text
        return self.found[text]


def award_reference(place):
    """How the lines of a package name this award."""
    return own_reference(T.AWARDS, place.pk)
