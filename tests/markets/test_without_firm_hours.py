"""Lots that may owe no firm hours: reserved ones, framework agreements. Through to their execution."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clauses_portal.core.errors import DomainError
from facilitators.enums import Role
from markets import reference
from markets.documents.fields import ALL
from markets.enums import AwardRole, DocumentKind, LegalBasis, LotState, Technique
from markets.models import ContractDocument, Lot, MarketTotal
from markets.services.awards import add_objective, award_lot, objective_of
from markets.services.calibration import NOT_PROPOSED, NOT_ZERO, propose, retain
from markets.services.clause import decide_clause
from markets.services.document_context import context_of
from markets.services.documents import ask_documents
from markets.tasks import produce_documents
from tests.factories.accounts import author
from tests.factories.markets import THOUSAND_HOURS, CompanyFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory
from tests.support.pages import assert_done, assert_refused, submit, tidy, words
from tests.support.paperwork import ready_lot, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

FRAMEWORK = {"market__technique": Technique.FRAMEWORK}
TOO_SMALL = THOUSAND_HOURS | {"floor_hours": 1001, "opinion": True}


def lot_on(territory, basis=LegalBasis.EXECUTION, **fields):
    lot = LotFactory(territory=territory, **fields)
    decide_clause(lot=lot, outcome="clause", legal_basis=basis, reason="Métiers ouverts.", by=author())
    return Lot.objects.get(pk=lot.pk)


def retained_for_none(lot, **proposal):
    version = propose(lot=lot, by=author(), **proposal or THOUSAND_HOURS)
    return retain(version=version, hours=0, gap_reason="Rien de ferme.", by=author())


def reserved(territory):
    return lot_on(territory, LegalBasis.RESERVED_INSERTION)


def framework(territory):
    return lot_on(territory, **FRAMEWORK)


@pytest.mark.parametrize("make", [reserved, framework])
def test_such_a_lot_is_awarded_without_a_line_then_orders_bring_hours(territory, make):
    lot = make(territory)
    retained_for_none(lot)
    award = award_lot(lot=lot, company=CompanyFactory(), hours_minimum=0, notified_on=date(2026, 9, 1), by=author())
    assert (objective_of(award), award.objective_entries.count(), MarketTotal.objects.count()) == (0, 0, 0)
    add_objective(award=award, kind="order", hours=120, effective_on=date(2026, 9, 2), reason="Bon n° 1", by=author())
    assert (objective_of(award), MarketTotal.objects.get().required) == (120, 120)
    EmploymentContractFactory(award=award)
    assert Lot.objects.get(pk=lot.pk).state == LotState.RUNNING


def test_what_the_facilitator_found_too_small_may_be_retained_for_none(territory):
    version = retained_for_none(reserved(territory), **TOO_SMALL)
    assert (version.proposed_hours, version.retained_hours) == (0, 0)


@pytest.mark.parametrize(("proposal", "sentence"), [(THOUSAND_HOURS, NOT_ZERO), (TOO_SMALL, NOT_PROPOSED)])
def test_the_others_owe_hours(territory, proposal, sentence):
    lot = lot_on(territory)
    with pytest.raises((DomainError, ValidationError), match=sentence):
        retained_for_none(lot, **proposal)
    assert Lot.objects.get(pk=lot.pk).state == LotState.RETAINED


def test_an_order_always_brings_hours(territory):
    lot = framework(territory)
    retained_for_none(lot)
    award_lot(lot=lot, company=CompanyFactory(), by=author())
    with pytest.raises(ValidationError, match=NOT_ZERO):
        retained_for_none(lot, purpose="order", label="12", **THOUSAND_HOURS)


def test_the_page_asks_for_hours_only_where_they_are_due(as_role, territory):
    officer = as_role(Role.MISSION_OFFICER)
    for lot, sentence in [(framework(territory), None), (lot_on(territory), NOT_ZERO)]:
        version = propose(lot=lot, by=author(), **THOUSAND_HOURS)
        url = reverse("markets:retain", args=[version.pk])
        if sentence is None:
            assert_done(
                submit(officer, url, "", hours=0, gap_reason="Selon les bons."), "Les heures du lot sont retenues."
            )
            page = words(officer.get(reverse("markets:lot", args=[lot.pk])))
            assert "Ce lot peut ne devoir aucune heure ferme : heures selon les bons de commande." in page
        else:
            response = submit(officer, url, "", hours=0, gap_reason="Selon les bons.")
            assert_refused(response, "Assurez-vous que cette valeur est supérieure ou égale à 1.")


def test_a_lot_without_hours_is_awarded_from_its_page(as_role, territory):
    lot = framework(territory)
    retained_for_none(lot)
    officer = as_role(Role.MISSION_OFFICER)
    response = submit(officer, reverse("markets:award", args=[lot.pk]), siret=CompanyFactory().siret)
    assert response.redirect_chain
    award = lot.awards.get()
    assert (award.role, award.hours_minimum) == (AwardRole.HOLDER, 0)
    assert "Aucune heure due" in words(officer.get(reverse("markets:ledger", args=[award.pk])))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (FRAMEWORK, "Chaque bon de commande fixe les heures d’insertion qui lui sont attachées"),
        ({"legal_basis": LegalBasis.RESERVED_INSERTION}, "Aucun volume minimal n’est fixé"),
    ],
)
def test_its_documents_say_where_its_hours_come_from(as_role, territory, fields, said):
    reference.load()
    lot = ready_lot(territory, hours=0, **fields)
    job = ask_documents(lot=lot, by=as_role(Role.MISSION_OFFICER).user)
    produce_documents(job.pk)
    texts = {row.kind: text_of(row.docx) for row in ContractDocument.objects.filter(lot=lot)}
    assert said in texts[DocumentKind.CCAP]
    assert [kind for kind, text in texts.items() if " 0 heure" in text.replace("\u00a0", " ")] == []


def test_the_notice_says_what_stands_for_the_hours_of_each_lot(territory):
    lot = ready_lot(territory, hours=0, **FRAMEWORK)
    ready_lot(territory, market=lot.market)
    context = context_of(lot, day=date(2026, 9, 15))
    field = next(field for field in ALL if field.name == "lots")
    told = [tidy(row["heures"]) for row in field.read(context)]
    assert told == ["heures selon les bons de commande", "1 000"]
