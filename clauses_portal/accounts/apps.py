from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "clauses_portal.accounts"
    label = "accounts"
    verbose_name = "comptes"

    def ready(self):
        from clauses_portal.accounts import session_signals, signals  # noqa: F401
