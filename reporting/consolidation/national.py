"""What the national network of clauses asks each civil year (domain.md §6), in its own order.

Its first heading, the structure itself (type, staff, funding), is not in the portal: each structure answers it.
"""

from participants.enums import ExitHorizon
from reporting.indicators import contracts, exits, hours, markets, national, people
from reporting.statements.figures import Part

NOT_HELD = (
    "La rubrique « Structure » (nature, équivalents temps plein des facilitateurs, parts de financement) n’est pas "
    "tenue dans le portail : chaque structure la renseigne elle-même."
)
APART = (
    "Personnes distinctes, contrats et validations sont trois comptes différents : une personne peut avoir plusieurs "
    "contrats et plusieurs validations. Les personnes de plusieurs territoires ne s’additionnent pas."
)
EXITS = ("due", "known", "unknown", "lasting", "employed", "positive", "rate_known", "rate_all")

PARTS = (
    Part(
        "Marchés",
        (
            *(national.OPERATIONS, national.NPNRU, markets.MARKETS, markets.LOTS),
            *(markets.NOTIFIED, markets.CONSIDERATE, markets.CONSIDERATE_SHARE),
        ),
        (national.LOTS_BY_BASIS, national.LOTS_BY_TRADE, markets.BY_KIND, national.BY_CONSIDERATION),
    ),
    Part(
        "Heures",
        (national.ENGAGED, hours.DUE, hours.DECLARED, hours.COUNTED, hours.TRAINING, hours.REGULARISED),
        (hours.BY_MODALITY, national.HOURS_BY_EMPLOYER, hours.BY_TERRITORY, national.HOURS_BY_BASIS),
    ),
    Part(
        "Entreprises",
        (markets.COMPANIES, markets.SIAE),
        (national.COMPANIES_BY_SIZE, national.COMPANIES_BY_KIND),
    ),
    Part(
        "Participants",
        (*people.PROFILE, people.WOMEN_SHARE, people.RSA_SHARE, people.AT_WORK, people.IN_POST, national.VALIDATIONS),
        (
            *(people.BY_SEX, people.BY_AGE, people.BY_LEVEL, people.BY_CATEGORY),
            *(national.BY_SITUATION, people.BY_HOME),
        ),
    ),
    Part(
        "Contrats",
        (contracts.STARTED, contracts.RUNNING, contracts.ENDED, contracts.MEAN_LENGTH),
        (contracts.STARTED_BY_TYPE, national.STARTED_BY_LENGTH),
    ),
    Part(
        "Sorties",
        tuple(exits.BY_HORIZON[horizon][name] for horizon in ExitHorizon for name in EXITS),
        tuple(exits.BY_HORIZON[horizon]["by_situation"] for horizon in ExitHorizon),
    ),
)
