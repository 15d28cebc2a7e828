"""Faults of real processes (security.md §4.3, §4.7): what was asked is done once, and within three minutes."""

import json
import resource
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import contextmanager

from django.db import connection

from clauses_portal.core.errors import NO_ROOM
from facilitators.enums import KeyDirection, KeyScope
from facilitators.models import RepeatableRequest
from markets.models import Market
from reporting.models import ExportJob
from tests.drill.outcome import Outcome
from tests.drill.works import Papers, is_doubled, is_lost, wait_for
from tests.factories.facilitators import CommuneFactory, ConventionFactory, TerritoryFactory
from tests.factories.operations import OperationFactory
from tests.support.keys import program

# What the child of a worker may write when its disk is « full » (bytes).
ALMOST_NOTHING = 1000
# Requests sent while the database goes away and comes back.
REQUESTS = 40
# So many are answered when it goes.
ANSWERED_FIRST = 5


def judged(outcome, jobs, since):
    """Wait until these jobs are over, then count what is lost or doubled; `since`: instant of the fault."""
    over = [wait_for(job, "done", "failed", "refused") for job in jobs]
    outcome.turns += 1
    outcome.recoveries.append(time.monotonic() - since)
    outcome.lost += sum(not there or is_lost(job) for there, job in zip(over, jobs, strict=True))
    outcome.doubled += sum(map(is_doubled, jobs))
    for job in ExportJob.objects.filter(pk__in=[job.pk for job in jobs]).exclude(state="done"):
        outcome.notes.append(f"travail {job.pk} : {job.state} après {job.attempts} essais, {job.error}")


def under_way(papers):
    """A job that a worker has just begun."""
    job = papers.ask()
    if not wait_for(job, "running"):
        raise RuntimeError("no worker takes the works")
    return job


def child_killed(site, turns):
    """SIGKILL of the process that does the task; its worker delivers it again."""
    outcome, papers = Outcome("processus d’une tâche tué (SIGKILL)"), Papers()
    for _ in range(turns):
        job = under_way(papers)
        since = time.monotonic()
        site.kill_children()
        judged(outcome, [job], since)
    return outcome


def worker_killed(site, turns):
    """SIGKILL of the worker and its children; it is started again, and the sweeper delivers the work again."""
    outcome, papers = Outcome("travailleur tué (SIGKILL)"), Papers()
    for _ in range(turns):
        jobs = [under_way(papers), papers.ask()]
        since = time.monotonic()
        site.kill("worker")
        site.start("worker")
        judged(outcome, jobs, since)
    return outcome


def broker_killed(site, turns):
    """SIGKILL of the broker with works queued; one more is asked while it is away."""
    outcome, papers = Outcome("courtier tué (SIGKILL), puis relancé"), Papers()
    for _ in range(turns):
        jobs = [under_way(papers), papers.ask(), papers.ask()]
        since = time.monotonic()
        site.kill("valkey")
        jobs.append(papers.ask())
        site.start_server("valkey")
        judged(outcome, jobs, since)
    return outcome


def database_restarted(site, turns):
    """Immediate stop of the database in the middle of a task."""
    outcome, papers = Outcome("base arrêtée net pendant une tâche"), Papers()
    for _ in range(turns):
        jobs = [under_way(papers), papers.ask()]
        since = time.monotonic()
        stop_and_start(site)
        judged(outcome, jobs, since)
    return outcome


def stop_and_start(site):
    connection.close()
    site.kill("postgres")
    time.sleep(1)
    site.start_server("postgres")


