from django.apps import AppConfig


class MarketsConfig(AppConfig):
    name = "markets"
    verbose_name = "marchés"

    def ready(self):
        from facilitators.mail import when_refused
        from markets.services.bounces import mark_bounced

        when_refused(mark_bounced)
