"""What the page of a lot shows of its documents: those produced, what has moved since, what is still missing."""

from dataclasses import dataclass, field

from django.db.models import F, Q
from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.jobs import read_progress
from markets.enums import CalibrationPurpose, DocumentKind, LegalBasis, LotState
from markets.models import Calibration, ContractDocument, DocumentJob, PenaltyRule
from markets.services.document_context import firm_hours, gaps_of, structure_of, uncalibrated_phases
from markets.services.documents import why_not
from markets.services.referents import referent_of

WITH_CRITERION = {LegalBasis.CRITERION, LegalBasis.EXECUTION_AND_CRITERION}
OUTDATED_HOURS = "Ces pièces portent {printed}, le calibrage retenu en demande {retained} : produisez-les à nouveau."
NEW_REFERENT = "Un référent ou un suppléant a été désigné depuis : produisez les pièces à nouveau, elles le nommeront."
NEW_HOURS = (
    "Des heures d’une option, d’une tranche ou d’un autre lot ont été retenues depuis : produisez-les à nouveau."
)
NO_WEIGHT = "La pondération du critère n’est pas dans le portail : portez-la dans l’avis et dans le règlement."
NO_CONVENTION = (
    "Aucune convention n’est en vigueur sur ce territoire : les pièces ne nomment pas la structure du référent."
)
NO_PHONE = "Le compte du référent n’a pas de téléphone : les pièces ne donnent que son courriel."
NO_PENALTY = "Aucune pénalité n’est en vigueur : les pièces n’impriment pas de tarif."
NO_PHASE_HOURS = "{phase} : ses heures ne sont pas retenues, les pièces n’en parlent pas."


@dataclass(frozen=True)
class DocumentSection:
    """`latest` and `earlier` are ContractDocuments without their files; `refusal` says why none can be produced now;
    `warnings` what has moved since the last ones; `remarks` what those to come will lack without being wrong."""

    latest: list = field(default_factory=list)
    earlier: list = field(default_factory=list)
    job: DocumentJob | None = None
    refusal: str = ""
    gaps: tuple = ()
    warnings: tuple = ()
    remarks: tuple = ()

    @property
    def is_shown(self):
        return bool(self.latest or self.job or not self.refusal)

    @property
    def may_ask(self):
        """Nothing is missing, and no production is under way."""
        return not (self.refusal or self.gaps or (self.job and not self.job.is_over))


def documents_of(lot, user, *, may_produce):
    """The `DocumentSection` of a lot for this reader; what is missing is for those who `may_produce`."""
    rows = ContractDocument.objects.visible_to(user).filter(lot=lot).without_files().select_related("produced_by")
    rows = list(rows.annotate(template_version=F("template__version")))
    rows.sort(key=lambda row: (-row.version, list(DocumentKind).index(row.kind)))
    last = {row.kind: row for row in reversed(rows)}.values()
    latest, earlier = [row for row in rows if row in last], [row for row in rows if row not in last]
    section = {"latest": latest, "earlier": earlier, "job": _last_job(lot, user) if may_produce else None}
    if lot.state != LotState.CALIBRATED:
        return DocumentSection(**section, refusal=why_not(lot))
    today = timezone.localdate()
    named = referent_of(lot, today)
    warnings = tuple(_moved_since(lot, latest, named)) if latest else ()
    gaps = tuple(gaps_of(lot, today)) if may_produce else ()
    remarks = tuple(_lacks(lot, named, today)) if may_produce and not gaps else ()
    return DocumentSection(**section, gaps=gaps, warnings=warnings, remarks=remarks)


def _last_job(lot, user):
    job = DocumentJob.objects.visible_to(user).filter(lot=lot).first()
    return read_progress(job) if job else None


def _moved_since(lot, latest, named):
    """Yield a sentence for each thing that the last documents print and that has changed."""
    retained, printed, since = firm_hours(lot), latest[0].hours, min(row.produced_at for row in latest)
    if retained != printed:
        yield OUTDATED_HOURS.format(printed=french.hours(printed), retained=french.hours(retained))
    if named is not None and named.assigned_at and named.assigned_at > since:
        yield NEW_REFERENT
    elsewhere = Q(purpose=CalibrationPurpose.PHASE, lot=lot) | (
        Q(purpose=CalibrationPurpose.FIRM, lot__market=lot.market_id) & ~Q(lot=lot)
    )
    if Calibration.objects.filter(elsewhere, retained_at__gt=since).exists():
        yield NEW_HOURS


def _lacks(lot, named, today):
    """Yield a sentence for each thing the documents would do better to print, and can do without."""
    if lot.decision.legal_basis in WITH_CRITERION:
        yield NO_WEIGHT
    if structure_of(lot, today) is None:
        yield NO_CONVENTION
    if not named.referent.phone:
        yield NO_PHONE
    if not PenaltyRule.objects.valid_on(today).exists():
        yield NO_PENALTY
    for phase in uncalibrated_phases(lot):
        yield NO_PHASE_HOURS.format(phase=phase)
