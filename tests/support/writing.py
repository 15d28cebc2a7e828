"""What somebody would add to a body to write what is not hers (A6)."""

from clauses_portal.core.api.serializers import UNKNOWN_FIELD

# What no resource takes, whatever its model calls it.
FORGED = (
    "pk",
    "is_staff",
    "montant_ht",
    "estimated_amount",
    "labour_share",
    "insertion_rate",
    "hourly_cost",
    "history",
)


def not_to_be_sent(model, sent):
    """Names of the fields of this model that a body may not hold, `sent` being those it may."""
    names = {field.name for field in model._meta.get_fields()} | {
        field.attname for field in model._meta.concrete_fields
    }
    return sorted(names - set(sent) | set(FORGED))


def accepted(send, names):
    """Those of these names that `send({name: value})` did not refuse as an unknown field."""
    refused = [{"field": name, "message": UNKNOWN_FIELD} for name in names]
    response = send(dict.fromkeys(names, 1))
    told = response.json()["errors"] if response.status_code == 400 else []
    return [error["field"] for error in refused if error not in told]
