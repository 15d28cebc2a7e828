"""Where a contract is carried out. The declared type is often wrong: the shape of the code decides."""

import re

from markets.importers.decp.shapes import pick
from markets.importers.decp.values import known
from markets.importers.decp.vocabulary import PLACE_TYPES, translate

_DEPARTMENT = re.compile(r"\d{2}|2[AB]|9[78]\d")
_FIVE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_OTHER = {"arrondissement", "canton", "region", "country"}


def read_place(flat):
    """`(code, type, warning)`. Type is a value of `PLACE_TYPES`; of five digits whose declared type cannot be
    true, the type is `""`: a commune or a postal code, to be tried in that order."""
    code = re.sub(r"\s", "", known(pick(flat, "lieuexecutioncode"), 20)).upper()
    declared = translate(pick(flat, "lieuexecutiontypecode"), PLACE_TYPES)
    if not code:
        return "", "", ""
    if code in {"FR", "FRANCE"}:
        return "FR", "country", ""
    if declared in _OTHER and not _FIVE.fullmatch(code):
        return code, declared, ""
    code = re.sub(r"^FR-?(?=\w)", "", code)
    if re.fullmatch(r"0\d[\dAB]", code):
        code = code[1:]
    if _DEPARTMENT.fullmatch(code):
        return code, "department", ""
    if _FIVE.fullmatch(code):
        return code, declared if declared in {"postal", "commune"} else "", ""
    return "", "", "lieu d’exécution illisible, ignoré"
