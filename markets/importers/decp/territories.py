"""Territory of reference of an imported lot. A person can change it afterwards: an import never does."""

from facilitators.models import Commune, Territory
from facilitators.reference import ELSEWHERE, WHOLE_DEPARTMENT

DEPARTMENT = "13"
REGION = "93"  # Provence-Alpes-Côte d’Azur
MARSEILLE = "13055"
_ARRONDISSEMENTS = {f"132{number:02}" for number in range(1, 17)}


class Territories:
    """The seeded places, read once per import."""

    def __init__(self):
        by_code = {territory.code: territory for territory in Territory.objects.all()}
        self.whole, self.elsewhere = by_code[WHOLE_DEPARTMENT], by_code[ELSEWHERE]
        territories = {territory.pk: territory for territory in by_code.values()}
        self._communes, self._postal_codes = {}, {}
        for commune in Commune.objects.all():
            territory = territories[commune.territory_id]
            self._communes[commune.insee_code] = territory
            for code in commune.postal_codes:
                self._postal_codes.setdefault(code, set()).add(territory)
        self._communes |= dict.fromkeys(_ARRONDISSEMENTS, self._communes.get(MARSEILLE, self.whole))

    def of(self, record):
        """`(territory, French note | "")` for a `DecpRecord`."""
        code, kind = record.place_code, record.place_type
        if not code:
            return self._from_buyer(record)
        if kind in {"country", "region", "arrondissement", "canton", "department"}:
            inside = code in {DEPARTMENT, "FR"} or (kind == "region" and code in {REGION, "FRL0"})
            inside = inside or (kind in {"arrondissement", "canton"} and code.startswith(DEPARTMENT))
            return self.whole if inside else self.elsewhere, ""
        found = self._candidates(code, kind)
        if len(found) == 1:
            return found.pop(), ""
        if found or code.startswith(DEPARTMENT):
            return self.whole, f"le code {code} ne désigne pas un seul territoire : département entier"
        return self.elsewhere, ""

    def _candidates(self, code, kind):
        commune = {self._communes[code]} if code in self._communes else set()
        postal = self._postal_codes.get(code, set())
        if kind == "commune":
            return commune
        return set(postal) if kind == "postal" else commune | postal

    def _from_buyer(self, record):
        if record.buyer_postal_code and not record.buyer_postal_code.startswith(DEPARTMENT):
            return self.elsewhere, "lieu d’exécution absent : celui de l’acheteur est retenu"
        return self.whole, "lieu d’exécution absent : département entier"
