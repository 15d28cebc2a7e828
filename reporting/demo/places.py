"""Institutions: the three services that facilitate, their conventions, the directorates."""

from facilitators.enums import StructureKind
from facilitators.models import Convention, Directorate, Structure, Territory
from facilitators.reference import UNDER_CONVENTION
from reporting.demo.history import backdate

DIRECTORATES = (
    ("DAC", "Direction de l’architecture et de la construction"),
    ("DEC", "Direction de l’éducation et des collèges"),
    ("DRO", "Direction des routes"),
    ("DSO", "Direction de la solidarité"),
    ("DCU", "Direction de la culture"),
    ("DMG", "Direction des moyens généraux"),
)


def create_directorates():
    """Create the directions opérationnelles that bring operations."""
    for code, name in DIRECTORATES:
        Directorate.objects.get_or_create(code=code, defaults={"name": name})


def sign_conventions(*, signed_on):
    """One facilitating structure and one convention in force per territory under convention (C28)."""
    territories = Territory.objects.filter(code__in=UNDER_CONVENTION)
    for territory in territories:
        structure, _ = Structure.objects.get_or_create(
            name=f"Service emploi et insertion – {territory.name}",
            defaults={
                "kind": StructureKind.FACILITATION,
                "email": f"insertion.{territory.code.lower()}@demo.invalid",
            },
        )
        convention = Convention.objects.create(
            structure=structure, reference=f"CF-{signed_on.year}-{territory.code}", signed_on=signed_on
        )
        convention.territories.add(territory)
        backdate(convention, signed_on)
    return len(territories)
