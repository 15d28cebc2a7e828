"""The second lock: the database itself refuses persons and amounts to who has no right on them (security.md §1.1).

`claims` says to each transaction for whom it works; policies, which `migrate` applies, compare it with each row;
`rights` gives the application what it needs on each table, and no more. The owner of the tables, who migrates, is not
concerned.
"""

from clauses_portal.core.second_lock.claims import EVERYTHING, NOTHING, Claims, acting, beyond_scope

__all__ = ["EVERYTHING", "NOTHING", "Claims", "acting", "beyond_scope"]
