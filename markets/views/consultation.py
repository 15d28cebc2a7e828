from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import DOCX, as_download
from clauses_portal.core.web import answer_form, attempt, page_of, trail
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, get_visible
from markets.consultation_paper import answers_paper
from markets.forms.consultation import AnswerForm, QuestionForm
from markets.models import BidderQuestion, Market
from markets.presenters import abilities
from markets.services import consultation

P = Permission


@require_http_methods(["GET", "POST"])
def question_list(request, pk):
    """The log of a consultation, and the form that adds to it."""
    market = get_visible(Market.objects, request.user, pk=pk)
    can = abilities(Market.objects, request.user, pk, P.ANSWER_BIDDERS)
    form = QuestionForm(request.POST or None, initial={"asked_on": timezone.localdate()})
    if request.method == "POST":
        get_actionable(Market.objects, request.user, P.ANSWER_BIDDERS, pk=pk)
        if form.is_valid() and attempt(form, lambda: _record(form, market, request.user)):
            messages.success(request, "La question est consignée.")
            return redirect("markets:questions", pk=pk)
    rows = market.questions.visible_to(request.user).select_related("answered_by", "recorded_by")
    context = {
        "market": market,
        "form": form,
        "can": can,
        "page": page_of(request, rows),
        "to_publish": market.questions.to_publish().count(),
        "breadcrumbs": _trail(market, "Consultation"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "markets/question_list.html", context, status=status)


def _record(form, market, by):
    consultation.record_question(market=market, by=by, **form.cleaned_data)


@require_http_methods(["GET", "POST"])
def question_answer(request, pk):
    rows = BidderQuestion.objects.select_related("market")
    row = get_actionable(rows, request.user, P.ANSWER_BIDDERS, pk=pk)
    form = AnswerForm(request.POST or None, initial={"answer": row.answer})
    if form.is_valid() and attempt(
        form, lambda: consultation.answer_question(row=row, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, "La réponse est enregistrée. Portez-la au profil d’acheteur.")
        return redirect("markets:questions", pk=row.market_id)
    title = "Répondre à la question"
    context = {
        "title": title,
        "lede": row.question,
        "cancel_url": reverse("markets:questions", args=[row.market_id]),
        "breadcrumbs": _trail(row.market, title),
    }
    return answer_form(request, "components/form_page.html", form, context)


@require_POST
def questions_publish(request, pk):
    """Note that the answers written so far are on the buyer profile."""
    market = get_actionable(Market.objects, request.user, P.ANSWER_BIDDERS, pk=pk)
    try:
        number = consultation.publish_answers(market=market, by=request.user)
        messages.success(
            request,
            f"{number} réponse{'s' if number > 1 else ''} portée{'s' if number > 1 else ''} au profil d’acheteur.",
        )
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("markets:questions", pk=pk)


@require_safe
def questions_paper(request, pk):
    """The Word file of the answers, for the buyer profile: the same information for all, and no company in it."""
    market = get_visible(Market.objects, request.user, pk=pk)
    rows = market.questions.visible_to(request.user).answered()
    content = answers_paper(market, rows, on=timezone.localdate())
    return as_download(f"questions-reponses-{market.number}.docx", DOCX.mime, content)


def _trail(market, last):
    return trail(
        ("Marchés", reverse("markets:list")), (market.number, reverse("markets:detail", args=[market.pk])), (last, None)
    )
