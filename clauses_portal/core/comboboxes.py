"""Fields one searches instead of scrolling: an ordinary field, which static/js/combobox.js turns into a combobox.

Without JavaScript the field stays what it is: a list, or codes typed and separated by commas.
"""

import json

from django import forms
from django.http import JsonResponse
from django.urls import reverse

MOST = 12  # what a list of suggestions can show
LONGEST_QUESTION = 80
SCRIPTS = (forms.Script("js/combobox.js", defer=True),)


def question_of(request):
    """What is asked, ?q=, without the signs PostgreSQL would refuse; « » under two characters."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION]
    return asked if len(asked) > 1 else ""


def answer_options(rows):
    """Suggestions as JSON, {"options": [{"value", "label"}]}: the first twelve of these rows."""
    return JsonResponse({"options": [{"value": str(row.pk), "label": str(row)} for row in rows[:MOST]]})


class SearchMixin:
    """`search` is the name of the route that gives the suggestions."""

    search = ""

    @property
    def media(self):
        return forms.Media(js=SCRIPTS)

    def build_attrs(self, base_attrs, extra_attrs=None):
        return super().build_attrs(base_attrs, extra_attrs) | {"data-search": reverse(self.search)}


class SearchSelect(SearchMixin, forms.SelectMultiple):
    """A list of which several lines may be chosen."""

    def __init__(self, *, search, placeholder, **kwargs):
        super().__init__(**kwargs)
        self.search = search
        self.attrs["data-placeholder"] = placeholder


class SearchInput(SearchMixin, forms.TextInput):
    """Codes typed. `labels` gives {code: « code – label »} of a text; `several`: separated by commas.

    The script sends each code it holds as a field of the same name: they are read together.
    """

    def __init__(self, *, search, labels, placeholder, several=False, **kwargs):
        super().__init__(**kwargs)
        self.search, self.labels = search, labels
        self.attrs["data-placeholder"] = placeholder
        if several:
            self.attrs["data-several"] = "yes"

    def value_from_datadict(self, data, files, name):
        texts = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return ", ".join(text for text in texts if text.strip()) if name in data else None

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        known = self.labels(context["widget"]["value"] or "")
        context["widget"]["attrs"]["data-known"] = json.dumps(known, ensure_ascii=False)
        return context
