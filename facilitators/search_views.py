"""Suggestions of communes, for any signed-in person: a public reference."""

from django.views.decorators.http import require_safe

from clauses_portal.core.comboboxes import answer_options, question_of
from facilitators.models import Commune


@require_safe
def commune_search(request):
    """Communes whose name or code holds each word of ?q=."""
    asked = question_of(request)
    return answer_options(Commune.objects.matching(asked) if asked else Commune.objects.none())
