"""The indicators of an FSE+ operation, as « Ma démarche FSE+ » asks them (domain.md §7)."""

from reporting.indicators import european
from reporting.statements.figures import Part

PARTS = (
    Part("Participants à l’entrée", (*european.COMMON, *european.NOT_TOLD)),
    Part("Réponses au questionnaire", (), european.ANSWERS),
    Part("Résultats", european.RESULTS),
)
