from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "clauses_portal.core"
    label = "core"
    verbose_name = "noyau"
