from django.core.management.base import BaseCommand

from markets.state_diagram import PAGE, page


class Command(BaseCommand):
    help = "Dessine les états d’un lot dans docs/etats/, à partir de ses transitions."

    def handle(self, **options):
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page(), encoding="utf-8")
        self.stdout.write(f"{PAGE} est à jour.")
