"""Territories, communes, structures, conventions, directorates."""

import factory
from dateutil.relativedelta import relativedelta
from django.utils import timezone
from factory.django import DjangoModelFactory
from stdnum import luhn

from facilitators.enums import Role, StructureKind
from facilitators.models import Commune, Convention, Directorate, Invitation, Structure, Territory
from facilitators.models.invitation import LIFETIME
from facilitators.permissions import project_on_new_territory
from tests.factories.accounts import author


def siret(number):
    """The `number`-th valid SIRET of an invented series."""
    siren = f"{40_000_000 + number}"
    siren += luhn.calc_check_digit(siren)
    establishment = f"{siren}0001"
    return establishment + luhn.calc_check_digit(establishment)


class TerritoryFactory(DjangoModelFactory):
    class Meta:
        model = Territory

    code = factory.Sequence(lambda n: f"T{n}")
    name = factory.Sequence(lambda n: f"Territoire {n}")
    slug = factory.Sequence(lambda n: f"territoire-{n}")

    @classmethod
    def _create(cls, model_class, *args, **fields):
        territory = super()._create(model_class, *args, **fields)
        project_on_new_territory(territory)
        return territory


def three_territories():
    """Those of the convention, each with two communes (the real list has 121)."""
    places = [
        TerritoryFactory(code=code, name=name, slug=slug)
        for code, name, slug in (
            ("AIX", "Pays d’Aix", "pays-d-aix"),
            ("AUBAGNE", "Pays d’Aubagne et de l’Étoile", "pays-d-aubagne-et-de-l-etoile"),
            ("MARTIGUES", "Pays de Martigues", "pays-de-martigues"),
        )
    ]
    for place in places:
        CommuneFactory.create_batch(2, territory=place)
    return places


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune

    insee_code = factory.Sequence(lambda n: f"{13_001 + n}")
    name = factory.Sequence(lambda n: f"Commune-lès-Bains {n}")
    postal_codes = factory.LazyFunction(lambda: ["13100"])
    department = "13"
    territory = factory.SubFactory(TerritoryFactory)


class StructureFactory(DjangoModelFactory):
    class Meta:
        model = Structure

    name = factory.Sequence(lambda n: f"Structure facilitatrice {n}")
    kind = StructureKind.FACILITATION
    siret = factory.Sequence(lambda n: siret(900_000 + n))


class ConventionFactory(DjangoModelFactory):
    """A convention in force for two more years; `territories` are given. Trait: expired, coming."""

    class Meta:
        model = Convention
        skip_postgeneration_save = True

    class Params:
        expired = factory.Trait(signed_on=factory.LazyFunction(lambda: years_ago(4)))
        coming = factory.Trait(signed_on=factory.LazyFunction(lambda: years_ago(-1)))

    structure = factory.SubFactory(StructureFactory)
    reference = factory.Sequence(lambda n: f"CONV-{n}")
    signed_on = factory.LazyFunction(lambda: years_ago(1))

    @factory.post_generation
    def territories(self, create, extracted, **kwargs):
        if create and extracted:
            self.territories.set(extracted)


def years_ago(years):
    """Today, that many years ago."""
    return timezone.localdate() - relativedelta(years=years)


class DirectorateFactory(DjangoModelFactory):
    class Meta:
        model = Directorate

    code = factory.Sequence(lambda n: f"DIR{n}")
    name = factory.Sequence(lambda n: f"Direction opérationnelle {n}")


class InvitationFactory(DjangoModelFactory):
    """An invitation to be a director, just sent. Its link is known to nobody."""

    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"invitee{n}@example.test")
    first_name, last_name, role = "Zoé", "Garcia", Role.DIRECTOR
    digest = factory.Sequence(lambda n: f"{n:064d}")
    invited_at = factory.LazyFunction(timezone.now)
    invited_by = factory.LazyFunction(author)
    expires_on = factory.LazyAttribute(lambda invitation: invitation.invited_at + LIFETIME)
