"""Who is who in the access matrix, and what a line of it says."""

from dataclasses import dataclass

from django.urls import reverse

# Officer, legal officer, agent of the directorate, of another, facilitator here, elsewhere, here without a convention
# in force, director, administrator, data protection officer.
O, L, A, AE = "officer", "legal", "agent", "agent_elsewhere"  # noqa: E741
F, FE, FX = "here", "elsewhere", "expired"
D, M, P = "director", "administrator", "privacy"
EVERYONE = {O, L, A, AE, F, FE, FX, D, M, P}
READERS = {O, L, A, F, FX}
MARKET_PAGES = {O, L, A, AE, F, FE, FX}


@dataclass(frozen=True)
class Rule:
    """`see`: who may know the object exists (None: no object). `get`, `post`: who may; None: method refused.

    `exported`: the address ends with the format of a file.
    """

    get: set | None = None
    post: set | None = None
    see: set | None = None
    target: str = ""
    exported: bool = False

    def address(self, route, targets=None, *, pk=1, file_format="xlsx"):
        """Address of a route: of its target among these when they are given, else of this key."""
        if self.target and targets:
            pk = targets[self.target].pk
        return reverse(route, args=[*([pk] if self.target else []), *([file_format] if self.exported else [])])

    def expected(self, identity, method):
        """Status codes this identity must get; 405 for a method the route does not know."""
        allowed = self.post if method == "POST" else self.get
        if allowed is None:
            return {405}
        if self.see is not None and identity not in self.see:
            return {404}
        if identity not in allowed:
            return {403}
        return {200, 302, 400, 422} if method == "POST" else {200}
