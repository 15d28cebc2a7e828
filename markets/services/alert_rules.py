"""What rules report: each fact once, closed when it is gone, never opened again (C18).

A fact is named by its key, unique in the table: two runs at the same instant raise one alert.
"""

import json

from django.db import connection, transaction
from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from clauses_portal.core import french
from markets.enums import AlertCategory, AlertSeverity
from markets.models import Alert
from markets.services.alert_messages import tell_critical, tell_many
from markets.services.alert_recipients import default_recipients
from markets.services.alerts import with_closing

GONE = "Le fait signalé a disparu : alerte close par le portail le {day}."
HEAVIER = "gravité relevée par sa règle"
BATCH = 1000
# Categories in which a second alert on the same lot would say the same thing.
OF_A_LOT = (
    AlertCategory.NO_JOB_SHEET,
    AlertCategory.NO_FIRST_HIRE,
    AlertCategory.LATE,
    AlertCategory.LIQUIDATION,
    AlertCategory.OBJECTIVE_AT_RISK,
    AlertCategory.OBJECTIVE_MET,
    AlertCategory.REPEATED_REFUSALS,
)
_ORDER = list(AlertSeverity)
# What is already reported, by this run or by another at the same instant, is passed over.
_INSERT = """
INSERT INTO markets_alert (rule_key, category, severity, territory_id, lot_id, company_id, description, path, due_on,
                           raised_on, answer)
SELECT key, category, severity, territory_id, lot_id, company_id, description, path, due_on, %s, ''
FROM jsonb_to_recordset(%s::jsonb) AS fact(key text, category text, severity text, territory_id bigint, lot_id bigint,
                                           company_id bigint, description text, path text, due_on date)
ON CONFLICT (rule_key) DO NOTHING
RETURNING id
"""


@transaction.atomic
def raise_by_rule(facts):
    """Report the facts nobody reported yet. Returns the alerts raised.

    A fact known already whose severity grew takes the new one, if it is still open: one alert, graver and graver.
    """
    facts = list(facts)
    known = set(Alert.objects.filter(rule_key__in=[fact.key for fact in facts]).values_list("rule_key", flat=True))
    _make_heavier([fact for fact in facts if fact.key in known])
    raised = _insert(_untold([fact for fact in facts if fact.key not in known]))
    if raised:
        recipients = default_recipients(raised)
        link = Alert.recipients.through
        pairs = zip(raised, recipients, strict=True)
        rows = [link(alert=alert, user_id=person) for alert, people in pairs for person in people]
        link.objects.bulk_create(rows, batch_size=BATCH)
        tell_many(recipients, raised)
    return raised


def _untold(facts):
    """Facts that no open alert raised by hand tells already, where one alert tells all of a lot."""
    by_hand = Alert.objects.open().filter(
        rule_key__isnull=True, category__in=OF_A_LOT, lot__in={fact.lot_id for fact in facts if fact.lot_id}
    )
    told = set(by_hand.values_list("category", "lot", "company"))
    return [
        fact
        for fact in facts
        if not told & {(fact.category, fact.lot_id, company) for company in (None, fact.company_id)}
    ]


def _insert(facts):
    if not facts:
        return []
    columns = [
        {
            **{name: getattr(fact, name) for name in ("key", "category", "severity", "description", "path")},
            **{name: getattr(fact, name) for name in ("territory_id", "lot_id", "company_id")},
            "due_on": fact.due_on and fact.due_on.isoformat(),
        }
        for fact in facts
    ]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [timezone.now(), json.dumps(columns)])
        ids = [row[0] for row in cursor.fetchall()]
    alerts = list(Alert.objects.filter(pk__in=ids).select_related("lot__market", "territory").order_by("pk"))
    Alert.history.bulk_history_create(alerts, batch_size=BATCH)
    return alerts


def _make_heavier(facts):
    """Raise the severity of open alerts whose fact got worse. What became critical is told at once."""
    severities = {fact.key: fact for fact in facts}
    rows = Alert.objects.open().filter(rule_key__in=severities).select_related("lot__market", "territory")
    heavier = []
    for alert in rows.select_for_update(of=("self",)).order_by("pk"):
        fact = severities[alert.rule_key]
        if _ORDER.index(fact.severity) > _ORDER.index(AlertSeverity(alert.severity)):
            alert.severity, alert.description = fact.severity, fact.description
            heavier.append(alert)
    if heavier:
        bulk_update_with_history(
            heavier, Alert, ["severity", "description"], batch_size=BATCH, default_change_reason=HEAVIER
        )
        tell_critical(heavier)


@transaction.atomic
def close_gone(rule, keys, *, since=None):
    """Close the open alerts of a rule (its category, « A03 ») whose key is not among `keys`. Returns how many.

    Those raised before the day `since` are left: the rule no longer looks at their fact.
    """
    rows = Alert.objects.open().filter(rule_key__startswith=f"{rule}:").exclude(rule_key__in=keys)
    if since is not None:
        rows = rows.filter(raised_on__date__gte=since)
    gone = list(rows.select_for_update(of=("self",)).order_by("pk"))
    now, sentence = timezone.now(), GONE.format(day=french.date(timezone.localdate()))
    for alert in gone:
        alert.answer, alert.closed_on = with_closing(alert, sentence), now
    if gone:
        bulk_update_with_history(gone, Alert, ["answer", "closed_on"], batch_size=BATCH)
    return len(gone)
