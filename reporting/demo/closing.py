"""What the end of a market leaves: two closing reports published, one that waits for exits, two attestations (C20)."""

from django.db.models import Count

from facilitators.enums import Role
from facilitators.notifications import members
from markets.enums import LotState
from markets.models import Award, Lot, Market
from participants.alert_rules import run_rules
from participants.models import ExitSituation
from reporting import alert_rules
from reporting.demo.accounts import facilitators
from reporting.demo.sent import produce_now
from reporting.enums import StatementKind
from reporting.models import ExecutionProposal, Statement
from reporting.services import statements
from reporting.services.execution import deliver_execution, propose_execution, why_not

PUBLISHED = 2
TEXTS = {
    "difficulties": "Le démarrage a été retardé de cinq semaines ; deux postes demandaient une habilitation que peu de "
    "candidats possédaient.",
    "satisfaction": "L’entreprise salue l’assiduité des personnes accueillies et la disponibilité du facilitateur. Les "
    "personnes retiennent surtout le tutorat.",
    "good_practice": "Une visite du chantier avant le recrutement a évité les abandons des premières semaines.",
    "opinion": "Objectif tenu dans de bonnes conditions : avis favorable.",
    "comments": "",
}
NOTE = "Les relevés sont complets et les bulletins ont été vus."


def close_markets():
    """Close the markets of the demonstration that are over, once: interrupted, it can be run again.

    Returns the number of reports published.
    """
    markets = _over()
    missing = [(market, by) for market, by in markets[:PUBLISHED] if not _reports(market).published().exists()]
    for market, by in missing:
        produce_now(_drafted(market, by), by)
    if markets[PUBLISHED:]:
        market, by = max(markets[PUBLISHED:], key=lambda pair: _awaited(pair[0]))
        if not _reports(market).exists():
            _drafted(market, by)
    if not ExecutionProposal.objects.exists():
        _attest(markets)
    if missing:
        run_rules(rules=alert_rules.RULES)
    return len(missing)


def _reports(market):
    return Statement.objects.filter(kind=StatementKind.CLOSING, market=market)


def _over():
    """[(market, facilitator)] of the markets every lot of which is closed, in one territory; the smallest first."""
    going_on = Lot.objects.with_clause().exclude(state=LotState.CLOSED)
    rows = Market.objects.filter(lots__state=LotState.CLOSED).exclude(lots__in=going_on)
    rows = rows.annotate(places=Count("lots__territory", distinct=True), size=Count("lots", distinct=True))
    by_code = facilitators()
    found = []
    for market in rows.filter(places=1).order_by("size", "pk"):
        code = market.lots.first().territory.code
        if code in by_code:
            found.append((market, by_code[code]))
    return found


def _awaited(market):
    """How many situations of this market nobody has answered."""
    return ExitSituation.objects.filter(market=market, situation="", dropped_on__isnull=True).count()


def _drafted(market, by):
    draft = statements.open_statement(kind=StatementKind.CLOSING, period=None, market=market, by=by)
    return statements.write_draft(statement=draft, by=by, **TEXTS)


def _attest(markets):
    """An attestation delivered, another that waits for the chargée de mission."""
    officer, made = members(Role.MISSION_OFFICER).first(), 0
    for market, by in markets:
        for award in Award.objects.principal().filter(lot__market=market).select_related("lot").order_by("pk"):
            if made == 2 or why_not(award):
                continue
            proposal = propose_execution(award=award, note=NOTE, by=by)
            if not made:
                deliver_execution(proposal=proposal, by=officer)
            made += 1
