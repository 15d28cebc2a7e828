"""The « attestation de bonne exécution » of a company: its hours, nothing of how they were set (domain.md §9.11)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from clauses_portal.core import french
from clauses_portal.core.pdf import letterhead, render_pdf
from clauses_portal.core.periods import Lifetime
from reporting.indicators import closing, hours
from reporting.indicators.definition import compute, percentage, split
from reporting.indicators.scope import Scope
from reporting.services.branding import logos_on
from reporting.statements.closing_companies import members_of
from reporting.statements.parts import count_table, funding_period

TITLE = "Attestation de bonne exécution de la clause sociale"
FIRST_DAY = date(1990, 1, 1)
FIGURES = (hours.DUE, closing.NEUTRALISED, hours.COUNTED, hours.PENDING)


@dataclass(frozen=True)
class Execution:
    """What an award did (h): due once neutralised hours are out, neutralised, counted with its subcontractors'."""

    due: Decimal
    neutralised: Decimal
    counted: Decimal
    pending: Decimal
    by_modality: list

    @property
    def done(self):
        """Share of the objective (%), real: it may exceed 100; None when nothing is due."""
        return percentage(self.counted, self.due)

    @property
    def result(self):
        """« Objectif atteint », « Objectif partiellement atteint » or « Objectif non atteint » (domain.md §5.11)."""
        if self.counted >= self.due:
            return "Objectif atteint"
        return "Objectif partiellement atteint" if self.counted > 0 else "Objectif non atteint"


def execution_of(award):
    """The `Execution` of an award as of today, from the declared indicators."""
    # corrections are booked after the last day worked: everything up to today
    scope, period = Scope(award_ids=members_of(award)), Lifetime(FIRST_DAY, timezone.localdate())
    values = compute(FIGURES, scope, period)
    return Execution(
        due=values["hours_due"],
        neutralised=values["hours_neutralised"],
        counted=values["hours_counted"],
        pending=values["hours_pending"],
        by_modality=split(hours.BY_MODALITY, scope, period),
    )


def execution_pdf(certificate, *, by, at):
    """Return the PDF (bytes) of an attestation under its number, dated `at` (aware)."""
    award, day = certificate.award, timezone.localdate(at)
    lot, market = award.lot, award.lot.market
    execution = execution_of(award)
    context = {
        "company": str(award.company),
        "execution": execution,
        "facts": [
            ("Attestation", f"n° {certificate.number}"),
            ("Établie le", french.date(day)),
            ("Entreprise", str(award.company)),
            ("SIRET", award.company.siret),
            ("Rôle", award.get_role_display()),
        ],
        "market_facts": [
            ("Marché", market.number),
            ("Objet", market.title),
            ("Lot", f"{lot.number} – {lot.title}"),
            ("Territoire", lot.territory.name),
            ("Exécution", execution_days(award)),
        ],
        "modalities": count_table(
            "Heures comptabilisées, par modalité", "Modalité", "Heures", execution.by_modality, hours=True
        ),
        "author": str(by),
        "verification_code": certificate.verification_code,
        "letterhead": letterhead(logos_on(day)[:2], funding_period(_lot_alone(lot), day)),
    }
    return render_pdf(
        "pdf/execution_certificate.html", context, title=TITLE, identifier=certificate.number, created_at=at
    )


def execution_days(award):
    """« du 01/02/2026 au 31/01/2027 »: when the company worked on the lot."""
    first = award.intervenes_from or award.lot.starts_on
    last = award.ended_on or award.intervenes_until or award.lot.ends_on
    return f"du {french.date(first)} au {french.date(last)}"


def _lot_alone(lot):
    return type(lot).objects.filter(pk=lot.pk)
