from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reporting.demo.accounts import DEMO_ACCOUNTS


class Command(BaseCommand):
    help = "Affiche les comptes de la démonstration : rôle, adresse électronique, mot de passe."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("Ces comptes n’existent que dans l’environnement de démonstration.")
        widest_role = max(len(account.role_label) for account in DEMO_ACCOUNTS)
        widest_email = max(len(account.email) for account in DEMO_ACCOUNTS)
        for account in DEMO_ACCOUNTS:
            self.stdout.write(
                f"{account.role_label:<{widest_role}}  {account.email:<{widest_email}}  {account.password}"
            )
