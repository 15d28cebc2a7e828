from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = "états et bilans"

    def ready(self):
        from reporting.privacy import start

        start()
