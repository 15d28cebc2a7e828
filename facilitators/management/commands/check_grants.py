from django.core.management.base import BaseCommand, CommandError

from facilitators.models import Membership
from facilitators.permissions import actual_grants, expected_grants


class Command(BaseCommand):
    help = "Compare les habilitations et leur projection ; échoue au premier écart."

    def handle(self, **options):
        memberships = Membership.objects.filter(revoked_at=None).select_related("territory", "directorate")
        expected, actual = expected_grants(memberships), actual_grants()
        for row in sorted(expected - actual):
            self.stderr.write(f"manque : {row}")
        for row in sorted(actual - expected):
            self.stderr.write(f"en trop : {row}")
        if expected != actual:
            raise CommandError("Les droits projetés ne sont pas ceux des habilitations.")
        self.stdout.write(f"{len(actual)} droits projetés, conformes aux habilitations.")
