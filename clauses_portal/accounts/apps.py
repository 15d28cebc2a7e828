from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "clauses_portal.accounts"
    label = "accounts"
    verbose_name = "comptes"
