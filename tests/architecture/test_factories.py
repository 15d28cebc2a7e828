"""A factory that makes an impossible row would prove nothing."""

import pytest
from factory.declarations import Trait
from factory.django import DjangoModelFactory

from tests.factories import (
    accounts,
    companies,
    execution,
    facilitators,
    links,
    mail,
    markets,
    meetings,
    nominative,
    operations,
    participants,
    penalties,
    preparation,
    privacy,
    reporting,
    webhooks,
    work,
)

MODULES = (
    mail,
    meetings,
    companies,
    execution,
    links,
    penalties,
    nominative,
    accounts,
    facilitators,
    operations,
    markets,
    preparation,
    participants,
    privacy,
    reporting,
    webhooks,
    work,
)


def factories():
    found = {
        value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, DjangoModelFactory) and not value._meta.abstract
    }
    return sorted(found, key=lambda factory: factory.__name__)


def variants():
    for factory in factories():
        yield pytest.param(factory, {}, id=factory.__name__)
        for name, declaration in factory._meta.parameters.items():
            if isinstance(declaration, Trait):
                yield pytest.param(factory, {name: True}, id=f"{factory.__name__}-{name}")


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(("factory", "trait"), list(variants()))
def test_a_factory_makes_valid_rows(factory, trait):
    made = factory(**trait)
    row = type(made)._base_manager.get(pk=made.pk)
    row.full_clean()
    assert str(row)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("factory", factories())
def test_a_factory_makes_two_rows(factory):
    assert factory().pk != factory().pk
