"""The cells of the open data: a figure for each territory and each division of the CPV (domain.md §11, C30).

The key of a cell is « name of the territory|two digits of the CPV », the digits missing when the market has no code.
"""

from django.db.models import Count, F, Q, Value
from django.db.models.functions import Concat, Left

from participants.enums import Sex
from reporting.indicators.definition import Breakdown, Family, Unit
from reporting.indicators.hours import hours_of_period, objectives_to_date, total
from reporting.indicators.markets import followed

C30 = "Convention, communication à des tiers (C30)"
DURING = "Sur la période"
WHERE = "selon le territoire de référence du lot et la division CPV du marché"


def worked(scope, period):
    """Rows: the hours counted of the period, those a correction cancelled left aside."""
    return hours_of_period(scope, period).filter(counted__gt=0, cancellation__isnull=True)


def cell_of(territory, market):
    """The key of the cell of a row that reaches these two by these paths."""
    return Concat(F(f"{territory}__name"), Value("|"), Left(F(f"{market}__cpv"), 2))


def _cells(code, label, unit, family, definition, rows, measure, by, moment=DURING):
    return Breakdown(code, label, unit, family, definition, moment, C30, rows, measure, by, name=str)


OF_HOURS = cell_of("territory", "market")
MARKETS = _cells(
    "cells_markets",
    "Marchés suivis, par territoire et secteur",
    Unit.MARKETS,
    Family.MARKETS,
    f"Marchés dont au moins un lot est suivi, {WHERE}.",
    followed,
    Count("market", distinct=True),
    OF_HOURS,
)
DUE = _cells(
    "cells_hours_due",
    "Heures prévues, par territoire et secteur",
    Unit.HOURS,
    Family.HOURS,
    f"Objectif en vigueur, {WHERE}.",
    objectives_to_date,
    total("hours"),
    cell_of("award__lot__territory", "award__lot__market"),
    moment="Au dernier jour de la période",
)
COUNTED = _cells(
    "cells_hours_counted",
    "Heures réalisées, par territoire et secteur",
    Unit.HOURS,
    Family.HOURS,
    f"Heures comptabilisées, régularisations comprises, {WHERE}.",
    hours_of_period,
    total("counted"),
    OF_HOURS,
)


def _persons(code, label, definition, condition=None):
    measure = Count("participant", distinct=True, filter=condition)
    return _cells(code, label, Unit.PERSONS, Family.PERSONS, f"{definition}, {WHERE}.", worked, measure, OF_HOURS)


PERSONS = _persons(
    "cells_persons",
    "Personnes ayant travaillé, par territoire et secteur",
    "Personnes distinctes dont des heures sont comptabilisées",
)
WOMEN = _persons(
    "cells_women",
    "Femmes ayant travaillé, par territoire et secteur",
    "Femmes distinctes dont des heures sont comptabilisées",
    Q(participant__sex=Sex.FEMALE),
)
RSA = _persons(
    "cells_rsa",
    "Bénéficiaires du RSA ayant travaillé, par territoire et secteur",
    "Bénéficiaires du RSA à l’entrée, distincts, dont des heures sont comptabilisées",
    Q(participant__receives_rsa=True),
)
