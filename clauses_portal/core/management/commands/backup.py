from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from clauses_portal.core.backup import BackupFailed
from clauses_portal.core.backup.making import make_backup
from clauses_portal.core.backup.server import Database
from clauses_portal.core.french import number
from clauses_portal.core.pulse import BACKUP, sign


class Command(BaseCommand):
    help = "Sauvegarde la base et les fichiers dans un dossier nouveau (docs/sauvegarde.md)."

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DOSSIER", help="dossier à créer ; il porte ce nom une fois entier")
        parser.add_argument("--recipient", help="clé qui seule pourra lire la sauvegarde : age1…, ssh-… ou clé GnuPG")

    def handle(self, folder, recipient, **options):
        try:
            manifest = make_backup(Database.of(connection), default_storage, folder, recipient=recipient)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        rows = sum(table["rows"] for table in manifest["tables"].values())
        summary = f"{number(rows)} lignes, {number(len(manifest['files']))} fichier(s)"
        self.stdout.write(f"Sauvegarde dans {folder} : {summary}{', chiffrée' if recipient else ', non chiffrée'}.")
        if manifest["lost"]:
            names = ", ".join(manifest["lost"][:10])
            raise CommandError(f"{len(manifest['lost'])} fichier(s) nommé(s) par la base ont disparu : {names}.")
        sign(BACKUP, summary)
