from django.core.management.base import BaseCommand

from facilitators import reference as places
from markets import reference as trades
from participants import reference as publics


class Command(BaseCommand):
    help = "Charge les territoires, communes, institutions, corps de métier, seuils et catégories de public. Répétable."

    def handle(self, **options):
        self.stdout.write(
            f"{places.load()} communes, {trades.load()} corps de métier, {publics.load()} catégories de public."
        )
