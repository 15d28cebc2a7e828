from django.core.management.base import BaseCommand, CommandError

from participants.services.consistency import repair_totals
from reporting.consistency import differences


class Command(BaseCommand):
    help = "Recalcule et compare totaux, heures, validations, documents et droits ; échoue à la moindre différence."

    def add_arguments(self, parser):
        parser.add_argument("--repair", action="store_true", help="réécrit les totaux des marchés, et rien d’autre")

    def handle(self, **options):
        if options["repair"]:
            self.stdout.write(f"{repair_totals()} ligne(s) de totaux réécrite(s).")
        found = differences()
        for label, sentences in found.items():
            self.stdout.write(f"{label} : {f'{len(sentences)} différence(s)' if sentences else 'conforme'}")
            for sentence in sentences:
                self.stderr.write(f"  {sentence}")
        total = sum(len(sentences) for sentences in found.values())
        if total:
            raise CommandError(f"{total} différence(s) : voir ci-dessus.")
