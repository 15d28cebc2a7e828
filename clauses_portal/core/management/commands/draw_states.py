from django.core.management.base import BaseCommand

from clauses_portal.core.state_diagrams import FOLDER, page, page_path, state_fields


class Command(BaseCommand):
    help = "Dessine les états de chaque objet dans docs/etats/, à partir de ses transitions."

    def handle(self, **options):
        FOLDER.mkdir(parents=True, exist_ok=True)
        for field in state_fields():
            page_path(field.model).write_text(page(field), encoding="utf-8")
        self.stdout.write(f"{FOLDER} est à jour.")
