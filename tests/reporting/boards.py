"""Reading the dashboard: the figures of the page, of its files and of its data, in one shape."""

from decimal import Decimal

from django.urls import reverse

from clauses_portal.core.tables import read_table
from facilitators.permissions import grant
from tests.factories.accounts import UserFactory
from tests.support.pages import document, tidy
from tests.support.strictness import StrictClient

URL = "/tableau-de-bord/"


def signed_in(role, **place):
    """A client signed in with this role; its account is `.user`."""
    client = StrictClient()
    client.user = UserFactory()
    grant(user=client.user, role=role, by=None, **place)
    client.force_login(client.user)
    return client


def on_screen(client, **filters):
    """{(code, detail): {texts}} of the page: a figure shown twice must say the same."""
    page = document(client.get(URL, filters))
    found = {}
    for element in page.xpath("//*[@data-figure]"):
        key = element.get("data-figure"), element.get("data-detail") or ""
        found.setdefault(key, set()).add(tidy(" ".join(element.itertext())))
    return found


def in_file(client, file_format, **filters):
    """{(code, detail): value or mention} of an export."""
    response = client.get(reverse("reporting:dashboard_export", args=[file_format]), filters)
    table = read_table(f"a.{file_format}", response.getvalue())
    lines = [dict(zip(table.headers, row, strict=True)) for row in table.rows]
    return {(line["Code"], line["Détail"] or ""): number(line["Valeur"], line["Mention"]) for line in lines}


def in_data(client, **filters):
    """{(code, detail): value or mention} of the JSON."""
    figures = client.get(reverse("reporting:dashboard_data"), filters).json()["figures"]
    return {(one["code"], one["detail"]): number(one["value"], one["mention"]) for one in figures}


def number(value, mention):
    """A Decimal, the mention of what is secret, or None."""
    if value in (None, ""):
        return mention or None
    return Decimal(str(value).replace(",", "."))
