from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from clauses_portal.core.backup import BackupFailed
from clauses_portal.core.backup.restoring import restore_backup
from clauses_portal.core.backup.server import Database
from clauses_portal.core.french import number


class Command(BaseCommand):
    help = "Restaure une sauvegarde dans la base du portail, qui doit être vide ; ne remplace jamais rien."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DOSSIER")
        parser.add_argument("--identity", metavar="FICHIER", help="clé privée age, si la sauvegarde est chiffrée")

    def handle(self, folder, identity, **options):
        try:
            verdict = restore_backup(folder, Database.of(connection), default_storage, identity=identity)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        for sentence in verdict.differences:
            self.stderr.write(sentence)
        if verdict.differences:
            raise CommandError("La base est restaurée, mais elle n’est pas celle de la sauvegarde : voir ci-dessus.")
        self.stdout.write(
            f"{number(verdict.rows)} lignes et {number(len(verdict.manifest['files']))} fichier(s) restaurés."
        )
        self.stdout.write("Lancez maintenant migrate, puis check_grants --repair et check_consistency.")
