"""The RSA beneficiaries the Département answers for, and their hours: what a nominative list holds (C21)."""

from django.db.models import Count

from reporting.indicators.definition import Family, Indicator, Unit
from reporting.indicators.hours import IN_THE_MONTHS, total
from reporting.indicators.people import at_work

# The list is theirs alone who live in the Bouches-du-Rhône: basins reach Pertuis (84) and Saint-Zacharie (83).
DEPARTMENT = "13"
LISTED = "Convention, listes nominatives (C21)"


def beneficiaries(scope, period):
    """Rows: persons with hours counted in the period, who received RSA at entry and live in the Département."""
    return at_work(scope, period).filter(receives_rsa=True, commune__department=DEPARTMENT)


def hours_of_beneficiaries(scope, period):
    """Rows: the hours of these persons in the months of the period, régularisations included."""
    return scope.hours().of_period(period).filter(participant__in=beneficiaries(scope, period))


PERSONS = Indicator(
    "persons_rsa_at_work",
    "Bénéficiaires du RSA ayant travaillé",
    Unit.PERSONS,
    Family.PERSONS,
    "Personnes distinctes dont des heures sont comptabilisées dans la période, qui percevaient le RSA à l’entrée et "
    "résident dans les Bouches-du-Rhône. RSA non renseigné : la personne n’est pas comptée.",
    IN_THE_MONTHS,
    LISTED,
    beneficiaries,
    Count("pk"),
)
HOURS = Indicator(
    "hours_of_rsa_at_work",
    "Heures des bénéficiaires du RSA",
    Unit.HOURS,
    Family.HOURS,
    "Heures comptabilisées des bénéficiaires du RSA résidant dans les Bouches-du-Rhône, régularisations comprises.",
    IN_THE_MONTHS,
    LISTED,
    hours_of_beneficiaries,
    total("counted"),
)


def hours_by_contract(scope, period):
    """{contract id: hours of a beneficiary counted in the period}, the contracts where they are not zero."""
    rows = hours_of_beneficiaries(scope, period).order_by().values_list("contract_id")
    return {contract: hours for contract, hours in rows.annotate(hours=total("counted")) if hours}
