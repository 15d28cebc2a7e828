from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from clauses_portal.core.errors import DomainError
from markets.importers.decp.apply import import_decp
from markets.importers.decp.records import UnreadableFile


class Command(BaseCommand):
    """Exit code 0 when the file was read, refused records included; 1, with one sentence, when it was not."""

    help = "Importe un fichier de données essentielles (DECP, formats 2019 et 2022, JSON ou CSV). Répétable."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FICHIER")
        parser.add_argument("--dry-run", action="store_true", help="tout dire, ne rien enregistrer")
        parser.add_argument("--buyer", metavar="SIRET", help="ne reprendre que les marchés de cet acheteur")
        parser.add_argument("--by", metavar="ADRESSE", help="compte au nom duquel l’historique est écrit")

    def handle(self, *, file, dry_run, buyer, by, **options):
        try:
            report = import_decp(file=file, by=_account(by), dry_run=dry_run, buyer=buyer)
        except (UnreadableFile, DomainError) as refused:
            raise CommandError(str(refused)) from refused
        for line in report.lines:
            self.stdout.write(str(line))
        for note in report.notes:
            self.stdout.write(note)
        self.stdout.write(report.summary)


def _account(email):
    if not email:
        return None
    user = get_user_model().objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError("Aucun compte actif n’a cette adresse.")
    return user
