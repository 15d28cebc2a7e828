"""The log of a consultation: one answer, the same for all, and no company in what is published (C12)."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx import Document

from clauses_portal.core.errors import Conflict, DomainError
from facilitators.enums import Role
from markets.models import BidderQuestion
from markets.services import consultation
from tests.factories.accounts import author
from tests.factories.markets import LotFactory
from tests.factories.preparation import BidderQuestionFactory
from tests.support.pages import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]
ASKED = {"asked_on": date(2026, 9, 10), "company": "Bâtisseurs du Sud", "question": "Un apprenti compte-t-il ?"}


@pytest.fixture
def market(territory):
    return LotFactory(territory=territory).market


def record(market, **changes):
    return consultation.record_question(market=market, by=author(), **ASKED | changes)


def answer(row, text="Oui, pour ses heures en entreprise."):
    return consultation.answer_question(row=row, answer=text, by=author())


def test_a_question_is_recorded_with_its_author(market):
    row = record(market)
    assert row.recorded_by == author()
    assert list(BidderQuestion.objects.unanswered()) == [row]


def test_a_question_is_not_received_tomorrow(market):
    with pytest.raises(DomainError, match="après aujourd’hui"):
        record(market, asked_on=date(2026, 9, 16))


def test_an_empty_answer_is_refused(market):
    with pytest.raises(ValidationError, match="Une réponse a un texte"):
        answer(record(market), "")


def test_an_answer_is_corrected_until_it_is_published(market):
    row = answer(record(market))
    assert answer(row, "Oui.").answer == "Oui."
    assert consultation.publish_answers(market=market, by=author()) == 1
    with pytest.raises(Conflict, match="ne change plus"):
        answer(row, "Non.")
    assert BidderQuestion.objects.get().answer == "Oui."


def test_nothing_to_publish_is_said(market):
    record(market)
    with pytest.raises(DomainError, match="Aucune réponse nouvelle"):
        consultation.publish_answers(market=market, by=author())


def test_the_paper_has_the_answers_and_no_company(market, as_role):
    answer(record(market))
    record(market, question="Sans réponse encore.")
    response = as_role(Role.LEGAL_OFFICER).get(reverse("markets:questions_paper", args=[market.pk]))
    assert "attachment" in response["Content-Disposition"]
    text = "\n".join(line.text for line in Document(io.BytesIO(response.content)).paragraphs)
    assert "Un apprenti compte-t-il ?" in text
    assert "Oui, pour ses heures en entreprise." in text
    assert "Bâtisseurs du Sud" not in text
    assert "Sans réponse encore." not in text


def test_the_log_is_kept_from_the_page(market, as_role):
    client = as_role(Role.FACILITATOR)
    url = reverse("markets:questions", args=[market.pk])
    assert "Aucune question" in words(client.get(url))
    client.post(url, ASKED | {"asked_on": "2026-09-10"})
    row = BidderQuestion.objects.get()
    client.post(reverse("markets:question_answer", args=[row.pk]), {"answer": "Oui."})
    assert "1 réponse ne figure pas encore" in words(client.get(url))
    client.post(reverse("markets:questions_publish", args=[market.pk]))
    assert "Au profil d’acheteur le 15/09/2026" in words(client.get(url))


def test_a_question_refused_stays_on_the_page(market, as_role):
    client = as_role(Role.FACILITATOR)
    url = reverse("markets:questions", args=[market.pk])
    response = client.post(url, ASKED | {"asked_on": "2026-12-01"})
    assert response.status_code == 422
    assert "Un apprenti compte-t-il ?" in words(response)


def test_the_log_costs_the_same_however_long(market, as_role, count_queries):
    client = as_role(Role.MISSION_OFFICER)
    url = reverse("markets:questions", args=[market.pk])
    BidderQuestionFactory(market=market)
    few = count_queries(lambda: client.get(url))
    BidderQuestionFactory.create_batch(6, market=market)
    assert count_queries(lambda: client.get(url)) == few
