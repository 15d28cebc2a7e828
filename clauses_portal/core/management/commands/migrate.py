"""Django's `migrate`, one at a time, which then puts the second lock in step (docs/adr/0024)."""

from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from clauses_portal.core.locks import waited_lock
from clauses_portal.core.second_lock.apply import apply


class Command(Migrate):
    def handle(self, *args, **options):
        if options["check_unapplied"] or options["plan"]:  # these change nothing
            return super().handle(*args, **options)
        with waited_lock("migrate", 1, on=connections[options["database"]], waiting=self._say_we_wait):
            super().handle(*args, **options)
            after_migrate()

    def _say_we_wait(self):
        self.stderr.write("Une autre migration est en cours : celle-ci attend qu’elle finisse.")


def after_migrate():
    """Give the tables their policies, their triggers and the rights of the application."""
    apply()
