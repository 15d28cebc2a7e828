"""The demonstration shows what the end of a market leaves, and says it once."""

import pytest
from django.utils import timezone

from reporting.demo.calendar import DemoCalendar
from reporting.demo.closing import close_markets
from reporting.demo.seed import build
from reporting.demo.world import SCALES
from reporting.enums import FileKind, StatementKind
from reporting.models import ExecutionCertificate, ExecutionProposal, Statement, StatementFile


@pytest.mark.django_db
def test_markets_that_are_over_are_closed_once():
    """The small demonstration has one such market; the whole one has five."""
    build(DemoCalendar(timezone.localdate()), SCALES["small"])
    assert close_markets() == 1
    (report,) = Statement.objects.filter(kind=StatementKind.CLOSING)
    assert report.published_at
    assert StatementFile.objects.filter(kind=FileKind.COMPANY, statement=report).exists()
    assert ExecutionProposal.objects.count() == ExecutionCertificate.objects.count() == 1
    assert close_markets() == 0
    assert Statement.objects.filter(kind=StatementKind.CLOSING).count() == 1
