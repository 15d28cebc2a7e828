"""The life of a lot drawn from its transitions, so that the drawing never lies (design.md §2)."""

from django.conf import settings

from markets.enums import LotState
from markets.models import Lot

PAGE = settings.BASE_DIR / "docs" / "etats" / "lot.md"
INTRODUCTION = """# États d’un lot

Dessiné à partir des transitions de `markets.models.Lot` par `make manage ARGS=draw_states` : ne pas modifier à la main.
"""


def transitions():
    """[(source, target, name of the transition)] of a lot, in the order of its states."""
    order = list(LotState)
    edges = [
        (LotState(transition.source), LotState(transition.target), transition.name)
        for transition in Lot._meta.get_field("state").get_all_transitions(Lot)
    ]
    return sorted(edges, key=lambda edge: (order.index(edge[0]), order.index(edge[1]), edge[2]))


def page():
    """Return the Markdown page: a mermaid diagram of every state and transition."""
    initial = LotState(Lot._meta.get_field("state").default)
    lines = [
        "stateDiagram-v2",
        *(f"    {state.value} : {state.label}" for state in LotState),
        f"    [*] --> {initial.value}",
        *(f"    {source.value} --> {target.value} : {name}" for source, target, name in transitions()),
        *(f"    {state.value} --> [*]" for state in final_states()),
    ]
    return "\n".join([INTRODUCTION, "```mermaid", *lines, "```", ""])


def final_states():
    """States that nothing leaves."""
    left = {source for source, _, _ in transitions()}
    return [state for state in LotState if state not in left]
