"""What goes by itself, nobody being forgotten: old mails, deposits that were read, evidence that was seen."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, Q

from clauses_portal.core.services import save_columns
from facilitators.models import OutgoingMail
from markets.models import CompanyContact, Lot
from participants.enums import DeclarationState
from participants.models import DataRequest, DeclarationLine, HoursImport, MonthlyDeclaration

KEPT = timedelta(days=365)
ERASED_FILE = "fichier effacé"
ERASED_CONTACT = "Contact effacé"
ERASED_REQUESTER = "Demandeur effacé"


def purge_mails(today, *, apply):
    """Erase the text of the mails sent, or refused, more than a year ago; who was written to, and when, stays."""
    over = Q(sent_on__date__lt=today - KEPT) | Q(failed_on__date__lt=today - KEPT)
    rows = OutgoingMail.objects.filter(over).exclude(body="")
    return rows.update(body="", attachment=None) if apply else rows.count()


def purge_deposits(today, *, apply):
    """Erase the statements of hours deposited more than a year ago: their lines say what was read of them."""
    rows = HoursImport.objects.filter(asked_at__date__lt=today - KEPT).exclude(content=b"")
    return rows.update(content=b"", file_name=ERASED_FILE) if apply else rows.count()


def purge_evidence(today, *, apply):
    """Erase the sheets joined by companies once each of their lines is settled: what was seen is not kept."""
    waiting = DeclarationLine.objects.filter(declaration=OuterRef("pk"), state=DeclarationState.SENT)
    rows = MonthlyDeclaration.objects.filter(~Exists(waiting), content__isnull=False)
    if settings.EVIDENCE_KEPT:
        return 0
    return rows.update(content=None, file_name="") if apply else rows.count()


def purge_requesters(today, *, apply):
    """Erase who asked about data that the portal never had, two years after the answer."""
    before = today - relativedelta(months=settings.RETENTION_MONTHS["active"])
    rows = DataRequest.objects.filter(participant=None, answered_at__date__lt=before).exclude(
        requester=ERASED_REQUESTER
    )
    return rows.update(requester=ERASED_REQUESTER, details="") if apply else rows.count()


def purge_contacts(today, *, apply):
    """Erase the people of the companies whose last lot ended more than three years ago (domain.md §8)."""
    before = today - relativedelta(months=settings.RETENTION_MONTHS["contacts"])
    ended = Lot.objects.order_by().values("awards__company").annotate(last=Max("ends_on"))
    over = ended.filter(last__lt=before, awards__company__isnull=False).values("awards__company")
    under_way = Lot.objects.filter(awards__company=OuterRef("company"), ends_on__isnull=True)
    rows = CompanyContact.objects.filter(~Exists(under_way), company__in=over).exclude(name=ERASED_CONTACT)
    if apply:
        return sum(_forget_contact(row, today) for row in rows)
    return rows.count()


@transaction.atomic
def _forget_contact(row, today):
    who = {"name": ERASED_CONTACT, "job_title": "", "email": "", "phone": "effacé"}
    save_columns(row, by=None, **who, receives_reminders=False, left_on=row.left_on or today)
    with connection.cursor() as cursor:
        cursor.execute("SELECT participants_forget_contact(%s)", [row.pk])
    return 1


# What each is called on the page and by the command.
PURGES = {
    "Courriels de plus d’un an": purge_mails,
    "Relevés d’heures déposés depuis plus d’un an": purge_deposits,
    "Pièces jointes dont toutes les lignes sont vérifiées": purge_evidence,
    "Demandeurs sans fiche, deux ans après la réponse": purge_requesters,
    "Contacts d’entreprises sans marché depuis trois ans": purge_contacts,
}
