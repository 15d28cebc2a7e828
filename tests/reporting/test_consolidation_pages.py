"""The pages of the consolidation, and the figures of its own that a world of one file cannot show."""

import io
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from clauses_portal.core.periods import Year
from facilitators.enums import Role
from reporting.consolidation import national as chapters
from reporting.indicators import national
from reporting.indicators.definition import compute, split
from reporting.indicators.scope import Scope
from tests.factories.facilitators import CommuneFactory
from tests.factories.markets import AwardFactory, CompanyFactory, LotFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory
from tests.factories.penalties import PenaltyCaseFactory
from tests.support.pages import document, table, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

Y2026 = Year(2026)


def test_the_length_of_a_contract_counts_both_its_days(territory):
    award = AwardFactory(lot=LotFactory(territory=territory, calibrated=True))
    for last in (date(2026, 2, 28), date(2026, 3, 2), date(2026, 3, 3), date(2027, 1, 31), date(2027, 2, 1)):
        EmploymentContractFactory(award=award, starts_on=date(2026, 2, 1), ends_on=last)
    assert split(national.STARTED_BY_LENGTH, Scope(), Y2026) == [
        ("Moins de 1 mois", 2),
        ("1 à 3 mois", 1),
        ("6 à 12 mois", 1),
        ("Plus de 12 mois", 1),
    ]


def test_penalties_are_counted_without_their_euros(territory):
    award = AwardFactory(lot=LotFactory(territory=territory, calibrated=True))
    PenaltyCaseFactory(award=award, found_on=date(2026, 5, 1))
    figures = (national.PENALTIES_FOUND, national.PENALTIES_DECIDED)
    assert list(compute(figures, Scope(territory_id=territory.pk), Y2026).values()) == [1, 0]
    assert list(compute(figures, Scope(), Year(2025)).values()) == [0, 0]


def test_an_operation_of_urban_renewal_is_one_of_the_operations(territory):
    for npnru in (True, False):
        operation = OperationFactory(communes=[CommuneFactory(territory=territory)], npnru=npnru)
        LotFactory.create_batch(2, territory=territory, awarded=True, market__operation=operation)
    values = compute((national.OPERATIONS, national.NPNRU), Scope(), Y2026)
    assert list(values.values()) == [2, 1]


def test_an_employer_counts_once_under_its_size(territory):
    employer = CompanyFactory(size="small")
    award = AwardFactory(lot=LotFactory(territory=territory, calibrated=True), company=employer)
    EmploymentContractFactory.create_batch(2, award=award)
    assert split(national.COMPANIES_BY_SIZE, Scope(), Y2026) == [("PME", 1)]
    assert split(national.COMPANIES_BY_KIND, Scope(), Y2026) == [("Entreprise", 1)]


@pytest.fixture
def hours_here(territory, elsewhere):
    """Two persons validated, at work here; one elsewhere."""
    for place in (territory, territory, elsewhere):
        EmploymentContractFactory(award__lot__territory=place, validated=True)


def figure_of(client, code, **asked):
    page = document(client.get(reverse("reporting:consolidation"), {"annee": "2026", **asked}))
    return page.xpath("string(//td[@data-figure=$code])", code=code).strip()


@pytest.mark.usefixtures("convention", "hours_here")
def test_the_officer_reads_everything_and_may_narrow_it(as_role, territory):
    client = as_role(Role.MISSION_OFFICER)
    assert figure_of(client, "persons_hired") == "3"
    assert figure_of(client, "persons_hired", territoire=territory.pk) == "2"


@pytest.mark.usefixtures("convention", "hours_here")
def test_a_facilitator_reads_her_territories_whatever_she_asks(as_role, elsewhere):
    client = as_role(Role.FACILITATOR)
    assert figure_of(client, "persons_hired") == "2"
    assert figure_of(client, "persons_hired", territoire=elsewhere.pk) == "2"


@pytest.mark.usefixtures("convention", "hours_here")
def test_the_last_whole_year_is_shown_first(as_role):
    page = words(as_role(Role.MISSION_OFFICER).get(reverse("reporting:consolidation")))
    assert "Ensemble du Département, année 2025" in page
    page = words(as_role(Role.MISSION_OFFICER).get(reverse("reporting:consolidation"), {"annee": "x"}))
    assert "année 2025" in page


@pytest.mark.usefixtures("convention", "hours_here")
def test_the_page_prints_its_definitions(as_role):
    response = as_role(Role.MISSION_OFFICER).get(reverse("reporting:consolidation"), {"annee": "2026"})
    rows = {row[0]: row for row in table(response, "Participants")}
    assert rows["Validations accordées"][1:3] == ["3", "validations"]
    assert "n’est ni une personne ni un contrat" in rows["Validations accordées"][3]


@pytest.mark.usefixtures("convention", "hours_here")
def test_the_workbook_has_a_sheet_per_heading_and_the_same_figures(as_role):
    client = as_role(Role.MISSION_OFFICER)
    response = client.get(reverse("reporting:consolidation_xlsx"), {"annee": "2026"})
    assert "consolidation-2026.xlsx" in response["Content-Disposition"]
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    titles = [part.title for part in chapters.PARTS]
    assert workbook.sheet_names == [*titles, "Définitions", "Source"]
    hired = next(row for row in workbook.get_sheet_by_name("Participants").to_python() if row[4] == "persons_hired")
    assert hired == ["Personnes embauchées", "", 3, "personnes distinctes", "persons_hired"]


@pytest.mark.usefixtures("convention", "hours_here")
def test_the_same_figures_give_the_same_bytes(as_role):
    client = as_role(Role.MISSION_OFFICER)
    for route in ("reporting:consolidation_xlsx", "reporting:consolidation_csv"):
        assert client.get(reverse(route)).content == client.get(reverse(route)).content


@pytest.mark.usefixtures("convention", "hours_here")
def test_the_csv_is_for_a_french_spreadsheet(as_role):
    response = as_role(Role.MISSION_OFFICER).get(reverse("reporting:consolidation_csv"), {"annee": "2026"})
    lines = response.content.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Rubrique;Indicateur;Critère;Valeur;Unité;Code"
    assert "Participants;Personnes embauchées;;3;personnes distinctes;persons_hired" in lines
    assert "Heures;Heures comptabilisées;;0,00;heures;hours_counted" in lines


@pytest.mark.usefixtures("convention", "hours_here")
def test_nothing_is_told_in_euros(as_role):
    client = as_role(Role.MISSION_OFFICER)
    page = client.get(reverse("reporting:consolidation"), {"annee": "2026"}).content.decode()
    assert "€" not in page


def test_a_validation_counts_where_its_person_works_and_when_it_begins(territory, elsewhere):
    contract = EmploymentContractFactory(award__lot__territory=territory, validated=True)
    former = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)}
    EligibilityValidationFactory(participant=contract.participant, granted=True, **former)
    for place, year, count in ((territory, 2026, 1), (territory, 2025, 1), (territory, 2024, 0), (elsewhere, 2026, 0)):
        assert compute([national.VALIDATIONS], Scope(territory_id=place.pk), Year(year)) == {
            "validations_granted": count
        }
