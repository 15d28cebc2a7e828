"""What counts on a market, beyond the hours worked there: decided by the Département (domain.md §4.4; C23)."""

from django.db import transaction

from clauses_portal.core.services import lock, validated_save
from clauses_portal.core.versions import refuse_stale
from markets.models import CountingRule, Market


def rule_of(market):
    """The CountingRule of a market; when nobody set one, the default values, unsaved."""
    return CountingRule.objects.filter(market=market).first() or CountingRule(market=market)


@transaction.atomic
def set_rule(*, rule, by, seen=None):
    """Save the rule of a market. Raises Stale when somebody set it since the version `seen` (« »: there was none)."""
    lock(Market.objects, rule.market_id)
    saved = CountingRule.objects.filter(market=rule.market_id).first()
    refuse_stale(saved or rule, seen)
    if saved is not None:
        rule.pk, rule._state.adding = saved.pk, False
    return validated_save(rule, by=by)