def database_restarted_under_requests(site, turns):
    """Immediate stop while a program deposits markets, each asked until it is told « 201 », under its own number."""
    outcome = Outcome("base arrêtée net pendant des demandes")
    for turn in range(turns):
        holder, market = depositor(turn)
        codes, ends = Counter(), []
        deposit(site, holder, market, "premier", codes, [])  # every module of the web process is loaded
        threads = [
            threading.Thread(target=deposit, args=(site, holder, market, rank, codes, ends)) for rank in range(REQUESTS)
        ]
        since = stop_under(site, threads, codes)
        outcome.turns += 1
        outcome.recoveries.append(max(ends) - since)
        kept = Market.objects.filter(operation=market["operation"]).count()
        outcome.lost += max(0, REQUESTS + 1 - kept)
        outcome.doubled += max(0, kept - REQUESTS - 1)
        # never « 500 »: done, asked to come back, or a connection cut with the server
        outcome.inconsistent += sum(number for code, number in codes.items() if code not in {201, 409, 503, 0})
        outcome.inconsistent += abs(REQUESTS + 1 - RepeatableRequest.objects.filter(key=holder.key).count())
        outcome.notes.append(f"réponses : {dict(sorted(codes.items()))} (0 : connexion coupée)")
        if codes[500]:
            outcome.notes.insert(0, f"journal : {' / '.join(site.failures())[:600]}")
    return outcome


def stop_under(site, threads, codes):
    """Send the requests, stop the database as soon as some are answered, start it again; returns the instant (s)."""
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    while codes[201] < ANSWERED_FIRST:
        time.sleep(0.01)
    since = time.monotonic()
    stop_and_start(site)
    for thread in threads:
        thread.join()
    return since


def depositor(turn):
    """(a program of the Département, the market it deposits)."""
    territory = TerritoryFactory()
    structure = ConventionFactory(territories=[territory]).structure
    holder = program(KeyScope.WRITE_MARKETS, structure=structure, direction=KeyDirection.TO_FACILITATOR)
    operation = OperationFactory(communes=[CommuneFactory(territory=territory)])
    market = {"operation": operation.pk, "buyer_siret": "22130001500247", "title": "Collège", "kind": "works"}
    return holder, market | {"territory": territory.code}


def deposit(site, holder, market, rank, codes, ends):
    """Ask until the answer is « 201 », as the client of docs/client does; count every answer."""
    number = f"EX-{market['operation']}-{rank}"
    body = json.dumps(market | {"number": number, "external_reference": number}).encode()
    headers = {"Authorization": f"Bearer {holder.text}", "Content-Type": "application/json", "Idempotency-Key": number}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + 120
    while time.monotonic() < end:
        asked = urllib.request.Request(f"{site.url}/api/v1/markets", body, headers, method="POST")
        try:
            with opener.open(asked, timeout=30) as answer:
                codes[answer.status] += 1
                break
        except urllib.error.HTTPError as refusal:
            codes[refusal.code] += 1
            if refusal.code not in {409, 503}:
                break
        except OSError:
            codes[0] += 1
        time.sleep(0.5)
    ends.append(time.monotonic())


def disk_full(site, turns):
    """No room for the document: the work fails with its sentence, and nothing is half there. Room comes back: done."""
    outcome, papers = Outcome("disque plein pendant un document"), Papers()
    warm_up(papers)
    for _ in range(turns):
        with no_room(site):
            job = papers.ask()
            wait_for(job, "failed", "done")
        since = time.monotonic()
        told = ExportJob.objects.select_related("statement").get(pk=job.pk)
        statement = told.statement
        as_it_should = (told.state, told.error, statement.state, statement.pdf.name) == ("failed", NO_ROOM, "draft", "")
        outcome.inconsistent += not as_it_should
        if not as_it_should:
            outcome.notes.append(f"travail {job.pk} : {told.state}, {told.error}, état {statement.state}")
        judged(outcome, [papers.ask_again(statement)], since)
    return outcome


def warm_up(papers):
    """Every process of the worker loads its fonts, which it copies to the disk, before there is no room."""
    for _ in range(4):
        wait_for(papers.ask(), "done")


@contextmanager
def no_room(site):
    """Within it the worker and its children may hardly write."""
    worker = site.running("worker")
    pids = [worker.pid, *(child.pid for child in worker.children())]
    _limit(pids, ALMOST_NOTHING)
    try:
        yield
    finally:
        _limit(pids, resource.RLIM_INFINITY)


def _limit(pids, size):
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


# {name: (the fault, turns of an ordinary drill, turns of a full one)}
FAULTS = {
    "child": (child_killed, 3, 50),
    "worker": (worker_killed, 1, 20),
    "broker": (broker_killed, 1, 10),
    "database": (database_restarted, 1, 10),
    "requests": (database_restarted_under_requests, 1, 10),
    "disk": (disk_full, 1, 5),
}
