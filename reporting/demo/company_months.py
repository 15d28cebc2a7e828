"""What companies declared of the last month by their links: two to check, one accepted, one « aucune heure »."""

from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import Count

from markets.models import Company
from markets.services.company_links import hours_link, mark_opened
from participants.declaring import contracts_of_month, contracts_to_declare
from participants.models import DeclarationLine, HoursEntry
from participants.services.declarations import ACCEPT, check_lines, declare

USUAL = Decimal(140)
SIGNATORY = {"signatory": "Dominique Roche", "job_title": "Responsable de la paie"}


def seed_company_months(world):
    """Declare the last month for the four companies with the most people; a fifth has only opened its link."""
    month = world.calendar.today.replace(day=1) - relativedelta(months=1)
    ranked = contracts_of_month(month).order_by().values("declarer").annotate(people=Count("pk"))
    ids = [row["declarer"] for row in ranked.order_by("-people", "declarer")[:5]]
    companies = Company.objects.in_bulk(ids)
    for rank, pk in enumerate(ids):
        _tell(world, companies[pk], month, rank)


def _tell(world, company, month, rank):
    link = hours_link(company=company, month=month)
    mark_opened(link)
    if rank == 4:
        return
    hours = {} if rank == 3 else _hours(company, month, rank)
    declaration = declare(company=company, month=month, hours=hours, link=link, no_hours=rank == 3, **SIGNATORY)
    world.made["déclarations d’entreprises"] += 1
    if rank == 2:
        _accept(world, declaration)


def _hours(company, month, rank):
    """{contract id: (hours, note)}: what the grid holds, but for one person of the first company."""
    contracts = list(contracts_to_declare(company, month))
    typed = HoursEntry.objects.typed().filter(contract__in=contracts, month=month)
    grid = dict(typed.values_list("contract", "declared"))
    hours = {contract.pk: (grid.get(contract.pk, USUAL), "") for contract in contracts}
    if rank == 0:
        first = contracts[0].pk
        hours[first] = (max(hours[first][0] - 7, Decimal(0)), "Une journée d’intempéries retirée.")
    return hours


def _accept(world, declaration):
    lines = DeclarationLine.objects.filter(declaration=declaration).select_related("territory")
    for line in lines:
        by = world.facilitators[line.territory.code]
        check_lines(decisions=[(line, ACCEPT, "", "", None)], by=by)
