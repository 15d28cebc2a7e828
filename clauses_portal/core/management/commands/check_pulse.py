from django.core.management.base import BaseCommand

from clauses_portal.core import pulse


class Command(BaseCommand):
    help = (
        "Dit depuis quand chaque partie du portail donne signe de vie ; sort avec 1 si l’une est muette. "
        "Pour une sonde extérieure, ou le contrôle de santé d’un conteneur."
    )

    def add_arguments(self, parser):
        names = [part.name for part in pulse.parts()]
        parser.add_argument("parts", nargs="*", metavar="PARTIE", help=f"toutes par défaut : {', '.join(names)}")

    def handle(self, *, parts, **options):
        asked = [sign for sign in pulse.signs() if not parts or sign.part.name in parts]
        for sign in asked:
            since = f"{sign.signed_on:%d/%m/%Y %H:%M} UTC" if sign.signed_on else "jamais"
            self.stdout.write(f"{'MUETTE ' if sign.is_silent else 'ok     '}{sign.part.name} : {since}")
        if len(asked) < len(set(parts)) or any(sign.is_silent for sign in asked):
            raise SystemExit(1)
