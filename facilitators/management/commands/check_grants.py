from django.core.management.base import BaseCommand, CommandError

from facilitators.models import Membership
from facilitators.permissions import actual_grants, expected_grants, project_again


class Command(BaseCommand):
    help = "Compare les habilitations et leur projection ; échoue au premier écart."

    def add_arguments(self, parser):
        parser.add_argument(
            "--repair", action="store_true", help="projeter de nouveau, après une mise à jour des rôles"
        )

    def handle(self, **options):
        if options["repair"]:
            added, withdrawn = project_again()
            self.stdout.write(f"{added} droits ajoutés, {withdrawn} retirés.")
        memberships = Membership.objects.filter(revoked_at=None).select_related("territory", "directorate")
        expected, actual = expected_grants(memberships), actual_grants()
        for row in sorted(expected - actual):
            self.stderr.write(f"manque : {row}")
        for row in sorted(actual - expected):
            self.stderr.write(f"en trop : {row}")
        if expected != actual:
            raise CommandError("Les droits projetés ne sont pas ceux des habilitations.")
        self.stdout.write(f"{len(actual)} droits projetés, conformes aux habilitations.")
