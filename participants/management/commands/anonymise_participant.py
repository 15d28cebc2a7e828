from django.core.management.base import BaseCommand, CommandError

from clauses_portal.core.errors import DomainError
from participants.models import Participant
from participants.services.privacy.anonymising import anonymise_participant


class Command(BaseCommand):
    help = "Anonymise une personne pour toujours, et dit ce qui la nomme encore (RGPD, article 17)."

    def add_arguments(self, parser):
        parser.add_argument("person", type=int, help="numéro de la fiche")
        parser.add_argument("--reason", required=True, help="pourquoi")

    def handle(self, *args, **options):
        person = Participant.objects.filter(pk=options["person"]).first()
        if person is None:
            raise CommandError("Cette fiche n’existe pas.")
        try:
            done = anonymise_participant(participant=person, by=None, reason=options["reason"])
        except DomainError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Fiches anonymisées : {done.files}.")
        for sentence in done.kept:
            self.stdout.write(f"Gardé tel quel, à examiner : {sentence}")
