"""Who employs, who holds the market, who hosts: three companies that the modality puts in order (domain.md §4.4)."""

from django.db.models import Q

from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import validated_save
from markets.enums import LENDER_KINDS, SIAE_KINDS, AwardRole, EmployerKind
from markets.models import Award, Company
from markets.services.companies import known_company
from participants.enums import Modality

# An entreprise adaptée lends people too (domain.md §4.4, modality 2).
LENDERS = LENDER_KINDS | {EmployerKind.EA}
NOT_ON_THE_LOT = (
    "{company} n’est pas une entreprise de ce lot : choisissez la mise à disposition, "
    "ou déclarez-la d’abord comme cotraitante ou sous-traitante."
)
NOT_A_LENDER = (
    "Une mise à disposition vient d’une structure qui prête du personnel (ETTI, AI, GEIQ, EATT, ETT, EA) : "
    "indiquez la nature de {company}."
)
HOST_IS_EMPLOYER = "L’employeur et l’entreprise utilisatrice sont deux entreprises différentes."
NOT_A_PARTNER = (
    "{company} est seule titulaire : la sous-traitance ou la cotraitance suppose une autre entreprise du lot."
)
NEITHER = (
    "{company} n’est ni une entreprise du lot, ni une structure qui prête du personnel : "
    "notez cette embauche comme situation de sortie."
)


def choose_parties(contract, award, *, employer_siret, host_siret, lender_kind, by):
    """Set the employer and the host of an unsaved contract: those given, or the company of the award."""
    if employer_siret:
        contract.employer = known_company(siret=employer_siret, name="", by=by)
    elif contract.employer_id is None:
        contract.employer = award.company
    if contract.modality != Modality.SECONDMENT:
        contract.host = None
        return
    if host_siret:
        contract.host = known_company(siret=host_siret, name="", by=by)
    elif contract.host_id is None:
        contract.host = award.company
    if lender_kind and contract.employer.kind == EmployerKind.COMPANY:
        _say_kind(contract.employer, lender_kind, by)


def _say_kind(company, kind, by):
    """What a company nobody had described is."""
    company.kind, company.is_siae = kind, kind in SIAE_KINDS
    validated_save(company, by=by)


def check_parties(contract, award):
    """Raise DomainError when the modality, the employer and the host disagree."""
    employer = contract.employer
    if contract.modality == Modality.SECONDMENT:
        if employer.kind not in LENDERS:
            raise DomainError(NOT_A_LENDER.format(company=employer))
        if contract.host_id == contract.employer_id:
            raise DomainError(HOST_IS_EMPLOYER)
    elif contract.modality in {Modality.DIRECT, Modality.SUBCONTRACT}:
        if not is_on_lot(employer, award):
            raise DomainError(NOT_ON_THE_LOT.format(company=employer))
        if contract.modality == Modality.SUBCONTRACT and award.role == AwardRole.HOLDER:
            raise DomainError(NOT_A_PARTNER.format(company=award.company))


def is_on_lot(company, award):
    """Is this company one of the lot’s, whatever its role?"""
    return company.pk == award.company_id or Award.objects.filter(lot=award.lot_id, company=company).exists()


def modality_of(former, employer):
    """The modality of the lasting contract that follows `former` with this employer."""
    if employer.pk == former.employer_id:
        return former.modality
    if is_on_lot(employer, former.award):
        return Modality.DIRECT
    if employer.kind in LENDERS:
        return Modality.SECONDMENT
    raise DomainError(NEITHER.format(company=employer))


def possible_employers(contract):
    """Companies that may sign the lasting contract that follows: the employer, those of the lot, the host."""
    on_lot = Award.objects.filter(lot=contract.lot_id).values("company")
    present = Q(pk__in=on_lot) | Q(pk__in=[contract.employer_id, contract.host_id or contract.employer_id])
    return Company.objects.filter(present).order_by("name", "siret")
