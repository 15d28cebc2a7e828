"""The page « Définitions »: every figure there is, said in French, for everyone (issue 5)."""

import pytest
from django.urls import reverse

from facilitators.enums import Role
from reporting.indicators.catalogue import by_family, every_figure
from reporting.indicators.definition import Breakdown, Indicator
from tests.support.pages import document, tidy

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.MISSION_OFFICER, Role.DIRECTOR, Role.ADMINISTRATOR])
def test_everyone_reads_what_every_figure_counts(as_role, role):
    page = document(as_role(role).get(reverse("reporting:definitions")))
    assert page.xpath("//article/@id") == [figure.code for _, figures in by_family() for figure in figures]
    assert set(page.xpath("//article/@id")) == set(every_figure())
    told = tidy(" ".join(page.xpath("//main")[0].itertext()))
    assert "Convention, article 2-2 (C14)" in told


def test_every_figure_says_what_when_and_by_which_rule():
    for figure in every_figure().values():
        for text in (figure.label, figure.definition, figure.moment, figure.source):
            assert text.strip(), figure.code
        assert figure.definition.endswith("."), figure.code


def test_labels_are_not_confused():
    """Two figures of the same name would be taken for one another."""
    labels = [figure.label for figure in every_figure().values() if isinstance(figure, Indicator | Breakdown)]
    assert len(labels) == len(set(labels)), sorted(label for label in labels if labels.count(label) > 1)
