"""The access matrix: every route of the project, and who may do what there (design.md §3)."""

from tests.support.access import markets, office, persons, privacy

MATRIX = {**office.ROUTES, **markets.ROUTES, **persons.ROUTES, **privacy.ROUTES}
