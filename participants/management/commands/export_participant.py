from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clauses_portal.accounts.journal import record
from clauses_portal.accounts.models import JournalAction
from participants.models import Participant
from participants.services.privacy.copies import archive_of


class Command(BaseCommand):
    help = "Écrit dans un dossier la copie des données d’une personne (RGPD, article 15)."

    def add_arguments(self, parser):
        parser.add_argument("person", type=int, help="numéro de la fiche")
        parser.add_argument("folder", type=Path, help="dossier où l’écrire")

    def handle(self, *args, **options):
        person = Participant.objects.filter(pk=options["person"]).first()
        if person is None or person.anonymised_on or not options["folder"].is_dir():
            raise CommandError("Cette fiche ou ce dossier n’existe pas, ou la fiche est anonymisée.")
        path = options["folder"] / f"donnees-{person.pk}.zip"
        path.write_bytes(archive_of(person, at=timezone.now()))
        record(JournalAction.DATA_REQUEST, by=None, of=person, territory=person.territory_id)
        self.stdout.write(f"Copie écrite : {path}")
