"""Communes, territories and trades, found by the words of a spreadsheet. Read once per import."""

from clauses_portal.core.errors import DomainError
from clauses_portal.core.french import NBSP
from clauses_portal.core.text import search_key
from facilitators.models import Commune, Territory
from markets.models import Trade
from markets.programme.vocabulary import commune_key


class Places:
    def __init__(self):
        self._communes = {}
        for commune in Commune.objects.select_related("territory"):
            self._communes.setdefault(commune_key(commune.name), []).append(commune)
            self._communes.setdefault(commune.insee_code, []).append(commune)
            for code in commune.postal_codes:
                self._communes.setdefault(code, []).append(commune)
        self._territories = {}
        for territory in Territory.objects.all():
            names = (territory.name, territory.code, territory.slug)
            self._territories |= {search_key(name): territory for name in names}
        self._trades = {}
        for trade in Trade.objects.all():
            for name in (trade.label, trade.code, *trade.label.split(",")):
                self._trades.setdefault(search_key(name), trade)

    def check(self, line):
        """Raise DomainError when a commune or the territory of a `ProgrammeLine` is unknown."""
        self.communes(line.communes)
        if line.territory:
            self.territory(line.territory)

    def communes(self, texts):
        """The communes of these texts (name, Insee or postal code). Raises DomainError."""
        return [self._commune(text) for text in texts]

    def _commune(self, text):
        found = self._communes.get(text) or self._communes.get(commune_key(text), [])
        if not found:
            raise DomainError(f"Commune inconnue{_quoted(text)}. Écrivez son nom, son code postal ou son code Insee.")
        if len(found) > 1:
            raise DomainError(f"Ce code postal est celui de plusieurs communes{NBSP}: écrivez le nom de la commune.")
        return found[0]

    def territory(self, text):
        """The territory of this name or code. Raises DomainError."""
        try:
            return self._territories[search_key(text)]
        except KeyError:
            raise DomainError(f"Territoire inconnu{_quoted(text)}.") from None

    def trade(self, text):
        """The trade of this label (or of a part of it) or code, or None."""
        return self._trades.get(search_key(text))


def _quoted(text):
    """« : « Aix » », unless there is a figure in it: a column taken for another may hold amounts (C27)."""
    if any(map(str.isdigit, text)):
        return ""
    return f"{NBSP}: «{NBSP}{text[:40]}{NBSP}»"
