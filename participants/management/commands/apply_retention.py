from django.core.management.base import BaseCommand

from participants.services.privacy.retention import apply_retention


class Command(BaseCommand):
    help = "Dit ce que les durées de conservation demandent ; avec --apply, le fait."

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="archiver, anonymiser et purger pour de bon")

    def handle(self, *args, **options):
        report = apply_retention(apply=options["apply"])
        for step, number in report.persons.items():
            self.stdout.write(f"{step.label} : {number}")
        for label, number in report.purged.items():
            self.stdout.write(f"{label} : {number}")
        if report.failed:
            self.stdout.write(f"Fiches laissées, voir le journal technique : {', '.join(map(str, report.failed))}")
        if not options["apply"]:
            self.stdout.write("Essai à blanc : rien n’a changé. Ajoutez --apply pour l’appliquer.")
