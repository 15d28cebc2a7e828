"""Suggestions of the fields one searches: public nomenclatures, for any signed-in person."""

from django.views.decorators.http import require_safe

from clauses_portal.core.comboboxes import answer_options, question_of
from markets.models import CpvCode, RomeCode


@require_safe
def rome_search(request):
    """Occupations whose code or name holds each word of ?q=."""
    asked = question_of(request)
    return answer_options(RomeCode.objects.matching(asked) if asked else RomeCode.objects.none())


@require_safe
def cpv_search(request):
    """CPV codes whose number or label holds each word of ?q=."""
    asked = question_of(request)
    return answer_options(CpvCode.objects.matching(asked) if asked else CpvCode.objects.none())
