"""What may be published: nobody under five, no hours of fewer than three markets, and both parties agree (C30)."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from facilitators.enums import Role
from reporting import open_data
from reporting.enums import Dataset, Party
from reporting.services.agreements import give_agreement
from tests.factories.accounts import author
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.support.pages import table, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

FILES = ("reporting:open_data_csv", "reporting:open_data_bundle")


def markets_of(territory, cpv="45000000", number=3, **options):
    """Awards of that many markets notified in 2025, 1 000 h due each."""
    lots = [
        LotFactory(territory=territory, calibrated=True, market__cpv=cpv, starts_on=date(2025, 1, 1), **options)
        for _ in range(number)
    ]
    return [AwardFactory(lot=lot, notified_on=date(2025, 1, 5)) for lot in lots]


def at_work(award, women=0, men=0, hours=100):
    """So many persons with hours counted in June 2025."""
    for sex in ["female"] * women + ["male"] * men:
        person = ParticipantFactory(territory=award.lot.territory, sex=sex, receives_rsa=sex == "female")
        EligibilityValidationFactory(
            participant=person, granted=True, starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
        )
        contract = EmploymentContractFactory(award=award, participant=person, starts_on=date(2025, 6, 1))
        HoursEntryFactory(contract=contract, month=date(2025, 6, 1), declared=Decimal(hours))


def lines(year=2025):
    return {(line.territory, line.sector): line for line in open_data.lines_of(year)}


def test_a_line_of_enough_people_tells_everything(territory):
    first, second, _ = markets_of(territory)
    at_work(first, women=5, men=6)
    at_work(second, men=1)
    line = lines()[territory.name, "45"]
    assert (line.markets, line.hours_due, line.hours_counted, line.persons) == (3, 3000, 1200, 12)
    assert (line.women_share, line.rsa_share, line.is_secret) == (Decimal("41.7"), Decimal("41.7"), False)


def test_fewer_than_five_persons_are_not_told(territory):
    at_work(markets_of(territory)[0], women=2, men=2)
    line = lines()[territory.name, "45"]
    assert (line.markets, line.hours_due) == (3, 3000)
    assert (line.hours_counted, line.persons, line.women_share, line.rsa_share) == (None, None, None, None)
    assert line.is_secret


def test_a_share_that_gives_a_few_back_is_not_told(territory):
    at_work(markets_of(territory)[0], women=2, men=6)
    line = lines()[territory.name, "45"]
    assert (line.persons, line.women_share, line.rsa_share) == (8, None, None)


def test_a_small_line_is_not_given_back_by_the_others(territory, elsewhere):
    for place, cpv, men in ((territory, "45000000", 3), (territory, "77000000", 9), (elsewhere, "45000000", 8)):
        at_work(markets_of(place, cpv)[0], men=men)
    told = {key: line.persons for key, line in lines().items()}
    assert told[territory.name, "45"] is None
    assert told[territory.name, "77"] is None or told[elsewhere.name, "45"] is None


def test_the_hours_of_one_or_two_markets_are_secret(territory):
    at_work(markets_of(territory, number=2)[0], men=6)
    line = lines()[territory.name, "45"]
    assert (line.markets, line.hours_due, line.hours_counted, line.persons) == (2, None, None, 6)


def test_the_hours_of_one_market_are_not_given_back_by_its_territory(territory):
    markets_of(territory, "45000000", number=1)
    markets_of(territory, "77000000", number=3)
    markets_of(territory, "90000000", number=4)
    due = {sector: line.hours_due for (_, sector), line in lines().items()}
    assert due == {"45": None, "77": None, "90": 4000}


def test_a_market_without_a_code_has_a_line(territory):
    markets_of(territory, cpv="")
    assert lines()[territory.name, ""].hours_due == 3000


def test_a_year_without_anything_has_no_line(territory):
    assert open_data.lines_of(2019) == []


def test_the_data_set_costs_the_same_however_many_lines(territory, elsewhere, count_queries):
    markets_of(territory)
    first = count_queries(lambda: open_data.lines_of(2025))
    markets_of(elsewhere, "77000000")
    markets_of(elsewhere, "90000000")
    assert count_queries(lambda: open_data.lines_of(2025)) == first <= 9


def test_the_csv_agrees_with_its_schema(territory):
    at_work(markets_of(territory)[0], women=5, men=5)
    markets_of(territory, "77000000")
    content = open_data.as_csv(open_data.lines_of(2025)).decode("utf-8-sig")
    header, first, second = csv.reader(io.StringIO(content), delimiter=";")
    assert header == [field["name"] for field in json.loads(open_data.schema())["fields"]]
    assert first == ["2025", "Pays d’Aix", "45", "", "3", "3000", "1000,00", "10", "50,0", "50,0", "non"]
    assert second == ["2025", "Pays d’Aix", "77", "", "3", "3000", "0", "0", "", "", "non"]


def test_the_bundle_says_how_to_read_it_and_is_always_the_same(territory):
    markets_of(territory)
    found = open_data.lines_of(2025)
    content = open_data.bundle(2025, found)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.namelist() == ["donnees.csv", "schema.json", "LISEZMOI.txt"]
    readme = archive.read("LISEZMOI.txt").decode()
    assert "l’année 2025" in readme
    assert "Heures comptabilisées, régularisations comprises" in readme
    assert open_data.bundle(2025, found) == content


def agree(*parties, year=2025):
    for party in parties:
        give_agreement(dataset=Dataset.OPEN_DATA, year=year, party=party, by=author())


@pytest.mark.usefixtures("convention")
@pytest.mark.parametrize("route", FILES)
def test_a_file_exists_once_both_parties_agreed(as_role, territory, route):
    markets_of(territory)
    client = as_role(Role.DIRECTOR)
    assert client.get(reverse(route)).status_code == 404
    agree(Party.DEPARTMENT)
    assert client.get(reverse(route)).status_code == 404
    agree(Party.METROPOLIS)
    assert client.get(reverse(route)).status_code == 200
    assert client.get(reverse(route), {"annee": "2024"}).status_code == 404


@pytest.mark.usefixtures("convention")
def test_before_the_agreement_the_preview_is_for_those_who_agree(as_role, territory):
    markets_of(territory)
    url = reverse("reporting:open_data")
    for role in (Role.MISSION_OFFICER, Role.FACILITATOR):
        assert table(as_role(role).get(url), "Aperçu des données")
    page = words(as_role(Role.DIRECTOR).get(url))
    assert "Il manque l’accord de : Département, Métropole." in page
    assert "Données à venir" in page
    agree(Party.DEPARTMENT, Party.METROPOLIS)
    response = as_role(Role.DIRECTOR).get(url)
    assert table(response, "Données de l’année 2025") == [
        ["Pays d’Aix", "45", "3", "3 000", "0", "0", "n. c.", "n. c."],
    ]
    assert "Télécharger le jeu de données (ZIP : CSV, schéma et notice)" in words(response)
