"""An invented lot: what the preview of a template shows, and what an uploaded template is tried on."""

import datetime as dt
from dataclasses import replace

from clauses_portal.core.pdf import FundingPeriod
from markets.documents.context import GLOBALISATION, Contact, DocumentContext, LotHours, Option, Penalty, articles_of
from markets.enums import LegalBasis

PENALTIES = (
    Penalty("Heure d’insertion non réalisée", "50 € par heure non réalisée"),
    Penalty("Relevé mensuel ou justificatif remis en retard", "50 € par jour ouvré de retard"),
    Penalty("Correspondant insertion absent à une réunion de suivi", "500 € par absence"),
)
SAMPLE = DocumentContext(
    buyer_name="Département des Bouches-du-Rhône",
    operation_title="Réhabilitation du collège Les Cyprès",
    market_number="2026-TX-014",
    market_title="Travaux de réhabilitation du collège Les Cyprès",
    market_kind="Travaux",
    procedure="Appel d’offres ouvert",
    lot_number="2",
    lot_title="Gros œuvre et maçonnerie",
    legal_basis=LegalBasis.EXECUTION_AND_CRITERION,
    articles=articles_of(LegalBasis.EXECUTION_AND_CRITERION, mandatory=True),
    lots=(
        LotHours("2", "Gros œuvre et maçonnerie", 1250),
        LotHours("5", "Peinture et revêtements", 420),
    ),
    hours=1250,
    firm_months=18,
    options=(Option("Tranche optionnelle 1 – Demi-pension", 300), Option("Reconduction n° 1", 140)),
    by_orders=True,
    facilitator=Contact(
        "Camille Exemple", "Facilitateur du Pays d’Aix", "04 00 00 00 01", "camille.exemple@facilitateur.example"
    ),
    substitute=Contact(
        "Dominique Modèle", "Facilitateur du Pays d’Aix", "04 00 00 00 02", "dominique.modele@facilitateur.example"
    ),
    officer=Contact(
        "Claude Spécimen", "Direction de l’Insertion", "04 00 00 00 03", "claude.specimen@departement.example"
    ),
    start=dt.date(2027, 3, 1),
    end=dt.date(2028, 8, 31),
    penalties=PENALTIES,
    globalisation=GLOBALISATION,
    criterion_weight="10 % de la note",
    staff_takeover=True,
    places=("Aix-en-Provence", "Gardanne"),
    eu_funding=FundingPeriod.CURRENT,
    date=dt.date(2026, 11, 2),
)


def sample_context(legal_basis=LegalBasis.EXECUTION_AND_CRITERION, **changes):
    """Return the invented context on this legal basis, every optional field filled; `changes` replace fields."""
    legal_basis = LegalBasis(legal_basis)
    articles = articles_of(legal_basis, mandatory=True)
    return replace(SAMPLE, **{"legal_basis": legal_basis, "articles": articles, **changes})


def bare_context(legal_basis=LegalBasis.EXECUTION):
    """Return the same lot with every optional field empty."""
    return DocumentContext(
        buyer_name=SAMPLE.buyer_name,
        market_title=SAMPLE.market_title,
        market_kind=SAMPLE.market_kind,
        legal_basis=legal_basis,
        articles=articles_of(legal_basis),
        hours=0,
        facilitator=Contact(SAMPLE.facilitator.name),
        officer=Contact(SAMPLE.officer.name),
        date=SAMPLE.date,
        publics=(),
        modalities=(),
    )
