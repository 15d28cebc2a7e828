"""The versions of a lot as its page tells them: hours, equivalents, states. Nothing confidential."""

from dataclasses import dataclass

from markets.calibrating.outcome import spoken
from markets.enums import CalibrationPurpose, PhaseKind
from markets.firm_period import instead_of_hours
from markets.models import Calibration, LotPhase
from markets.models.calibration import OPEN_STATES, UNDER_WAY

P = CalibrationPurpose
ACTS = {
    PhaseKind.OPTION: "Affermir l’option",
    PhaseKind.TRANCHE: "Affermir la tranche",
    PhaseKind.RENEWAL: "Affermir la reconduction",
    P.ORDER: "Inscrire le bon de commande",
    P.AMENDMENT: "Inscrire l’avenant",
}


@dataclass(frozen=True)
class VersionRow:
    """A version: its state and tone, what its hours amount to, whether it waits to be retained or to be due (`act`)."""

    version: Calibration
    state: str
    tone: str
    equivalent: str
    waits: bool
    due: bool
    act: str

    @property
    def hours(self):
        """Hours retained or, before that, proposed."""
        return hours_of(self.version)


@dataclass(frozen=True)
class PhaseRow:
    """A phase and its last version, if any; `open` when its hours may still be proposed."""

    phase: LotPhase
    last: VersionRow | None
    open: bool


@dataclass(frozen=True)
class Section:
    """What the page of a lot shows of its calibration; `instead`: what stands for firm hours where 0 h may do."""

    versions: list[VersionRow]
    phases: list[PhaseRow]
    firm_open: bool
    orders_open: bool
    instead: str


def section_of(lot, phases):
    """The Section of a lot and of its phases, in one query."""
    versions = _rows(lot)
    last = {}
    for row in reversed(versions):
        last[row.version.phase_id] = row
    opened = lot.state in OPEN_STATES[P.PHASE]
    rows = [PhaseRow(phase, last.get(phase.pk), opened and not phase.affirmed_on) for phase in phases]
    firm, orders = (lot.state in OPEN_STATES[purpose] for purpose in (P.FIRM, P.ORDER))
    return Section(versions, rows, firm, orders, instead_of_hours(lot))


def hours_of(version):
    """Hours of a version: those retained or, before that, those proposed."""
    return version.proposed_hours if version.retained_hours is None else version.retained_hours


def row_of(version):
    """The VersionRow of one version."""
    return next(row for row in _rows(version.lot) if row.version == version)


def act_on(version):
    """« Affermir la tranche », « Inscrire l’avenant »: what makes the hours of a version due."""
    return ACTS.get(version.phase.kind if version.phase else version.purpose, "Inscrire à l’objectif")


def _rows(lot):
    """VersionRow of each version, the last one first."""
    versions = list(lot.calibrations.with_status().select_related("proposed_by", "retained_by", "phase"))
    activated = {_object(version) for version in versions if version.activated}
    retained, rows = set(), []
    for version in versions:
        replaced = version.superseded if version.retained_at is None else _object(version) in retained
        if version.retained_at:
            retained.add(_object(version))
        rows.append(_row(version, lot, replaced, _object(version) in activated))
    return rows


def _object(version):
    return version.purpose, version.phase_id, version.label


def _row(version, lot, replaced, activated):
    state, tone = _state(version, replaced)
    hours = hours_of(version)
    current = not (replaced or activated)
    return VersionRow(
        version,
        state,
        tone,
        equivalent=spoken(hours) if hours else "",
        waits=current and not version.retained_at and lot.state in OPEN_STATES[version.purpose],
        due=current and bool(version.retained_at) and version.purpose != P.FIRM and lot.state in UNDER_WAY,
        act=act_on(version),
    )


def _state(version, replaced):
    """(words, tone) of a version."""
    cases = (
        (version.activated, ("Inscrite à l’objectif", "success")),
        (replaced, ("Remplacée", "neutral")),
        (version.retained_at, ("Retenue", "success")),
        (version.sent_back, ("Renvoyée au facilitateur", "warning")),
        (
            not version.proposed_hours and not instead_of_hours(version.lot),
            ("Avis : pas de clause", "danger"),
        ),
    )
    return next((answer for applies, answer in cases if applies), ("À retenir", "warning"))
