"""Two real portals on one machine, each with its database: markets one way, hours the other (C22)."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import connection

from clauses_portal.core.jobs import outbox
from facilitators.models import Directorate, Territory
from markets.models import Award
from participants.models import HoursEntry
from reporting import tasks
from tests.factories.markets import AwardFactory, LotFactory
from tests.support.second_portal import reference_rows
from tests.support.sequences import count_from

SECOND = "second_portal_{database}"


class Portal:
    """A portal as a program sees it: an address and two keys."""

    def __init__(self, url, markets, persons):
        self.url, self.keys = url, {"markets": markets, "persons": persons}

    def ask(self, path, *, key, body=None, kind="application/json"):
        """What it answers: JSON, or the bytes of an archive."""
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        request = urllib.request.Request(f"{self.url}/api/v1{path}", data)  # noqa: S310 (http, on this machine)
        request.add_header("Authorization", f"Bearer {self.keys[key]}")
        request.add_header("Content-Type", kind)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(error.read().decode()) from error
        return content if content.startswith(b"PK") else json.loads(content)

    def package(self, direction, *, key):
        asked = self.ask("/packages/exports", key=key, body={"direction": direction})
        return self.ask(f"/packages/exports/{asked['id']}/download", key=key)

    def receive(self, content, *, key):
        """The report of a package once recorded."""
        number = self.ask("/packages", key=key, body=content, kind="application/zip")["id"]
        tried = self.ask(f"/packages/{number}", key=key)
        assert (tried["state"], tried["refused"]) == ("done", []), tried
        self.ask(f"/packages/{number}/record", key=key, body=b"")
        done = self.ask(f"/packages/{number}", key=key)
        assert (done["phase"], done["error"], done["refused"]) == ("recording", "", []), done
        return done["counts"]


@contextmanager
def another_database():
    """An empty copy of the schema, dropped afterwards."""
    template = connection.settings_dict["NAME"]
    name = SECOND.format(database=template)[:60]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def another_portal(database):
    """The second portal, in its own process."""
    command = [sys.executable, "-m", "tests.support.second_portal", database]
    told = {"SITE_URL": "https://facilitateur.example", "DJANGO_SETTINGS_MODULE": "clauses_portal.settings.test"}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR, env=os.environ | told
    )
    try:
        yield Portal(**json.loads(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()


@pytest.fixture
def two_portals(today, transactional_db, live_server, settings, monkeypatch):
    """(the Département's, the facilitator's), each with its own reference rows."""
    monkeypatch.setattr(outbox, "send", lambda job: getattr(tasks, job.task.rpartition(".")[2])(job.pk))
    settings.SITE_URL = "https://departement.example"
    with another_database() as database, another_portal(database) as facilitator:
        count_from(0)
        yield Portal(live_server.url, **reference_rows()), facilitator


@pytest.mark.e2e
def test_markets_go_one_way_and_hours_come_back(two_portals):
    department, facilitator = two_portals
    territory = Territory.objects.get(code="AIX")
    operation = {"communes": list(territory.communes.all()), "directorate": Directorate.objects.get(code="DEC")}
    lot = LotFactory(
        territory=territory, calibrated=True, **{f"market__operation__{k}": v for k, v in operation.items()}
    )
    award = AwardFactory(lot=lot, hours_minimum=1000)
    counts = facilitator.receive(department.package("to_facilitator", key="markets"), key="markets")
    assert counts["attributions"] == {"recorded": 1}
    follow(facilitator, territory)
    counts = department.receive(facilitator.package("to_department", key="persons"), key="persons")
    assert counts["heures"] == {"recorded": 1}
    entry = HoursEntry.objects.get()
    assert (entry.contract.award_id, entry.declared, entry.counted) == (award.pk, Decimal(70), Decimal(70))
    assert Award.objects.with_objective().get().objective == 1000
    told = facilitator.ask("/hours", key="persons")["items"]
    assert [Decimal(line["counted"]) for line in told] == [entry.counted]
    with pytest.raises(AssertionError, match="already_imported"):
        department.receive(facilitator.package("to_department", key="persons"), key="persons")
    facilitator.ask("/hours", key="persons", body=month_of(entry_here=told[0], declared="80"))
    counts = department.receive(facilitator.package("to_department", key="persons"), key="persons")
    assert (counts["heures"], counts["personnes"]) == ({"recorded": 1}, {"same": 1})
    entry.refresh_from_db()
    assert (HoursEntry.objects.count(), entry.counted) == (1, 80)


def month_of(*, entry_here, declared):
    """The same month, with other hours."""
    return {"contract": entry_here["contract"], "month": "2026-09", "declared": declared, "version": 1}


def follow(portal, territory):
    """What a facilitator does in her own portal: a person, her validation, her contract, her hours."""
    [award] = portal.ask("/awards", key="persons")["items"]
    commune = territory.communes.first().pk
    person = {"territory": territory.code, "last_name": "Diallo", "first_name": "Awa", "birth_date": "1990-04-02"}
    person = portal.ask("/participants", key="persons", body=person | {"sex": "female", "commune": commune})
    period = {"starts_on": "2026-09-15", "ends_on": "2027-09-14", "evidence_dated_on": "2026-09-01"}
    asked = {"participant": person["id"], "category": "RSA", **period}
    validation = portal.ask("/validations", key="persons", body=asked)
    grant = {"version": validation["version"]}
    portal.ask(f"/validations/{validation['id']}/grant", key="persons", body=grant)
    contract = {"participant": person["id"], "award": award["id"], "modality": "1", "contract_type": "cdd"}
    contract |= {"job_title": "Maçonne", "starts_on": "2026-09-15"}
    contract = portal.ask("/contracts", key="persons", body=contract)
    hours = {"contract": contract["id"], "month": "2026-09", "declared": "70"}
    portal.ask("/hours", key="persons", body=hours)
