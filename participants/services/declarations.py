"""A month as a company declares it, and what the facilitator makes of it (domain.md §9.8).

What was signed stays as it was sent: declaring again makes new rows, and the lines nobody had checked are set aside.
Nothing enters the grid before the facilitator says so.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import CSV, JPEG, ODS, PDF, PNG, XLSX, check_upload
from clauses_portal.core.scanning import ask_scan
from clauses_portal.core.services import checked_save, lock
from facilitators.enums import Role
from facilitators.notifications import members, notify
from markets.models import Company
from markets.services.company_links import mark_used
from participants.declaring import contracts_to_declare
from participants.enums import SETTLED, DeclarationState, HoursSource
from participants.models import DeclarationLine, MonthlyDeclaration
from participants.services.hours.months import NOT_BEGUN
from participants.services.hours_batch import HoursBatch

ATTACHMENTS = (PDF, PNG, JPEG, XLSX, ODS, CSV)
NOT_THEIRS = "Une personne de ce relevé ne fait pas partie de vos effectifs de ce mois : rien n’a été enregistré."
NOBODY = "Toutes les heures de ce mois sont déjà vérifiées : appelez votre facilitateur pour les corriger."
INCOMPLETE = "Indiquez les heures de chaque personne, 0 si elle n’a pas travaillé."
ALREADY_CHECKED = "Cette ligne a déjà été vérifiée, ou l’entreprise l’a remplacée."
NEEDS_A_REASON = "Indiquez le motif : l’entreprise le lira."
NEEDS_HOURS = "Indiquez les heures retenues."
ACCEPT, CORRECT, REFUSE = "accept", "correct", "refuse"
STATES = {
    ACCEPT: DeclarationState.ACCEPTED,
    CORRECT: DeclarationState.CORRECTED,
    REFUSE: DeclarationState.REFUSED,
}


@dataclass(frozen=True)
class Checked:
    """What became of a line that was decided: its id, was it kept, a sentence."""

    line_id: int
    done: bool
    message: str = ""


def settled_contracts(company, month):
    """Ids of the contracts whose declared hours the facilitator has accepted or corrected: they change no more."""
    lines = DeclarationLine.objects.filter(declaration__company=company, declaration__month=month, state__in=SETTLED)
    return set(lines.values_list("contract", flat=True))


@transaction.atomic
def declare(
    *, company, month, hours, signatory, job_title="", comment="", no_hours=False, file=None, link=None, within=None
):
    """Record what a company says of a month. Returns the MonthlyDeclaration.

    `hours`: {contract id: (hours as a Decimal, note)}, one for each open contract of the company, left out with
    `no_hours`. `file`: (name, bytes) of its sheet. `link` is None when a facilitator writes for the company; `within`
    then keeps to the contracts he follows. Raises DomainError: a person who is not the company's, one left out,
    nothing open, a month to come, a refused file; ValidationError for an incredible number.
    """
    company = lock(Company.objects, company.pk)
    if month > timezone.localdate():
        raise DomainError(NOT_BEGUN)
    contracts = _open_contracts(company, month, within)
    if no_hours:
        hours = {contract.pk: (Decimal(0), "") for contract in contracts}
    _check_whole(contracts, hours)
    declaration = MonthlyDeclaration(
        company=company,
        link=link,
        month=month,
        signatory=signatory,
        job_title=job_title,
        comment=comment,
        no_hours=no_hours,
    )
    if file is not None:
        declaration.file_name, declaration.content = _checked_file(file)
    _set_aside(company, month, contracts)
    checked_save(declaration)
    ask_scan(declaration)
    _write_lines(declaration, contracts, hours)
    if link is not None:
        mark_used(link)
        _tell(declaration, contracts)
    return declaration


def _open_contracts(company, month, within):
    rows = contracts_to_declare(company, month)
    if within is not None:
        rows = rows.filter(pk__in=within)
    every = list(rows)
    settled = settled_contracts(company, month)
    open_ones = [contract for contract in every if contract.pk not in settled]
    if every and not open_ones:
        raise DomainError(NOBODY)
    return open_ones


def _check_whole(contracts, hours):
    known = {contract.pk for contract in contracts}
    if set(hours) - known:
        raise DomainError(NOT_THEIRS)
    if known - set(hours):
        raise DomainError(INCOMPLETE)


def _checked_file(file):
    """(clean name, bytes) of the sheet a company attaches."""
    name, content = file
    return check_upload(name, content, allowed=ATTACHMENTS).name, content


def _set_aside(company, month, contracts):
    """The lines sent before and not checked yet give way to the new ones; their declaration keeps what was signed."""
    waiting = DeclarationLine.objects.to_check().filter(declaration__company=company, declaration__month=month)
    waiting.filter(contract__in=contracts).update(state=DeclarationState.REPLACED)


def _write_lines(declaration, contracts, hours):
    for contract in contracts:
        number, note = hours[contract.pk]
        line = DeclarationLine(
            declaration=declaration, contract=contract, territory_id=contract.territory_id, hours=number, note=note
        )
        line.full_clean(exclude=["declaration", "contract", "territory"], validate_unique=False)
        line.save()


def _tell(declaration, contracts):
    """The facilitators of the places concerned, without any name of a participant."""
    people = members(Role.FACILITATOR, territory__in={contract.territory_id for contract in contracts})
    text = f"{declaration.company} a déclaré {declaration.month:%m/%Y} : relevé à vérifier."
    notify(people, text[:300], f"/heures/releves/?mois={declaration.month:%Y-%m}")


@transaction.atomic
def check_lines(*, decisions, by):
    """Decide of several lines, each on its own: [(line, act, text, answer, version)] gives [Checked].

    `act`: "accept" keeps what was declared, "correct" the hours in `text` (« 7,5 », « 7h30 »), "refuse" nothing; the
    last two say why in `answer`. `version` is the one of the grid's cell the person saw. A line that is refused by a
    rule says it, and leaves the others done.
    """
    if not decisions:
        return []
    ids = [line.pk for line, *_ in decisions]
    rows = DeclarationLine.objects.select_related("declaration").filter(pk__in=ids).order_by("pk")
    lines = {line.pk: line for line in rows.select_for_update(of=("self",))}
    months = {line.declaration.month for line in lines.values()}
    batch = HoursBatch({line.contract_id for line in lines.values()}, months, HoursSource.COMPANY, by)
    outcomes = [_check_line(lines[line.pk], *decision, batch=batch, by=by) for line, *decision in decisions]
    batch.close()
    if not settings.EVIDENCE_KEPT:
        _erase_seen({line.declaration_id for line in lines.values()})
    return outcomes


def _erase_seen(declarations):
    """A sheet is not kept once each of its lines is settled: what it proved was seen (domain.md §8)."""
    waiting = DeclarationLine.objects.to_check().filter(declaration__in=declarations).values("declaration")
    seen = MonthlyDeclaration.objects.filter(pk__in=declarations, content__isnull=False).exclude(pk__in=waiting)
    seen.update(content=None, file_name="")


def _check_line(line, act, text, answer, version, *, batch, by):
    """Decide of one line: what is refused leaves it as it was."""
    try:
        _decide(line, act, text, answer.strip(), by=by)
        if line.kept_hours is None:
            checked_save(line)
            return Checked(line.pk, True)
        with batch.cell(line.contract_id, line.declaration.month) as cell:
            outcome = cell.record(line.kept_hours, version)
            checked_save(line)
        return Checked(line.pk, True, outcome.message)
    except (DomainError, ValueError) as error:
        return Checked(line.pk, False, str(error))
    except ValidationError as error:
        return Checked(line.pk, False, " ".join(error.messages))


def _decide(line, act, text, answer, *, by):
    """Put the decision on the line. Raises DomainError or ValueError on what is missing."""
    if line.state != DeclarationState.SENT:
        raise DomainError(ALREADY_CHECKED)
    if act != ACCEPT and not answer:
        raise DomainError(NEEDS_A_REASON)
    if act == CORRECT and not text.strip():
        raise DomainError(NEEDS_HOURS)
    if act != REFUSE:
        line.kept_hours = line.hours if act == ACCEPT else french.parse_hours(text)
    line.state, line.answer = STATES[act], "" if act == ACCEPT else answer
    line.checked_at, line.checked_by = timezone.now(), by
