"""What a protected table says of itself; the list is `clauses_portal/protected_tables.py`."""

from dataclasses import dataclass

# What a policy may be asked for: the fields of `Claims` that hold territories.
PERSONS, AMOUNTS, METHOD = "persons", "amounts", "method"


@dataclass(frozen=True)
class Protected:
    """A table whose rows are shown by place.

    `claim`: which of the claims opens it. `territory`: SQL of the row's territory, or `SELECT 1 FROM … WHERE …` where
    a column `territory_id` is in reach; `directorate`: SQL of the row's directorate, where there is one. Neither: the
    claim must hold somewhere, whatever the place. `also`: another `SELECT 1 FROM … WHERE …` of the same form, for rows
    that concern a territory without being its own. `shown_with`: `SELECT 1 FROM …` of the protected row that this one
    follows, in place of everything else.
    """

    table: str
    claim: str
    territory: str = ""
    directorate: str = ""
    also: str = ""
    shown_with: str = ""

    def condition(self):
        """The SQL condition that a row must meet."""
        if self.shown_with:
            return f"EXISTS ({self.shown_with})"
        opened = _places(self.claim)
        ways = [f"0 = ANY ({opened})"]
        for place in filter(None, (self.territory, self.also)):
            inside = place.startswith("SELECT ")
            ways.append(
                f"EXISTS ({place} AND territory_id = ANY ({opened}))" if inside else f"{place} = ANY ({opened})"
            )
        if not self.territory:
            ways.append(f"cardinality({opened}) > 0")
        if self.directorate:
            ways.append(f"({self.directorate}) = ANY ({_places('directorates')})")
        return " OR ".join(ways)


def _places(claim):
    """SQL of the claimed places; the inner SELECT has it computed once a query, not once a row."""
    return f"(SELECT portal_places('{claim}'))::bigint[]"
