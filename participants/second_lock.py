"""What a company may see of the protected rows: persons where it has work (docs/adr/0024)."""

from django.db.models import Q

from clauses_portal.core.second_lock import Claims
from markets.models import Award
from participants.models import EmploymentContract


def claims_of_company(company):
    """Return the Claims of a company that opened its link: the territories of its lots and of its people."""
    contracts = EmploymentContract.objects.filter(Q(employer=company) | Q(host=company))
    lots = Award.objects.filter(company=company)
    # unordered: the order of contracts is that of names, which nothing opens yet
    places = contracts.order_by().values_list("territory_id"), lots.order_by().values_list("lot__territory_id")
    found = places[0].union(places[1])
    return Claims(persons=frozenset(place for (place,) in found))
