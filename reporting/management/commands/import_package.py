from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import run as do_job
from reporting.enums import ExchangeOutcome
from reporting.management.exchanging import account_of, structure_of, told
from reporting.models import DataImport
from reporting.services import data_imports


class Command(BaseCommand):
    help = "Essaie un paquet avec les droits d’un compte, puis l’enregistre sauf avec --dry-run."

    def add_arguments(self, parser):
        parser.add_argument("file", help="paquet à lire (ZIP)")
        parser.add_argument("--structure", required=True, help="SIRET ou nom de la structure")
        parser.add_argument("--by", required=True, help="adresse électronique du compte")
        parser.add_argument("--dry-run", action="store_true", help="essayer seulement")

    def handle(self, *, file, structure, by, dry_run, **options):
        path = Path(file)
        try:
            asked = data_imports.ask_package_import(
                by=account_of(by),
                structure=structure_of(structure),
                file_name=path.name,
                content=path.read_bytes(),
                from_console=True,
            )
            self.work(asked, "tried")
            if not dry_run:
                self.work(data_imports.ask_recording(run=asked, by=asked.asked_by), "recorded")
        except DomainError as error:
            raise CommandError(error.message) from error

    def work(self, asked, step):
        """Do one step here, and tell what became of the lines."""
        do_job(DataImport, asked.pk, allowed=data_imports.may_still_import, work=told(self, data_imports.do_import))
        run = DataImport.objects.get(pk=asked.pk)
        if run.error:
            raise CommandError(run.error)
        for outcome, number in run.report[step].items():
            self.stdout.write(f"{ExchangeOutcome(outcome).label} : {number}")
        for line in run.lines.filter(outcome=ExchangeOutcome.REFUSED).iterator():
            self.stdout.write(f"{line} : {line.message}")
