"""Accounts."""

import factory
from factory.django import DjangoModelFactory, Password

from clauses_portal.accounts.models import User

PASSWORD = "seize caractères au moins"
FIRST_NAMES = ("Inès", "Karim", "Éloïse", "Moussa", "Zoé", "Yann")
LAST_NAMES = ("Bérenger", "D’Arc", "N’Diaye", "Le Goff", "Œrlemans", "Garcia-Roux")


def one_of(values, stride=1):
    """A declaration that goes through `values`, always in the same order."""
    return factory.Sequence(lambda n: values[n // stride % len(values)])


class ServiceFactory(DjangoModelFactory):
    """A factory whose rows go through services. `_steering` names the declarations that say how, and are no field."""

    class Meta:
        abstract = True

    _steering = ()

    @classmethod
    def _build(cls, model_class, *args, **fields):
        steered = {name: value for name, value in fields.items() if name not in cls._steering}
        return super()._build(model_class, *args, **steered)


class UserFactory(DjangoModelFactory):
    """An account without any right: `facilitators.permissions.grant` gives them."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"compte{n}@example.test")
    first_name = one_of(FIRST_NAMES)
    last_name = one_of(LAST_NAMES, stride=len(FIRST_NAMES))
    password = Password(PASSWORD)


def author():
    """The account that does what a test does not care who does."""
    return User.objects.filter(email="auteur@example.test").first() or UserFactory(
        email="auteur@example.test", first_name="Ada", last_name="Auteur"
    )
