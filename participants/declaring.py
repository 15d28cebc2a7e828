"""Who declares whose hours: each contract of a month has one company that answers for it.

The employer of record declares. A lender one cannot write to, and that has no link of the month, leaves it to the
company its people work for (domain.md §4.4, modality 2). One contract, one list: nobody is asked twice.
"""

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from clauses_portal.core.periods import month_range
from markets.enums import LinkPurpose
from markets.models import CompanyContact, CompanyLink
from participants.enums import Modality
from participants.models import EmploymentContract


def with_declarer(contracts, month):
    """These contracts annotated with `declarer`, the id of the company that declares this month of theirs."""
    lender = OuterRef("employer")
    linked = CompanyLink.objects.live(timezone.now()).filter(company=lender, purpose=LinkPurpose.HOURS, month=month)
    reachable = CompanyContact.objects.live().exclude(email="").filter(company=lender, bounced_on=None)
    lent_by_the_silent = Q(modality=Modality.SECONDMENT) & ~Q(Exists(linked)) & ~Q(Exists(reachable))
    return contracts.annotate(
        declarer=Case(
            When(lent_by_the_silent, then=Coalesce(F("host"), F("award__company"))),
            default=F("employer"),
        )
    )


def contracts_of_month(month):
    """Contracts that run on at least one day of the month, with their `declarer`."""
    return with_declarer(EmploymentContract.objects.running(*month_range(month)), month)


def contracts_to_declare(company, month):
    """The contracts this company answers for in the month, by name: its own people and nobody else's."""
    rows = contracts_of_month(month).filter(declarer=company.pk)
    return rows.select_related("participant", "market", "lot", "employer").order_by(
        "participant__last_name", "participant__first_name", "starts_on", "pk"
    )
