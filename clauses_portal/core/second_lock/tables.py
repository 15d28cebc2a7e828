"""What a protected table says of itself; the list is `clauses_portal/protected_tables.py`."""

from dataclasses import dataclass

# What a policy may be asked for: the fields of `Claims` that hold territories.
PERSONS, AMOUNTS, METHOD = "persons", "amounts", "method"


@dataclass(frozen=True)
class Protected:
    """A table whose rows are shown by place.

    `claim`: which of the claims opens it. `territory`: SQL of the row's territory, or `SELECT 1 FROM … WHERE …` where
    a column `territory_id` is in reach; `directorate`: SQL of the row's directorate, where there is one. Neither: the
    claim must hold somewhere, whatever the place.
    """

    table: str
    claim: str
    territory: str = ""
    directorate: str = ""

    def condition(self):
        """The SQL condition that a row must meet."""
        opened = _places(self.claim)
        ways = [f"0 = ANY ({opened})"]
        if self.territory.startswith("SELECT "):
            ways.append(f"EXISTS ({self.territory} AND territory_id = ANY ({opened}))")
        elif self.territory:
            ways.append(f"{self.territory} = ANY ({opened})")
        else:
            ways.append(f"cardinality({opened}) > 0")
        if self.directorate:
            ways.append(f"({self.directorate}) = ANY ({_places('directorates')})")
        return " OR ".join(ways)


def _places(claim):
    """SQL of the claimed places; the inner SELECT has it computed once a query, not once a row."""
    return f"(SELECT portal_places('{claim}'))::bigint[]"
