from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import run
from facilitators.enums import KeyDirection
from reporting.management.exchanging import account_of, structure_of, told
from reporting.models import PackageExport
from reporting.services import packages


class Command(BaseCommand):
    help = "Écrit le paquet d’une structure, avec les droits d’un compte."

    def add_arguments(self, parser):
        parser.add_argument("--structure", required=True, help="SIRET ou nom de la structure")
        parser.add_argument("--by", required=True, help="adresse électronique du compte")
        parser.add_argument("--direction", choices=KeyDirection.values, default=KeyDirection.TO_DEPARTMENT.value)
        parser.add_argument("--output", required=True, help="fichier ZIP à écrire")

    def handle(self, *, structure, by, direction, output, **options):
        try:
            asked = packages.ask_package(
                by=account_of(by), structure=structure_of(structure), direction=direction, from_console=True
            )
            run(PackageExport, asked.pk, allowed=packages.may_still_ask, work=told(self, packages.produce_package))
            asked = PackageExport.objects.get(pk=asked.pk)
            if asked.error:
                raise CommandError(asked.error)
            with packages.open_package(asked) as file:
                Path(output).write_bytes(file.read())
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{output} (SHA-256 {asked.sha256})")
