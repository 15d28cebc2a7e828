from django.core.management.base import BaseCommand, CommandError

from participants.alert_rules import RulesFailed, run_rules


class Command(BaseCommand):
    help = "Signale ce que les règles constatent et clôt ce qui a disparu, comme chaque nuit."

    def handle(self, *args, **options):
        try:
            raised, closed = run_rules()
        except RulesFailed as error:
            raise CommandError(f"Des règles ont échoué, voir le journal : {error}.") from error
        self.stdout.write(f"Alertes signalées : {raised}. Alertes closes : {closed}.")
