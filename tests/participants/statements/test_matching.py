"""Each line finds its person and its contract: names in either order, one lot or several, what stands in the grid."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from participants.models import ClosedPeriod, HoursImport, StatementMapping
from participants.services.allotments import allot
from participants.services.hours_imports import choose
from tests.factories.accounts import author
from tests.factories.links import AUGUST
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory, ParticipantFactory
from tests.participants.statements.statement_files import outcomes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]


def line(run, row=2):
    return run.lines.get(row=row)


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        (["Nom", "Prénom", "Mois", "Heures"], ["Le Goff", "Éloïse", "août 2026", "70,5"]),
        (["Nom", "Prénom", "Mois", "Heures"], ["ELOISE", "LE GOFF", "08/2026", "70h30"]),
        (["Salarié", "Période", "Nb heures"], ["LE GOFF Eloise", "2026-08-01", "70.5"]),
        (["Intérimaire", "Mois", "Quantité"], ["Éloïse Le Goff", "31/08/2026", "70,50"]),
    ],
)
def test_names_are_read_in_either_order(give, hire, headers, row):
    contract = hire("Le Goff", "Éloïse")
    run = give(row, headers=headers)
    found = line(run)
    assert (found.outcome, found.contract, found.month, found.hours) == ("ready", contract, AUGUST, Decimal("70.5"))


def test_the_month_may_be_told_once(give, hire):
    hire("Le Goff", "Éloïse")
    run = give(["Le Goff Éloïse", "70"], headers=["Salarié", "Heures"], month="2026-08")
    assert line(run).month == AUGUST


def test_columns_that_are_not_recognised_are_asked_then_remembered(give, hire, lender):
    hire("Le Goff", "Éloïse")
    rows = ["A", "Le Goff Éloïse", "70"]
    run = give(rows, headers=["Matricule", "Qui", "Combien"], month="2026-08")
    assert run.report["missing"] == ["Nom", "Heures"]
    assert not run.lines.exists()
    again = give(rows, headers=["Matricule", "Qui", "Combien"], month="2026-08", columns_given={"name": 1, "hours": 2})
    assert line(again).outcome == "ready"
    assert StatementMapping.objects.get(company=lender).mapping == {"name": 1, "hours": 2}
    later = give(["B", "Le Goff Éloïse", "71"], headers=["Matricule", "Qui", "Combien"], month="2026-08")
    assert line(later).outcome == "ready"


def test_a_homonym_needs_her_birth_date(give, hire, territory):
    hire("Garcia", "Zoé")
    other = hire("Garcia", "Zoé")
    assert line(give(["Garcia", "Zoé", "", "08/2026", "7", ""])).outcome == "unknown"
    birth = f"{other.participant.birth_date:%d/%m/%Y}"
    assert line(give(["Garcia", "Zoé", birth, "08/2026", "7", ""])).contract == other


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        (["Inconnue", "Personne", "", "08/2026", "7", ""], "unknown"),
        (["Le Goff", "Éloïse", "", "01/2026", "7", ""], "outside"),
        (["Le Goff", "Éloïse", "", "10/2026", "7", ""], "outside"),
        (["Le Goff", "Éloïse", "", "08/2026", "beaucoup", ""], "unreadable"),
        (["Le Goff", "Éloïse", "", "08/2026", "", ""], "unreadable"),
        (["Le Goff", "Éloïse", "", "", "7", ""], "unreadable"),
        (["Le Goff", "Éloïse", "", "08/2026", "261", ""], "ceiling"),
        (["1 85 07 13 055 123 45", "Éloïse", "", "08/2026", "7", ""], "unreadable"),
    ],
)
def test_what_cannot_be_recorded_says_why(give, hire, row, outcome):
    hire("Le Goff", "Éloïse")
    found = line(give(row))
    assert found.outcome == outcome
    assert found.message
    assert "055" not in found.person


def test_somebody_followed_here_without_a_contract_there(give, territory):
    person = ParticipantFactory(territory=territory, last_name="N’Diaye", first_name="Moussa")
    found = line(give(["NDIAYE", "Moussa", "", "08/2026", "7", ""]))
    assert (found.outcome, found.participant) == ("no_contract", person)


def test_somebody_of_another_territory_is_unknown(give, elsewhere):
    ParticipantFactory(territory=elsewhere, last_name="N’Diaye", first_name="Moussa")
    assert line(give(["N’Diaye", "Moussa", "", "08/2026", "7", ""])).outcome == "unknown"


def test_totals_and_blank_lines_are_passed_over(give, hire):
    hire("Le Goff", "Éloïse")
    run = give(["Le Goff", "Éloïse", "", "08/2026", "7", ""], ["TOTAL", "", "", "", "7", ""], ["", "", "", "", "7", ""])
    assert outcomes(run) == [(2, "ready")]


def test_weeks_of_a_month_are_added_up(give, hire, record):
    contract = hire("Le Goff", "Éloïse")
    run = record(give(*(["Le Goff", "Éloïse", "", f"{day:02d}/08/2026", "35", ""] for day in (3, 10, 17))))
    assert outcomes(run) == [(2, "recorded"), (3, "merged"), (4, "merged")]
    assert contract.hours.get().declared == 105


def test_the_grid_is_compared(give, hire):
    contract = hire("Le Goff", "Éloïse")
    HoursEntryFactory(contract=contract, month=AUGUST, declared=Decimal(70))
    assert line(give(["Le Goff", "Éloïse", "", "08/2026", "70", ""])).outcome == "same"
    differs = line(give(["Le Goff", "Éloïse", "", "08/2026", "80", ""]))
    assert differs.outcome == "differs"
    assert "70" in differs.message


def test_a_choice_replaces_what_the_grid_held(give, hire, record, asker):
    contract = hire("Le Goff", "Éloïse")
    HoursEntryFactory(contract=contract, month=AUGUST, declared=Decimal(70))
    run = give(["Le Goff", "Éloïse", "", "08/2026", "80", ""])
    with pytest.raises(DomainError, match="Aucune ligne"):
        record(run)
    assert choose(run=run, lines=[line(run).pk], by=asker) == 1
    record(run)
    entry = contract.hours.get()
    assert entry.declared == 80
    assert entry.history.first().history_user == asker
    assert entry.history.count() == 2


def test_hours_of_a_person_nobody_validated_are_recorded_and_do_not_count(give, hire, record):
    contract = hire("Le Goff", "Éloïse", validated=False)
    run = give(["Le Goff", "Éloïse", "", "08/2026", "70", ""])
    assert "n’était pas validée" in line(run).message
    record(run)
    entry = contract.hours.get()
    assert (entry.declared, entry.counted) == (70, 0)


def test_a_month_that_was_sent_is_for_a_regularisation(give, hire, territory):
    hire("Le Goff", "Éloïse")
    closed = {"closed_at": timezone.now(), "closed_by": author()}
    ClosedPeriod.objects.create(territory=territory, quarter_start=date(2026, 4, 1), **closed)
    assert line(give(["Le Goff", "Éloïse", "", "05/2026", "70", ""])).outcome == "closed"


def test_the_user_company_and_the_lender_do_not_both_declare(give, hire, lender):
    lent = hire("Le Goff", "Éloïse")
    direct = EmploymentContractFactory(award=lent.award, participant=lent.participant, starts_on=date(2026, 3, 1))
    HoursEntryFactory(contract=direct, month=AUGUST, declared=Decimal(69))
    found = line(give(["Le Goff", "Éloïse", "", "08/2026", "70", ""]))
    assert (found.outcome, found.contract) == ("double", lent)
    assert str(direct.employer) in found.message


def test_the_user_company_may_send_the_statement(give, hire):
    lent = hire("Le Goff", "Éloïse")
    found = line(give(["Le Goff", "Éloïse", "", "08/2026", "70", ""], company=lent.award.company))
    assert (found.outcome, found.contract) == ("ready", lent)


def test_a_statement_that_names_the_market_needs_no_sharing(give, hire, territory):
    first = hire("Le Goff", "Éloïse")
    hire("", "", participant=first.participant)
    run = give(["Le Goff", "Éloïse", "", "08/2026", "70", f"Marché {first.market.number}, toiture"])
    assert line(run).contract == first


def test_a_line_for_several_lots_is_shared_out(give, hire, record, asker):
    first = hire("Le Goff", "Éloïse")
    second = hire("", "", participant=first.participant)
    run = give(["Le Goff", "Éloïse", "", "08/2026", "100", ""])
    shared = line(run)
    assert shared.outcome == "ambiguous"
    with pytest.raises(DomainError, match="La somme fait 90"):
        allot(line=shared, shares={first.pk: Decimal(60), second.pk: Decimal(30)}, by=asker)
    stranger = hire("Autre", "Personne")
    with pytest.raises(DomainError, match="ne sont pas ceux"):
        allot(line=shared, shares={stranger.pk: Decimal(100)}, by=asker)
    allot(line=shared, shares={first.pk: Decimal(60), second.pk: Decimal(40)}, by=asker)
    with pytest.raises(Conflict, match="déjà réparties"):
        allot(line=shared, shares={first.pk: Decimal(100)}, by=asker)
    record(run)
    assert {one.pk: one.hours.get().declared for one in (first, second)} == {first.pk: 60, second.pk: 40}


def test_one_file_sees_only_the_asker_s_territory(give, hire, elsewhere, lender):
    award = AwardFactory(lot=LotFactory(territory=elsewhere, calibrated=True))
    person = ParticipantFactory(territory=elsewhere, last_name="Le Goff", first_name="Éloïse")
    EmploymentContractFactory(participant=person, award=award, employer=lender, modality="2", contract_type="temporary")
    assert line(give(["Le Goff", "Éloïse", "", "08/2026", "70", ""])).outcome == "unknown"
    assert HoursImport.objects.count() == 1
