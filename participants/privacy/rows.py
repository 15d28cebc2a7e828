"""The rows that are a person's: found by walking the models, so that a table added tomorrow is not forgotten."""

from django.apps import apps
from django.db.models import ForeignKey, Q

from participants.models import Participant


def _keys_to(model, target):
    """[name] of the keys of a model that lead to this one; one-to-one keys are keys too."""
    return [
        field.name
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.related_model is target
    ]


def _is_history(model):
    return hasattr(model, "instance_type")


def _ways(model, owned):
    """Ways from a model to a person: its own keys, then, when none is always filled, those of what it belongs to."""
    direct = _keys_to(model, Participant)
    if _is_history(model) or any(not model._meta.get_field(name).null for name in direct):
        return direct
    return direct + [f"{name}__participant" for target in owned for name in _keys_to(model, target)]


def personal_models():
    """{model: [ways to the person]}: « participant », « contract__participant »… History and join tables included."""
    every = apps.get_models(include_auto_created=True)
    owned = [model for model in every if "participant" in _keys_to(model, Participant) and not _is_history(model)]
    ways = {model: _ways(model, owned) for model in every if model is not Participant}
    ways.pop(Participant.history.model)
    return {model: ways[model] for model in sorted(ways, key=lambda model: model._meta.label) if ways[model]}


def rows_of(ids):
    """[(model, its rows that are these persons')], the files themselves and their history first."""
    past = Participant.history.model
    found = [
        (Participant, Participant.objects.filter(pk__in=ids).order_by("pk")),
        (past, past.objects.filter(id__in=ids).order_by("history_id")),
    ]
    for model, ways in personal_models().items():
        condition = Q(*(Q(**{f"{way}__in": ids}) for way in ways), _connector=Q.OR)
        found.append((model, model._base_manager.filter(condition).order_by("pk")))
    return found


def files_of(person):
    """[numbers] of the file of a person and of those merged into it."""
    return [person.pk, *person.merged_files.order_by("pk").values_list("pk", flat=True)]
