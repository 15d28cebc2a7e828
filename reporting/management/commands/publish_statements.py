import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clauses_portal.accounts.models import User
from clauses_portal.celery import app
from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import read_progress
from clauses_portal.core.periods import Quarter
from facilitators.models import Convention, Territory
from markets.models import Market
from reporting import tasks
from reporting.enums import StatementKind, StatementState
from reporting.models import ExportJob, Statement
from reporting.services.production import ask
from reporting.services.statements import open_statement

CONSOLE = "commande@portail.invalid"


class Command(BaseCommand):
    help = "Publie les états d’un trimestre et dépose leurs PDF ; redonne tels quels ceux déjà publiés."

    def add_arguments(self, parser):
        parser.add_argument("--quarter", required=True, help="par exemple 2026-T3")
        parser.add_argument("--output", required=True, help="dossier où déposer les PDF")
        parser.add_argument("--territory", help="code ou adresse d’un seul territoire")
        parser.add_argument("--market", help="numéro d’un seul marché, au lieu des territoires")
        parser.add_argument("--timeout", type=int, default=600, help="attente du travailleur, en secondes")

    def handle(self, *, quarter, output, territory, market, timeout, **options):
        try:
            quarter = Quarter.parse(quarter)
        except ValueError as error:
            raise CommandError(str(error)) from error
        folder = Path(output)
        folder.mkdir(parents=True, exist_ok=True)
        author = console_account()
        opened = [
            open_statement(kind=StatementKind.QUARTERLY, period=quarter, by=author, **scope)
            for scope in self.scopes(quarter, territory, market)
        ]
        self.produce(opened, author, timeout)
        for statement in Statement.objects.filter(pk__in=[statement.pk for statement in opened]):
            self.write(statement, folder)

    def scopes(self, quarter, territory, market):
        """What to publish: one market, one territory, or every territory under convention at the quarter's end."""
        if market:
            found = list(Market.objects.filter(number=market)[:2])
            if len(found) != 1:
                raise CommandError(f"Aucun marché « {market} », ou plusieurs.")
            return [{"market": found[0]}]
        conventions = Convention.objects.in_force(quarter.end)
        rows = Territory.objects.filter(conventions__in=conventions).distinct()
        if territory:
            rows = rows.filter(code=territory) | rows.filter(slug=territory)
        if not rows:
            raise CommandError("Aucun territoire sous convention ne correspond à ce trimestre.")
        return [{"territory": row} for row in rows]

    def produce(self, opened, author, timeout):
        """Ask for the documents and wait; without a worker, produce them here."""
        jobs = []
        for statement in opened:
            if statement.state == StatementState.PUBLISHED:
                self.stdout.write(f"{statement.number} : déjà publié, redonné tel quel.")
                continue
            try:
                jobs.append(ask(statement=statement, by=author, publish=True, from_console=True))
            except DomainError as error:
                raise CommandError(f"{statement.number} : {error.message}") from error
        if jobs and not app.control.ping(timeout=2):
            self.stdout.write("Aucun travailleur ne répond : production sur place.")
            for job in jobs:
                tasks.produce_statement(job.pk)
        self.wait(jobs, timeout)

    def wait(self, jobs, timeout):
        """Follow the jobs to their end, one line a step."""
        told, end = {}, time.monotonic() + timeout
        while True:
            rows = ExportJob.objects.filter(pk__in=[job.pk for job in jobs]).select_related("statement__territory")
            current = [read_progress(job) for job in rows]
            for job in current:
                line = f"{job.statement.number} : {job.get_state_display()} {job.step}".rstrip()
                if told.get(job.pk) != line:
                    told[job.pk] = line
                    self.stdout.write(line)
            if all(job.is_over for job in current):
                break
            if time.monotonic() > end:
                raise CommandError(
                    "Le travailleur n’a pas fini à temps ; la production continue, relancez la commande."
                )
            time.sleep(0.5)
        failed = [job for job in current if job.error]
        if failed:
            raise CommandError(" ; ".join(f"{job.statement.number} : {job.error}" for job in failed))

    def write(self, statement, folder):
        """Put the published bytes into the folder, and say their hash."""
        path = folder / f"{statement.number}.pdf"
        with statement.pdf.open() as file:
            path.write_bytes(file.read())
        self.stdout.write(f"{path} ({statement.pdf_size} octets, SHA-256 {statement.sha256})")


def console_account():
    """The technical account that signs what the command line asks: nobody can sign in with it."""
    account, created = User.objects.get_or_create(
        email=CONSOLE,
        defaults={
            "first_name": "Ligne de commande",
            "last_name": "du portail",
            "date_joined": timezone.now(),
        },
    )
    if created:
        account.set_unusable_password()
        account.save()
    return account
