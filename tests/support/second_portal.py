"""Another portal, in its own process and on its own database: `python -m tests.support.second_portal DATABASE`.

It writes on its first line, in JSON, where it listens and the keys it gives; it ends when its input closes. The jobs it
is asked for are done at once, in the thread that answers.
"""

import json
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
import time_machine

TODAY = "2026-09-15T10:00:00+02:00"


class Silent(WSGIRequestHandler):
    def log_message(self, *args):
        """Nothing: the first line of the output is for the test."""


def main(database):
    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    do_jobs_at_once()
    from clauses_portal.wsgi import application

    server = make_server("127.0.0.1", 0, application, handler_class=Silent)
    keys = reference_rows()
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{server.server_port}", **keys}) + "\n")
    sys.stdout.flush()
    from threading import Thread

    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


def do_jobs_at_once():
    """Instead of a broker and a worker."""
    from clauses_portal.core.jobs import outbox
    from reporting import tasks

    outbox.send = lambda job: getattr(tasks, job.task.rpartition(".")[2])(job.pk)


def reference_rows():
    """What both portals have before anything is exchanged; returns {name: text of a key}."""
    from facilitators.enums import KeyDirection, KeyScope
    from tests.factories.facilitators import ConventionFactory, DirectorateFactory, three_territories
    from tests.factories.participants import EligibilityCategoryFactory
    from tests.support.keys import program

    ConventionFactory(territories=three_territories())
    DirectorateFactory(code="DEC")
    EligibilityCategoryFactory(code="RSA")
    markets = program(KeyScope.WRITE_MARKETS, direction=KeyDirection.TO_FACILITATOR)
    persons = program(KeyScope.WRITE_PERSONS, KeyScope.WRITE_HOURS, KeyScope.READ_MARKETS)
    return {"markets": markets.text, "persons": persons.text}


if __name__ == "__main__":
    with time_machine.travel(TODAY):
        main(sys.argv[1])
