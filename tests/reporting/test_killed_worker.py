"""A worker killed for good in the middle of a PDF: its lock falls with it, the next one makes one paper."""

import subprocess
import sys

import pytest
from django.db import connection

from clauses_portal.core.jobs import JobState
from reporting.models import ExportJob, Statement
from reporting.services.production import ask
from reporting.tasks import produce_statement
from tests.factories.accounts import author
from tests.factories.reporting import StatementFactory

WORKER = """
import sys, time
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from reporting.statements import parts
def lay_out(*args, **options):
    print("laying out", flush=True)
    time.sleep(60)
parts.render_pdf = lay_out
from reporting.tasks import produce_statement
produce_statement(int(sys.argv[2]))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("today")
def test_a_worker_killed_in_the_middle_of_a_paper():
    job = ask(statement=StatementFactory(), by=author(), publish=True, from_console=True)
    worker = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", WORKER, connection.settings_dict["NAME"], str(job.pk)], stdout=subprocess.PIPE
    )
    try:
        assert worker.stdout.readline() == b"laying out\n"
        produce_statement(job.pk)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (JobState.RUNNING, 1)
    finally:
        worker.kill()
        worker.wait(timeout=10)
        worker.stdout.close()
    for _ in range(2):
        produce_statement(job.pk)
    job = ExportJob.objects.get()
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert Statement.objects.published().count() == 1
