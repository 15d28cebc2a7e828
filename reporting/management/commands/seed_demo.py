from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reporting.demo.seed import seed
from reporting.demo.world import SCALES


class Command(BaseCommand):
    help = "Charge la démonstration : opérations, marchés, personnes et heures inventés, datés d’aujourd’hui."

    def add_arguments(self, parser):
        parser.add_argument("--scale", choices=list(SCALES), default="full", help="taille de la démonstration")

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("La démonstration ne se charge que dans l’environnement de démonstration.")
        made = seed(scale=options["scale"])
        if not made:
            self.stdout.write("La démonstration est déjà chargée : rien n’a changé.")
            return
        self.stdout.write("Démonstration chargée :")
        for what, number in made.items():
            self.stdout.write(f"  {number:>5} {what}")
