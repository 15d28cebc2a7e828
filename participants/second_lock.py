"""What a company may see of the protected rows: persons where it has work (docs/adr/0024)."""

from django.db.models import Q

from clauses_portal.core.second_lock import Claims
from markets.models import Award
from participants.models import EmploymentContract


def claims_of_company(company):
    """Return the Claims of a company that opened its link: the territories of its lots and of its people."""
    contracts = EmploymentContract.objects.filter(Q(employer=company) | Q(host=company))
    lots = Award.objects.filter(company=company)
    found = contracts.values_list("territory_id").union(lots.values_list("lot__territory_id"))
    return Claims(persons=frozenset(place for (place,) in found))
