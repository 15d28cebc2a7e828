"""`seed_demo` as `make demo` types it: with its published papers, and again."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from clauses_portal.core.periods import Quarter
from participants.models import ClosedPeriod
from reporting.models import ExportJob, Statement


def numbers_of_rows():
    """{table: number of rows}, histories included."""
    return {model._meta.db_table: model._base_manager.count() for model in apps.get_models()}


@pytest.mark.django_db(transaction=True)
def test_the_demonstration_is_made_once_with_its_published_quarters(settings, capsys):
    settings.DEMO = True
    call_command("seed_demo", scale="small")
    last = Quarter.of(timezone.localdate()).previous
    papers = Statement.objects.published().filter(kind="quarterly").values_list("period_code", "territory__code")
    expected = {str(quarter) for quarter in (last.previous.previous, last.previous)}
    assert set(papers) == {(quarter, code) for quarter in expected for code in ("AIX", "AUBAGNE", "MARTIGUES")}
    assert ClosedPeriod.objects.count() == 6
    assert set(ExportJob.objects.values_list("state", flat=True)) == {"done"}
    assert "6 états publiés" in capsys.readouterr().out
    call_command("check_consistency")
    call_command("check_grants")
    capsys.readouterr()

    before = numbers_of_rows()
    call_command("seed_demo", scale="small")
    assert "rien n’a changé" in capsys.readouterr().out
    assert numbers_of_rows() == before
