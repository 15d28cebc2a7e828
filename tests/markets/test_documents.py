"""The documents of a lot: what they are made from, their versions, what is refused, with which sentence (C8, C11)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.jobs import JobState
from clauses_portal.core.jobs.worker import REFUSED
from facilitators.enums import Role
from facilitators.models import Notification, Structure
from facilitators.permissions import grant, revoke
from facilitators.reference import DEPARTMENT_SIRET
from markets.enums import DocumentKind, LegalBasis
from markets.models import ContractDocument, DocumentJob, DocumentTemplate
from markets.services import documents
from markets.services.document_context import (
    NO_CLAUSE,
    NO_REFERENT,
    NOT_CALIBRATED,
    DocumentsNotReady,
    context_of,
    gaps_of,
)
from markets.services.documents import MOVED, TOO_EARLY, TOO_LATE, UNDER_WAY, ask_documents, do_documents
from markets.services.referents import assign
from markets.tasks import produce_documents, republish_forgotten_jobs
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory
from tests.factories.preparation import LotPhaseFactory, PenaltyRuleFactory
from tests.support.paperwork import (
    BUYER,
    documents_by_kind,
    facilitator_of,
    ready_lot,
    retain_hours,
    retained_lot,
    small_templates,
    template,
    text_of,
    word,
)
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


@pytest.fixture
def lot(territory):
    return ready_lot(territory)


@pytest.fixture
def officer(db):
    user = UserFactory()
    user.membership = grant(user=user, role=Role.MISSION_OFFICER, by=None)
    return user


def produced(lot, by):
    """Ask and do; returns the job as it ended."""
    job = ask_documents(lot=lot, by=by)
    produce_documents(job.pk)
    return DocumentJob.objects.get(pk=job.pk)


def sentences(lot, day):
    return [gap.sentence for gap in gaps_of(lot, day)]


def test_the_context_says_the_lot_its_hours_and_whom_to_call(territory, convention, today):
    PenaltyRuleFactory(breach="Retard", text="Après mise en demeure.")
    PenaltyRuleFactory(breach="Ancien tarif", valid_until=date(2026, 9, 14))
    referent = facilitator_of(territory, first_name="Zoé", last_name="Roux", phone="04 42 00 00 01")
    lot = ready_lot(territory, referent=referent, firm_months=12, staff_takeover=True)
    context = context_of(lot, day=today)
    assert (context.buyer_name, context.market_number) == (BUYER, lot.market.number)
    assert (context.hours, context.legal_basis, context.articles) == (1000, LegalBasis.EXECUTION, ("L. 2112-2",))
    assert (context.facilitator.name, context.facilitator.phone) == ("Zoé Roux", "04 42 00 00 01")
    assert (context.facilitator.email, context.facilitator.structure) == (referent.email, convention.structure.name)
    assert (context.officer.name, context.officer.email) == (str(author()), author().email)
    assert (context.firm_months, context.staff_takeover, context.date) == (12, True, today)
    assert (context.start, context.end) == (lot.starts_on, lot.ends_on)
    assert [(row.breach, row.tariff) for row in context.penalties] == [
        ("Retard", "50\u00a0€ par jour de retard. Après mise en demeure.")
    ]


def test_a_market_of_one_lot_is_not_divided(lot, today):
    context = context_of(lot, day=today)
    assert (context.lot_number, context.lots) == ("", ())


def test_the_notice_lists_every_lot_that_has_hours(territory, elsewhere, today):
    lot = ready_lot(territory, number="10")
    retained_lot(elsewhere, market=lot.market, number="2", hours=420)
    LotFactory(territory=territory, market=lot.market, number="3")
    context = context_of(lot, day=today)
    assert context.lot_number == "10"
    assert [(row.number, row.hours) for row in context.lots] == [("2", 420), ("10", 1000)]


def test_options_are_the_hours_retained_for_them(lot, today):
    first, second = (LotPhaseFactory(lot=lot, number=number, label="Préau") for number in ("1", "2"))
    for hours in (80, 120):
        retain_hours(lot, hours, purpose="phase", phase=first)
    context = context_of(lot, day=today)
    assert [(option.label, option.hours) for option in context.options] == [(str(first), 120)]
    assert context.hours == 1000


def test_the_last_retained_hours_are_the_ones(lot, today):
    retain_hours(lot, 960)
    assert context_of(lot, day=today).hours == 960


def test_a_colleague_answers_for_the_officer_who_left(lot, officer, today):
    gone = author()
    gone.is_active = False
    gone.save()
    assert context_of(lot, day=today).officer.email == officer.email
    officer.is_active = False
    officer.save()
    assert sentences(lot, today) == [
        "Aucune chargée de mission n’a de compte actif : les pièces doivent en nommer une."
    ]


def test_the_place_is_the_communes_of_the_operation_or_the_territory(lot, territory, today):
    commune = territory.communes.first()
    assert context_of(lot, day=today).places == ("Pays d’Aix",)
    lot.market.operation.communes.set([commune])
    assert context_of(lot, day=today).places == (commune.name,)


def test_europe_is_acknowledged_when_it_pays(lot, today):
    lot.market.operation.funding_period = "2021-2027"
    lot.market.operation.save()
    assert context_of(lot, day=today).eu_funding == "2021-2027"


def test_everything_missing_is_named_at_once(territory, today):
    lot = LotFactory(territory=territory, retained=True)
    with pytest.raises(DocumentsNotReady) as refusal:
        context_of(lot, day=today)
    assert [gap.sentence for gap in refusal.value.gaps] == [
        NOT_CALIBRATED,
        NO_REFERENT,
        "L’acheteur n’est pas une structure du portail : corrigez le SIRET du marché.",
    ]
    assert refusal.value.message.startswith(NOT_CALIBRATED)
    assert refusal.value.gaps[1].url == f"/lots/{lot.pk}/referent/"


def test_a_lot_without_a_clause_has_no_documents(territory, today):
    for lot in (LotFactory(territory=territory), LotFactory(territory=territory, set_aside=True)):
        assert sentences(lot, today) == [NO_CLAUSE]


def test_a_referent_without_a_telephone_may_be_named_and_one_who_left_may_not(territory, today):
    referent = facilitator_of(territory, phone="")
    lot = ready_lot(territory, referent=referent)
    assert context_of(lot, day=today).facilitator.phone == ""
    referent.is_active = False
    referent.save()
    assert sentences(lot, today) == [
        f"{referent}, référent du lot, n’a plus de compte actif : désignez son successeur, que les pièces nommeront."
    ]


def test_another_establishment_of_the_buyer_is_the_same_buyer(lot, today):
    lot.market.buyer_siret = "22130001500015"
    lot.market.save()
    assert context_of(lot, day=today).buyer_name == BUYER
    Structure.objects.filter(siret=DEPARTMENT_SIRET).update(siret="")
    assert len(sentences(lot, today)) == 1


def test_a_concession_is_written_for_a_condition_only(territory, today):
    lot = ready_lot(territory, legal_basis=LegalBasis.CRITERION, market__kind="concession")
    assert [sentence[:20] for sentence in sentences(lot, today)] == ["Pour une concession,"]


def test_four_documents_are_produced_as_word_and_pdf(lot, officer):
    small_templates()
    job = produced(lot, officer)
    assert (job.state, job.error, job.done, job.total) == (JobState.DONE, "", 4, 4)
    papers = documents_by_kind(lot)
    assert sorted(papers) == sorted(DocumentKind)
    for paper in papers.values():
        assert (paper.version, paper.hours, paper.produced_by) == (1, 1000, officer)
        assert "1 000 heures, référent :" in text_of(paper.docx)
        assert bytes(paper.pdf).startswith(b"%PDF-")
        paper.full_clean()


def test_produced_again_they_are_a_new_version_and_the_former_one_stays(lot, officer):
    small_templates()
    produced(lot, officer)
    retain_hours(lot, 960)
    assert {row.hours for row in ContractDocument.objects.all()} == {1000}
    newer = template(DocumentKind.CCAP, word("Nouveau modèle : {{ heures }} h"))
    produced(lot, officer)
    papers = documents_by_kind(lot, version=2)
    assert {row.hours for row in papers.values()} == {960}
    assert (papers["ccap"].template, text_of(papers["ccap"].docx)) == (newer, "Nouveau modèle : 960 h")
    assert "1 000 heures" in text_of(documents_by_kind(lot, version=1)["ccap"].docx)


def test_a_production_under_way_is_not_asked_twice(lot, officer):
    ask_documents(lot=lot, by=officer)
    with pytest.raises(Conflict, match=UNDER_WAY):
        ask_documents(lot=lot, by=UserFactory())


@pytest.mark.django_db(transaction=True)
def test_asked_by_two_people_at_once_it_is_one_production(lot):
    people = [UserFactory(), UserFactory()]
    done, refused = sort_out(race(*(lambda by=by: ask_documents(lot=lot, by=by) for by in people)))
    assert [job.lot for job in done] == [lot]
    assert [error.message for error in refused] == [UNDER_WAY]
    assert DocumentJob.objects.count() == 1


def test_nothing_is_asked_before_the_hours_nor_after_the_award(territory, officer):
    for state, sentence in (("retained", TOO_EARLY), ("awarded", TOO_LATE), ("running", TOO_LATE)):
        with pytest.raises(Conflict, match=sentence):
            ask_documents(lot=LotFactory(territory=territory, **{state: True}), by=officer)


def test_nothing_is_asked_while_something_is_missing(territory, officer):
    with pytest.raises(DomainError, match="article 2 de la convention"):
        ask_documents(lot=retained_lot(territory), by=officer)
    assert not DocumentJob.objects.exists()


def test_a_job_delivered_twice_makes_one_version(lot, officer):
    small_templates()
    job = ask_documents(lot=lot, by=officer)
    do_documents(job, lambda step: None)
    do_documents(job, lambda step: None)  # its worker was killed before it could say that it was done
    assert [row.version for row in ContractDocument.objects.all()] == [1, 1, 1, 1]


def test_a_lot_that_moves_meanwhile_gives_nothing(lot, officer):
    small_templates()
    job = ask_documents(lot=lot, by=officer)
    with pytest.raises(DomainError, match=MOVED):
        do_documents(job, lambda step: step == DocumentKind.RC.label and retain_hours(lot, 960))
    assert not ContractDocument.objects.exists()


def test_all_four_or_none(lot, officer):
    small_templates()
    broken = DocumentTemplate.objects.get(kind=DocumentKind.ANNEX)
    DocumentTemplate.objects.filter(pk=broken.pk).update(content=b"PK, then nothing")
    job = produced(lot, officer)
    assert job.state == JobState.FAILED
    assert job.error.startswith(f"Le modèle «\u00a0{broken}\u00a0» ne se remplit plus")
    assert not ContractDocument.objects.exists()


def test_a_template_whose_field_is_gone_is_a_sentence(lot, officer):
    small_templates()
    template(DocumentKind.RC, word("{{ champ_disparu }}"))
    job = produced(lot, officer)
    assert (job.state, "ne se remplit plus" in job.error) == (JobState.FAILED, True)


def test_a_kind_without_a_template_is_a_sentence(lot, officer):
    for kind, row in small_templates().items():
        if kind == DocumentKind.RC:
            DocumentTemplate.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now(), withdrawn_by=officer)
    assert "aucun modèle n’est valable" in produced(lot, officer).error


def test_the_referent_is_that_of_the_day_of_production(lot, territory, officer):
    small_templates()
    produced(lot, officer)
    successor = facilitator_of(territory, first_name="Yann", last_name="Successeur")
    assign(lot=lot, referent=successor, by=author())
    produced(lot, officer)
    assert "Yann Successeur" not in text_of(documents_by_kind(lot, version=1)["ccap"].docx)
    assert "Yann Successeur" in text_of(documents_by_kind(lot, version=2)["ccap"].docx)


def test_rights_are_those_of_the_moment_and_not_of_the_click(lot, officer):
    job = ask_documents(lot=lot, by=officer)
    revoke(membership=officer.membership, by=author())
    produce_documents(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.REFUSED, REFUSED)


def test_a_forgotten_production_is_sent_again(lot, officer):
    job = ask_documents(lot=lot, by=officer)
    late = timezone.now() - timedelta(hours=1)
    DocumentJob.objects.update(sent_on=late)
    republish_forgotten_jobs()
    job.refresh_from_db()
    assert job.sent_on > late


def test_the_direction_is_told_and_the_message_holds_no_figure(lot, officer):
    agent = UserFactory()
    grant(user=agent, role=Role.DIRECTORATE_AGENT, directorate=lot.market.operation.directorate, by=None)
    grant(user=UserFactory(), role=Role.DIRECTORATE_AGENT, directorate=DirectorateFactory(), by=None)
    small_templates()
    produced(lot, officer)
    told = Notification.objects.get(text__startswith="Pièces produites")
    assert (told.recipient, told.text) == (agent, f"Pièces produites : marché {lot.market.number}, lot {lot.number}.")
    assert told.path == f"/lots/{lot.pk}/#pieces-produites"


def test_a_file_is_named_after_its_market_its_lot_and_its_version(lot, officer):
    small_templates()
    lot.market.number, lot.number = "2026F00099", "1"
    lot.market.save()
    lot.save()
    produced(lot, officer)
    names = {documents.stem_of(row) for row in ContractDocument.objects.select_related("lot__market")}
    assert names == {
        "AAPC-2026F00099-lot-1-v1",
        "RC-2026F00099-lot-1-v1",
        "CCAP-2026F00099-lot-1-v1",
        "Annexe-AE-2026F00099-lot-1-v1",
    }
    lot.market.number = "2026/12 «é»"
    assert documents.stem_of(ContractDocument(lot=lot, kind="rc", version=3)) == "RC-2026-12--é--lot-1-v3"
