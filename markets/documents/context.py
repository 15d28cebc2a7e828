"""Everything a contract document may print, and nothing else: no figure of the calculation has a place here (C27)."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from clauses_portal.core import french
from clauses_portal.core.errors import DomainError
from clauses_portal.core.pdf import FundingPeriod
from markets.enums import LegalBasis

# Articles of the Code de la commande publique a clause rests on (domain.md §2.1).
ARTICLES = {
    LegalBasis.EXECUTION: ("L. 2112-2",),
    LegalBasis.CRITERION: ("L. 2152-7", "R. 2152-7"),
    LegalBasis.EXECUTION_AND_CRITERION: ("L. 2112-2", "L. 2152-7", "R. 2152-7"),
    LegalBasis.RESERVED_DISABILITY: ("L. 2113-12", "R. 2113-7"),
    LegalBasis.RESERVED_INSERTION: ("L. 2113-13", "R. 2113-7"),
    LegalBasis.RESERVED_BOTH: ("L. 2113-14", "R. 2113-7"),
    LegalBasis.RESERVED_PRISON: ("L. 2113-13-1", "R. 2113-8"),
    LegalBasis.RESERVED_ESS: ("L. 2113-15", "L. 2113-16"),
    LegalBasis.QUALIFICATION: ("R. 2123-1, 3°",),
}
DUTY_ARTICLE, CONCESSION_ARTICLE, CONCESSION_DUTY_ARTICLE = "L. 2112-2-1", "L. 3114-2", "L. 3114-2-1"


def _typeset(*texts):
    return tuple(map(french.typographic, texts))


# The publics of the « clause d’insertion sociale » of the CCAG of 2021 (domain.md §4.1).
CCAG_PUBLICS = _typeset(
    "personnes prises en charge dans le secteur adapté ou protégé : salariés des entreprises adaptées et des "
    "entreprises adaptées de travail temporaire, usagers des établissements et services mentionnés à l’article "
    "L. 344-2 du Code de l’action sociale et des familles (ESAT)",
    "personnes prises en charge dans une structure d’insertion par l’activité économique mentionnée à l’article "
    "L. 5132-4 du Code du travail : mises à disposition par une association intermédiaire ou une entreprise de travail "
    "temporaire d’insertion, salariées d’une entreprise d’insertion ou d’un atelier et chantier d’insertion",
    "personnes employées par une régie de quartier ou de territoire agréée",
    "personnes prises en charge dans un dispositif particulier, notamment un établissement pour l’insertion dans "
    "l’emploi (EPIDE) ou une école de la deuxième chance (E2C)",
    "personnes en parcours d’insertion dans un groupement d’employeurs pour l’insertion et la qualification (GEIQ)",
    "personnes sous main de justice, employées en régie, dans le cadre du service de l’emploi pénitentiaire ou par un "
    "concessionnaire",
    "demandeurs d’emploi de longue durée, inscrits depuis plus de douze mois, sans activité ou en activité partielle "
    "(moins de six mois dans les douze derniers mois)",
    "bénéficiaires du revenu de solidarité active (RSA) en recherche d’emploi",
    "travailleurs handicapés au sens de l’article L. 5212-13 du Code du travail, orientés en milieu ordinaire et "
    "demandeurs d’emploi",
    "bénéficiaires de l’allocation de solidarité spécifique, de l’allocation aux adultes handicapés, de l’allocation "
    "d’insertion ou d’une pension d’invalidité",
    "jeunes de moins de vingt-six ans sans qualification, sortis du système scolaire depuis au moins six mois, ou "
    "diplômés justifiant de six mois d’inactivité",
    "demandeurs d’emploi de plus de cinquante ans",
    "jeunes en suivi renforcé (parcours contractualisé, contrat d’engagement jeune, service militaire adapté ou "
    "volontaire)",
    "habitants des quartiers prioritaires de la politique de la ville (QPV)",
    "personnes ayant obtenu le statut de réfugié ou bénéficiaires de la protection subsidiaire",
    "autres personnes, sur avis motivé de France Travail, d’un plan local pour l’insertion et l’emploi (PLIE), d’une "
    "maison de l’emploi, d’une mission locale, de Cap emploi ou d’une maison départementale des personnes handicapées",
)

# Three modalities, free choice: imposing one would not be equal treatment (domain.md §4.4, §10.1).
MODALITIES = _typeset(
    "embauche directe par le titulaire, un cotraitant ou un sous-traitant (contrat à durée indéterminée, à durée "
    "déterminée, d’apprentissage ou de professionnalisation)",
    "mise à disposition de personnel par une structure d’insertion par l’activité économique, une entreprise adaptée "
    "de travail temporaire, un groupement d’employeurs pour l’insertion et la qualification ou une entreprise de "
    "travail temporaire",
    "sous-traitance ou cotraitance avec une structure d’insertion par l’activité économique, une entreprise adaptée "
    "ou un ESAT",
)
# What the documents say of hours grouped over several markets (domain.md §10.1, 13).
GLOBALISATION = french.typographic(
    "Le titulaire de plusieurs marchés comportant une clause sociale peut demander à regrouper les heures d’insertion "
    "au bénéfice d’un même parcours. La globalisation suppose l’accord écrit et préalable de chaque acheteur "
    "concerné ; une heure n’est décomptée qu’une seule fois et le total des heures dues reste inchangé."
)


@dataclass(frozen=True)
class Contact:
    """Who to call: the block printed in the documents (C4, C13)."""

    name: str
    structure: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Option:
    """Hours (h) that wait for an affirmation: an option, a tranche, a renewal."""

    label: str
    hours: int


@dataclass(frozen=True)
class LotHours:
    """A lot of the market and its hours (h), or what stands for them: the notice lists them all."""

    number: str
    title: str
    hours: int
    instead: str = ""


@dataclass(frozen=True)
class Penalty:
    """A breach and its tariff, both as they are printed (« 50 € par jour ouvré de retard »)."""

    breach: str
    tariff: str


@dataclass(frozen=True)
class Timetable:
    """Days from the notification (job sheets, first hire), day of the month (statement), working days (evidence)."""

    job_sheet_days: int = 30
    first_hire_days: int = 90
    statement_day: int = 10
    evidence_working_days: int = 10


@dataclass(frozen=True, kw_only=True)
class DocumentContext:
    """What the documents of one lot print. Texts are plain; hours are whole hours of the firm period.

    Raises ValueError for negative hours or an unknown legal basis or funding period.
    """

    buyer_name: str
    market_title: str
    market_kind: str
    legal_basis: LegalBasis
    articles: tuple[str, ...]
    hours: int
    facilitator: Contact
    officer: Contact
    date: dt.date
    operation_title: str = ""
    market_number: str = ""
    procedure: str = ""
    lot_number: str = ""
    lot_title: str = ""
    lots: tuple[LotHours, ...] = ()
    firm_months: int | None = None
    options: tuple[Option, ...] = ()
    # a flag and no text: the way hours grow with orders is a way to compute them
    by_orders: bool = False
    publics: tuple[str, ...] = CCAG_PUBLICS
    modalities: tuple[str, ...] = MODALITIES
    substitute: Contact | None = None
    start: dt.date | None = None
    end: dt.date | None = None
    timetable: Timetable = Timetable()
    penalties: tuple[Penalty, ...] = ()
    globalisation: str = ""
    criterion_weight: str = ""
    staff_takeover: bool = False
    places: tuple[str, ...] = ()
    eu_funding: FundingPeriod = FundingPeriod.NONE
    eligibility_months: int = 24
    full_time_hours: int = french.HOURS_IN_A_YEAR

    def __post_init__(self):
        if self.hours < 0:
            raise ValueError("Hours cannot be negative.")
        object.__setattr__(self, "legal_basis", LegalBasis(self.legal_basis))
        object.__setattr__(self, "eu_funding", FundingPeriod(self.eu_funding))

    @property
    def weeks(self):
        """The hours in weeks of 35 h."""
        return Decimal(self.hours) / french.HOURS_IN_A_WEEK

    @property
    def full_time_equivalents(self):
        """The hours in full-time years."""
        return Decimal(self.hours) / self.full_time_hours

    @property
    def is_condition(self):
        return self.legal_basis in (LegalBasis.EXECUTION, LegalBasis.EXECUTION_AND_CRITERION)

    @property
    def is_criterion(self):
        return self.legal_basis in (LegalBasis.CRITERION, LegalBasis.EXECUTION_AND_CRITERION)

    @property
    def is_only_criterion(self):
        """Nothing is asked then: the hours are those the company offers."""
        return self.legal_basis is LegalBasis.CRITERION

    @property
    def is_reserved(self):
        return self.legal_basis.is_reserved


def articles_of(legal_basis, *, mandatory=False, concession=False):
    """Return the articles (« L. 2112-2 ») to cite; `mandatory` when the duty of L. 2112-2-1 applies.

    Raises `DomainError` for a concession on anything else than a condition of execution: its documents are written
    with the référent juridique.
    """
    legal_basis = LegalBasis(legal_basis)
    if concession:
        if legal_basis is not LegalBasis.EXECUTION:
            raise DomainError(
                "Pour une concession, le portail ne rédige que la condition d’exécution "
                f"(article {CONCESSION_ARTICLE}). Préparez les pièces avec le référent juridique."
            )
        return (CONCESSION_ARTICLE, CONCESSION_DUTY_ARTICLE) if mandatory else (CONCESSION_ARTICLE,)
    articles = ARTICLES[legal_basis]
    if mandatory and articles[0] == "L. 2112-2":
        return (articles[0], DUTY_ARTICLE, *articles[1:])
    return articles
