"""What every installation needs before its first market: territories, communes, institutions."""

import csv
from pathlib import Path

from django.db import transaction

from facilitators.enums import StructureKind
from facilitators.models import Commune, Structure, Territory
from facilitators.permissions import project_on_new_territory

DATA = Path(__file__).parent / "data"
# The basins of the Département, the first three under convention with the Métropole (domain.md §5.8), then two
# places that are not basins, for markets that no single commune situates.
WHOLE_DEPARTMENT, ELSEWHERE = "DEPARTEMENT", "HORS"
TERRITORIES = (
    ("AIX", "Pays d’Aix", "pays-d-aix"),
    ("AUBAGNE", "Pays d’Aubagne et de l’Étoile", "pays-d-aubagne-et-de-l-etoile"),
    ("MARTIGUES", "Pays de Martigues", "pays-de-martigues"),
    ("MARSEILLE", "Marseille-Provence", "marseille-provence"),
    ("SALON", "Pays Salonais", "pays-salonais"),
    ("ISTRES", "Istres-Ouest Provence", "istres-ouest-provence"),
    ("ARLES", "Pays d’Arles", "pays-d-arles"),
    (WHOLE_DEPARTMENT, "Département entier", "departement-entier"),
    (ELSEWHERE, "Hors des Bouches-du-Rhône", "hors-des-bouches-du-rhone"),
)
UNDER_CONVENTION = ("AIX", "AUBAGNE", "MARTIGUES")
DEPARTMENT_SIRET, METROPOLIS_SIRET = "22130001500247", "20005480700017"
STRUCTURES = (
    ("Département des Bouches-du-Rhône", StructureKind.DEPARTMENT, DEPARTMENT_SIRET),
    ("Métropole Aix-Marseille-Provence", StructureKind.METROPOLIS, METROPOLIS_SIRET),
)


@transaction.atomic
def load():
    """Create what is missing and correct the names; repeatable. Returns the number of communes."""
    for code, name, slug in TERRITORIES:
        territory, created = Territory.objects.update_or_create(code=code, defaults={"name": name, "slug": slug})
        if created:
            project_on_new_territory(territory)
    for name, kind, siret in STRUCTURES:
        Structure.objects.get_or_create(name=name, defaults={"kind": kind, "siret": siret})
    return len(_load_communes())


def _load_communes():
    territories = {territory.code: territory for territory in Territory.objects.all()}
    with (DATA / "communes.csv").open(encoding="utf-8") as file:
        communes = [
            Commune(
                insee_code=row["insee_code"],
                name=row["name"].replace("'", "’"),
                postal_codes=row["postal_codes"].split(),
                department=row["department"],
                territory=territories[row["territory"]],
            )
            for row in csv.DictReader(file, delimiter=";")
        ]
    return Commune.objects.bulk_create(
        communes,
        update_conflicts=True,
        unique_fields=["insee_code"],
        update_fields=["name", "postal_codes", "department", "territory"],
    )
