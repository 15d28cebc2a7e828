"""Codes of the public nomenclatures, typed or searched: ROME (occupations) and CPV (what is bought)."""

import re

from django import forms

from clauses_portal.core.comboboxes import SearchInput
from clauses_portal.core.french import NBSP
from markets.models import CpvCode, RomeCode

MOST_OCCUPATIONS = 20
SEPARATORS = re.compile(r"[,;\s]+")
ROME = re.compile(r"[A-N][0-9]{4}")
CPV = re.compile(r"([0-9]{8})(?:\s*-\s*[0-9])?(?![0-9])")


def codes_in(text):
    """Codes of « F1703, f1704 », each once, in their order."""
    return list(dict.fromkeys(part.upper() for part in SEPARATORS.split(text) if part))


def rome_labels(text):
    """{code: « code – occupation »} of the known codes of this text."""
    codes = [code for code in codes_in(text) if ROME.fullmatch(code)]
    return {row.pk: str(row) for row in RomeCode.objects.filter(code__in=codes[:MOST_OCCUPATIONS])}


def cpv_labels(text):
    """{code: « code – label »} of this code, empty when the portal does not know it."""
    found = CPV.match(text)
    return {row.pk: str(row) for row in CpvCode.objects.filter(code=found[1])} if found else {}


class RomeField(forms.CharField):
    """Occupations: codes separated by commas, given as a list of `RomeCode`."""

    default_error_messages = {
        "format": f"«{NBSP}%(code)s{NBSP}» n’est pas un code ROME{NBSP}: une lettre de A à N et quatre chiffres, "
        "par exemple F1703.",
        "unknown": f"Le code ROME %(code)s n’existe pas{NBSP}: cherchez le métier par son nom.",
        "too_many": f"Indiquez {MOST_OCCUPATIONS} métiers au plus.",
    }

    def __init__(self, **kwargs):
        widget = SearchInput(
            search="markets:rome_search", labels=rome_labels, several=True, placeholder="Un métier ou un code"
        )
        super().__init__(
            required=False, max_length=400, widget=widget, help_text="Codes ROME, par exemple F1703, F1606.", **kwargs
        )

    def prepare_value(self, value):
        return value if isinstance(value, str) or value is None else ", ".join(row.pk for row in value)

    def clean(self, value):
        codes = codes_in(super().clean(value))
        if len(codes) > MOST_OCCUPATIONS:
            raise self._refusal("too_many")
        for code in codes:
            if not ROME.fullmatch(code):
                raise self._refusal("format", code)
        known = RomeCode.objects.in_bulk(codes)
        for code in codes:
            if code not in known:
                raise self._refusal("unknown", code)
        return [known[code] for code in codes]

    def _refusal(self, kind, code=""):
        return forms.ValidationError(self.error_messages[kind], code=kind, params={"code": code[:20]})


class CpvField(forms.CharField):
    """A CPV code of eight digits; its check digit (« -7 ») and its label may follow and are left aside."""

    default_error_messages = {"format": "Un code CPV compte 8 chiffres."}

    def __init__(self, **kwargs):
        widget = SearchInput(
            search="markets:cpv_search", labels=cpv_labels, placeholder="Une prestation ou un code de 8 chiffres"
        )
        super().__init__(required=False, max_length=400, widget=widget, **kwargs)

    def clean(self, value):
        typed = super().clean(value)
        found = CPV.match(typed)
        if typed and not found:
            raise forms.ValidationError(self.error_messages["format"], code="format")
        return found[1] if found else ""
