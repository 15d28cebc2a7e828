"""The portal of the drill: servers and processes of its own, in a folder of its own, which it stops and kills."""

import os
import shutil
import signal
import sys
import tempfile
from contextlib import closing, contextmanager, suppress
from pathlib import Path

SETTINGS = "tests.drill.settings"
PROCESSES = ("web", "worker", "beat")


@contextmanager
def own_site():
    """A migrated portal whose web, worker and clock run; everything is stopped and erased at the end."""
    folder = Path(tempfile.mkdtemp(prefix="clauses-drill-"))
    folder.chmod(0o755)  # PostgreSQL's own user passes through it
    _point_to(folder)
    from tests.drill.site import Site

    site = Site()
    try:
        site.prepare()
        yield site
    finally:
        site.close()
        shutil.rmtree(folder, ignore_errors=True)


def _point_to(folder):
    """Before anything of the portal is imported: its services are there, whatever the environment names."""
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    os.environ |= {"PORTAL_RUN": str(folder / "run"), "DJANGO_SETTINGS_MODULE": SETTINGS}


class Site:
    """What runs, and how each part is killed and started again."""

    def prepare(self):
        from clauses_portal.embedded import postgres, state, valkey

        state.prepare_run_folder()
        postgres.start()
        valkey.start()
        self._commit_for_good()
        _migrate()
        self.port = valkey.free_port()
        for name in PROCESSES:
            self.start(name)
        self._wait_until_ready()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self, name):
        from clauses_portal.embedded import portal, process, state

        command = [sys.executable, "-m", *portal.commands(self.port)[name]]
        process.spawn(name, command, cwd=state.ROOT, env=portal.environment())

    def running(self, name):
        """The psutil.Process of a part."""
        from clauses_portal.embedded import postgres, process

        return postgres.running(postgres.cluster_folder() / "data") if name == "postgres" else process.running(name)

    def stop(self, name):
        """Stop a part as it should be, what it does being finished."""
        from clauses_portal.embedded import process

        process.stop(name)

    def kill_children(self):
        """SIGKILL what the worker does its tasks in; the worker stays."""
        for child in self.running("worker").children():
            with suppress(ProcessLookupError):
                os.kill(child.pid, signal.SIGKILL)

    def kill(self, name, sign=signal.SIGKILL):
        """Kill a part with all its processes (PostgreSQL: SIGQUIT, its immediate stop), and wait until it is gone."""
        from clauses_portal.embedded import process

        server = self.running(name)
        if name == "postgres":
            server.send_signal(signal.SIGQUIT)
        else:
            os.killpg(server.pid, sign)
        if not process.wait_until(lambda: process.gone(server), 30):
            raise RuntimeError(f"{name} cannot be killed")

    def start_server(self, name):
        """Start PostgreSQL or Valkey again, its data where they were."""
        from clauses_portal.embedded import postgres, valkey

        {"postgres": postgres, "valkey": valkey}[name].start()

    def failures(self):
        """The lines that the web process wrote of its errors, and what follows each."""
        from clauses_portal.embedded import process

        lines = process.log_tail("web", lines=100_000).splitlines()
        places = [rank for rank, line in enumerate(lines) if " ERROR " in line and "erreur" in line]
        return [text for rank in places for text in lines[rank : rank + 12]]

    def close(self):
        from clauses_portal.embedded import postgres, process, valkey

        for name in PROCESSES:
            process.stop(name, patience=5)
        for service in (valkey, postgres):
            with suppress(Exception):  # the cause of the failure is the one to be told
                service.stop()
        postgres.erase()

    def _commit_for_good(self):
        """As in production: what was answered is on the disk, whatever happens next."""
        from clauses_portal.embedded import postgres, state

        with closing(postgres._connect(state.read_state()["POSTGRES_SOCKETS"])) as session, session.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {postgres.DATABASE} SET synchronous_commit = on")

    def _wait_until_ready(self):
        from clauses_portal.embedded import portal, process

        if not process.wait_until(lambda: portal._ready(self.url), 90):
            raise RuntimeError("The web process is not ready:\n" + process.log_tail("web"))


def _migrate():
    import django
    from django.core.management import call_command

    django.setup()
    from tests.support.quick_migrations import quick_migrations

    with quick_migrations():
        call_command("migrate", verbosity=0, interactive=False)
