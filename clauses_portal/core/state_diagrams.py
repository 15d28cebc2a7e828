"""The life of a row drawn from its transitions, so that the drawing never lies (design.md §2)."""

from django.apps import apps
from django.conf import settings
from django_fsm import FSMField

from clauses_portal.core.text import search_key

FOLDER = settings.BASE_DIR / "docs" / "etats"
INTRODUCTION = """# États : {name}

Dessiné à partir des transitions de `{label}` par `make manage ARGS=draw_states` : ne pas modifier à la main.
"""


def state_fields():
    """The state field of every model that has one, in the order of the models' French names."""
    fields = [
        field
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, FSMField) and not hasattr(model, "instance_type")
    ]
    return sorted(fields, key=lambda field: page_path(field.model).name)


def page_path(model):
    """Where the page of a model is: « docs/etats/dossier-de-penalite.md »."""
    return FOLDER / f"{search_key(str(model._meta.verbose_name)).replace(' ', '-')}.md"


def transitions(field):
    """[(source, target, name)] of a state field, in the order of its states."""
    order = [value for value, _ in field.choices]
    edges = [(str(edge.source), str(edge.target), edge.name) for edge in field.get_all_transitions(field.model)]
    return sorted(edges, key=lambda edge: (order.index(edge[0]), order.index(edge[1]), edge[2]))


def final_states(field):
    """States that nothing leaves."""
    left = {source for source, _, _ in transitions(field)}
    return [value for value, _ in field.choices if value not in left]


def page(field):
    """Return the Markdown page: a mermaid diagram of every state and transition."""
    options = field.model._meta
    name, label = str(options.verbose_name), f"{options.model.__module__.split('.')[0]}.models.{options.object_name}"
    lines = [
        "stateDiagram-v2",
        *(f"    {value} : {label}" for value, label in field.choices),
        f"    [*] --> {field.default}",
        *(f"    {source} --> {target} : {edge}" for source, target, edge in transitions(field)),
        *(f"    {value} --> [*]" for value in final_states(field)),
    ]
    return "\n".join([INTRODUCTION.format(name=name, label=label), "```mermaid", *lines, "```", ""])
