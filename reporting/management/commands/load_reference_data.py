from django.core.management.base import BaseCommand

from facilitators import reference as places
from participants import reference as publics


class Command(BaseCommand):
    help = "Charge les territoires, communes, institutions et catégories de public. Répétable."

    def handle(self, **options):
        self.stdout.write(f"{places.load()} communes, {publics.load()} catégories de public.")
