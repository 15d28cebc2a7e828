"""The steps of a foreign file in a browser: accessible, on a wide screen and on a telephone."""

import pytest
from django.urls import reverse

from facilitators.enums import Role
from reporting.enums import ExchangeTable
from reporting.exchange.foreign.fields import guess_columns, months_of
from reporting.services.foreign import receive_file, set_columns, table_of
from tests.e2e.test_accessibility import PHONE, problems_of
from tests.factories.participants import EligibilityCategoryFactory
from tests.support.follow_ups import MONTHS, person, workbook

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_each_step_of_a_foreign_file_is_accessible(as_role, territory, convention, visit):
    client = as_role(Role.FACILITATOR)
    EligibilityCategoryFactory(code="RSA", label="Bénéficiaire du RSA")
    content = workbook([person(1, "2026-AB 12", **dict.fromkeys(MONTHS, 100))])
    place = {"structure": convention.structure, "territory": territory, "system": "Tableur"}
    run = receive_file(by=client.user, kind=ExchangeTable.FOLLOW_UP, file_name="a.xlsx", content=content, **place)
    headers = table_of(run).headers
    set_columns(run=run, columns=guess_columns("suivi", headers, months_of(headers)), by=client.user)
    paths = [reverse("reporting:foreign_file")]
    paths += [reverse(f"reporting:foreign_{step}", args=[run.pk]) for step in ("columns", "values", "preview")]
    found = {path: problems_of(visit(client, path, **screen)) for path in paths for screen in ({}, PHONE)}
    assert {path: problems for path, problems in found.items() if problems} == {}
