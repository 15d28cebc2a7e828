import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from clauses_portal.core.backup import BackupFailed
from clauses_portal.core.backup.checking import verify_backup
from clauses_portal.core.backup.server import Database
from clauses_portal.core.french import number
from clauses_portal.core.pulse import DRILL, sign

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Restaure une sauvegarde dans une base d’essai, compare lignes, contraintes, déclencheurs, droits et fichiers, "
        "puis efface cette base ; échoue à la moindre différence."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", metavar="DOSSIER")
        parser.add_argument("--identity", metavar="FICHIER", help="clé privée age, si la sauvegarde est chiffrée")
        parser.add_argument("--on", metavar="ADRESSE", help="postgresql://… d’un compte qui peut créer une base")

    def handle(self, folder, identity, on, **options):
        began = time.monotonic()
        server = Database.at(on) if on else Database.of(connection)
        try:
            verdict = verify_backup(folder, server, identity=identity)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        for sentence in verdict.differences[:SHOWN]:
            self.stderr.write(sentence)
        if verdict.differences:
            raise CommandError(f"{number(len(verdict.differences))} différence(s) : cette sauvegarde n’est pas sûre.")
        manifest = verdict.manifest
        summary = f"{number(verdict.rows)} lignes, {number(len(manifest['files']))} fichier(s)"
        seconds = number(time.monotonic() - began, 1)
        self.stdout.write(f"Sauvegarde du {manifest['made_on']} restaurée à l’identique : {summary}, en {seconds} s.")
        sign(DRILL, summary)
