from django.core.management.base import BaseCommand, CommandError

from clauses_portal.core import french
from markets.importers.cpv import UnreadableList, load_cpv


class Command(BaseCommand):
    help = "Charge la liste officielle des codes CPV (CSV : code;libellé ou code,libellé). Répétable."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER")

    def handle(self, *, file, **options):
        try:
            number = load_cpv(file)
        except UnreadableList as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{french.number(number)} codes CPV chargés.")
