"""From the avant-projet to the instruction: submitting, sending back, phases, documents (C6)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.versions import Stale, version_of
from facilitators.enums import Role
from facilitators.models import Notification
from facilitators.permissions import grant
from markets.enums import LotState, Source
from markets.firm_period import firm_excess
from markets.models import DceDocument, Lot, LotPhase, Market, PhaseFinancials
from markets.services.amounts import set_estimates
from markets.services.calibration import propose
from markets.services.dce import deposit, withdraw
from markets.services.markets import add_lot, change_lot, change_market
from markets.services.phases import delete_phase, save_phase
from markets.services.preparation import send_back, submit
from tests.core.made_files import PDF
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import THOUSAND_HOURS, LotFactory, MarketFactory
from tests.factories.preparation import LotPhaseFactory, PhaseFinancialsFactory
from tests.support.avant_projet import complete_market, new_market

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]


@pytest.fixture
def market(territory):
    return complete_market(territory)


def holder(role, **place):
    user = UserFactory()
    grant(user=user, role=role, by=None, **place)
    return user


def states(market):
    return [lot.state for lot in Lot.objects.filter(market=market).order_by("pk")]


def told(user):
    return list(Notification.objects.visible_to(user).values_list("text", "path"))


def test_a_whole_avant_projet_goes_to_the_instruction(market):
    mission, agent = holder(Role.MISSION_OFFICER), UserFactory()
    submit(market=market, by=agent)
    market.refresh_from_db()
    assert states(market) == [LotState.TO_REVIEW]
    assert (market.submitted_by, market.submitted_at is not None) == (agent, True)
    text = f"Avant-projet à instruire\u00a0: marché {market.number}, {market.title}"
    assert told(mission) == [(text, f"/marches/{market.pk}/")]
    assert told(agent) == []


def test_she_who_submits_is_not_told(market):
    mission = holder(Role.MISSION_OFFICER)
    submit(market=market, by=mission)
    assert told(mission) == []


def test_an_incomplete_avant_projet_is_refused_by_the_names_of_what_it_lacks(market):
    Market.objects.filter(pk=market.pk).update(cpv="", volume="")
    with pytest.raises(DomainError) as refused:
        submit(market=market, by=author())
    assert refused.value.message == ("L’avant-projet est incomplet\u00a0: Code CPV (Marché), Volumétrie (Marché).")
    assert states(market) == [LotState.PROGRAMMED]
    assert not Notification.objects.exists()


def test_a_publication_in_the_past_is_refused(market):
    Market.objects.filter(pk=market.pk).update(planned_publication_on=date(2026, 9, 14))
    with pytest.raises(ValidationError, match="prévue le 14/09/2026, une date passée"):
        submit(market=market, by=author())
    assert states(market) == [LotState.PROGRAMMED]


def test_the_past_is_refused_by_hand_and_accepted_from_the_buyer_s_data(territory):
    with pytest.raises(ValidationError, match="une date passée"):
        new_market(territory, planned_publication_on=date(2026, 9, 14))
    assert not Market.objects.exists()
    assert new_market(territory, planned_publication_on=date(2026, 9, 14), consultation_on=date(2026, 9, 14))
    assert MarketFactory(planned_publication_on=date(2020, 1, 1), source=Source.DECP)


def test_an_avant_projet_is_submitted_once(market):
    submit(market=market, by=author())
    with pytest.raises(Conflict, match="déjà soumis"):
        submit(market=market, by=author())


def test_only_the_lots_in_preparation_are_submitted(market, territory):
    decided = LotFactory(market=market, territory=territory, number="9", set_aside=True)
    first = market.lots.get(number="1")
    set_estimates(market=market, total=Decimal(30), lots={first.pk: Decimal(10), decided.pk: Decimal(20)}, by=author())
    submit(market=market, by=author())
    assert states(market) == [LotState.TO_REVIEW, LotState.SET_ASIDE]


def test_a_submitted_market_is_sent_back_and_its_direction_told(market):
    agent = holder(Role.DIRECTORATE_AGENT, directorate=market.operation.directorate)
    stranger = holder(Role.DIRECTORATE_AGENT, directorate=DirectorateFactory())
    mission = holder(Role.MISSION_OFFICER)
    submit(market=market, by=agent)
    send_back(market=market, reason=" Précisez les façades. ", by=mission)
    market.refresh_from_db()
    assert (states(market), market.submitted_at, market.submitted_by) == ([LotState.PROGRAMMED], None, None)
    last = market.history.first()
    assert (last.history_change_reason, last.history_user) == ("Renvoyé\u00a0: Précisez les façades.", mission)
    assert [path for _, path in told(agent)] == [f"/marches/{market.pk}/"]
    assert "façades" not in told(agent)[0][0]
    assert told(stranger) == []
    submit(market=market, by=agent)
    assert states(market) == [LotState.TO_REVIEW]


def test_what_is_not_to_be_decided_is_not_sent_back(market):
    with pytest.raises(Conflict, match="Aucun lot"):
        send_back(market=market, reason="Trop tôt.", by=author())
    imported = LotFactory(market__source=Source.DECP)
    with pytest.raises(Conflict, match="Aucun lot"):
        send_back(market=imported.market, reason="Importé.", by=author())


@pytest.mark.parametrize("reason", ["", "  ", "x" * 101, "deux\nlignes"])
def test_a_return_says_why_in_a_line(market, reason):
    submit(market=market, by=author())
    with pytest.raises((DomainError, ValidationError)):
        send_back(market=market, reason=reason, by=author())
    assert states(market) == [LotState.TO_REVIEW]


@pytest.mark.parametrize(
    ("duration", "firm", "renewals", "sentence"),
    [
        (None, 60, 0, ""),
        (48, None, 36, ""),
        (48, 12, 36, ""),
        (48, 48, 0, ""),
        (48, 49, 0, "La durée ferme, 49 mois, dépasse celle du marché, 48 mois reconductions comprises."),
        (
            48,
            48,
            36,
            "Le marché dure 48 mois, dont 36 de reconductions : la durée ferme est de 12 mois au plus. "
            "Une reconduction n’est pas ferme.",
        ),
        (48, None, 48, "Les reconductions font 48 mois, le marché 48 : il ne reste pas de durée ferme."),
    ],
)
def test_renewals_are_not_firm(duration, firm, renewals, sentence):
    assert firm_excess(duration=duration, firm=firm, renewals=renewals) == sentence


def test_a_lot_is_never_firm_for_longer_than_its_market(market):
    lot = market.lots.get()
    lot.firm_months = 13
    with pytest.raises(ValidationError, match="dépasse celle du marché"):
        change_lot(lot=lot, by=author())
    with pytest.raises(ValidationError, match="dépasse celle du marché"):
        add_lot(market=market, number="2", title="Peinture", territory=lot.territory, firm_months=13, by=author())
    market.duration_months = 11
    with pytest.raises(ValidationError, match="Lot 1"):
        change_market(market=market, by=author())


def test_a_renewal_leaves_the_firm_period_its_months(market):
    lot = market.lots.get()
    renewal = LotPhase(lot=lot, kind="renewal", number="1", label="Deuxième année", months=6)
    with pytest.raises(ValidationError, match="la durée ferme est de 6 mois au plus"):
        save_phase(phase=renewal, by=author())
    lot.firm_months = 6
    change_lot(lot=lot, by=author())
    renewal = save_phase(phase=renewal, by=author())
    renewal.label = "Reconduction de six mois"
    save_phase(phase=renewal, by=author())
    with pytest.raises(ValidationError, match="il ne reste pas de durée ferme"):
        save_phase(phase=LotPhase(lot=lot, kind="renewal", number="2", label="Encore", months=6), by=author())
    with pytest.raises(ValidationError, match="combien de mois"):
        save_phase(phase=LotPhase(lot=lot, kind="renewal", number="2", label="Encore"), by=author())


def test_an_option_may_last_or_not(market):
    option = save_phase(phase=LotPhase(lot=market.lots.get(), kind="option", number="1", label="Préau"), by=author())
    assert option.history.get().history_user is not None


def test_a_phase_is_taken_away_with_its_amount():
    phase = PhaseFinancialsFactory().phase
    remover = author()
    delete_phase(phase=phase, by=remover)
    assert not LotPhase.objects.exists()
    assert not PhaseFinancials.objects.exists()
    assert [row.history_user for row in LotPhase.history.filter(history_type="-")] == [remover]


def test_an_affirmed_phase_no_longer_changes():
    phase = LotPhaseFactory(affirmed_on=date(2026, 9, 1))
    for change in (save_phase, delete_phase):
        with pytest.raises(Conflict, match="Affermie le 01/09/2026"):
            change(phase=phase, by=author())


def test_a_calibrated_phase_stays():
    lot = LotFactory(retained=True)
    phase = LotPhaseFactory(lot=lot)
    version = propose(lot=lot, by=author(), **THOUSAND_HOURS)
    type(version).objects.filter(pk=version.pk).update(phase=phase, purpose="phase")
    with pytest.raises(Conflict, match="Des heures sont calibrées"):
        delete_phase(phase=phase, by=author())


def test_a_phase_changed_by_somebody_else_is_not_overwritten():
    phase = LotPhaseFactory()
    seen = version_of(phase)
    phase.label = "Extension du gymnase"
    save_phase(phase=phase, seen=seen, by=author())
    phase.label = "Extension de la cantine"
    with pytest.raises(Stale, match="intitulé"):
        save_phase(phase=phase, seen=seen, by=author())


def test_a_document_is_deposited_with_its_digest(market):
    agent = UserFactory()
    DceDocument.objects.all().delete()
    document = deposit(market=market, kind="cctp", name="C:\\DCE\\CCTP lot 1.pdf", content=PDF, by=agent)
    document.refresh_from_db()
    assert (document.name, document.mime, document.size) == ("CCTP lot 1.pdf", "application/pdf", len(PDF))
    assert (bytes(document.content), document.deposited_by) == (PDF, agent)


def test_the_same_file_is_deposited_once_until_it_is_withdrawn(market):
    document = deposit(market=market, kind="cctp", name="CCTP.pdf", content=PDF, by=author())
    with pytest.raises(ValidationError, match="déjà déposé sur ce marché"):
        deposit(market=market, kind="ccap", name="CCAP.pdf", content=PDF, by=author())
    agent = UserFactory()
    withdraw(document=document, by=agent)
    document.refresh_from_db()
    assert (document.withdrawn_by, bytes(document.content)) == (agent, PDF)
    assert deposit(market=market, kind="ccap", name="CCAP.pdf", content=PDF, by=author())
    with pytest.raises(Conflict, match="déjà retirée"):
        withdraw(document=document, by=author())


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.pdf", b"", "Ce fichier est vide"),
        ("plan.exe", b"MZ", "Type de fichier refusé"),
        ("plan.pdf", b"MZ\x90\x00", "le contenu de ce fichier n’est pas celui"),
        ("plan.pdf", PDF + b"0" * (10 * 1024 * 1024), "la limite est de 10"),
        ("plan.pdf", b"<html>", "Type de fichier refusé"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(market, name, content, sentence):
    before = DceDocument.objects.count()
    with pytest.raises(DomainError, match=sentence):
        deposit(market=market, kind="plan", name=name, content=content, by=author())
    assert DceDocument.objects.count() == before
