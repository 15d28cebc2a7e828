"""The dashboard: what each role reads of it, its filters, small numbers, its lines (issue 5; design.md §3)."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from clauses_portal.core.french import NBSP
from facilitators.enums import Role
from participants.enums import Sex
from participants.models import ClosedPeriod
from participants.services.hours import regularise
from tests.factories.accounts import author
from tests.factories.facilitators import ConventionFactory, DirectorateFactory
from tests.factories.markets import LotFactory
from tests.factories.participants import EmploymentContractFactory, ParticipantFactory
from tests.reporting.boards import URL, in_data, in_file, on_screen, signed_in
from tests.reporting.small_world import small_world
from tests.support.pages import document, tidy

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

SECOND = {"periode": "2026-T2"}


@pytest.fixture
def world():
    world = small_world()
    ConventionFactory(territories=[world.territory, world.elsewhere])
    return world


def text_of(response):
    return tidy(" ".join(document(response).xpath("//main")[0].itertext()))


def hire(lot, number, sex):
    """Contracts of as many persons on the award of a lot, from 1 May 2026."""
    for _ in range(number):
        person = ParticipantFactory(territory=lot.territory, sex=sex)
        EmploymentContractFactory(participant=person, award=lot.awards.get(), starts_on=date(2026, 5, 1))


def test_a_facilitator_reads_her_territory_to_the_unit(world):
    told = on_screen(signed_in(Role.FACILITATOR, territory=world.territory), **SECOND)
    assert told["hours_counted", ""] == {"210 h"}
    assert told["persons_hired", ""] == {"2"}
    assert told["persons_women", ""] == {"1"}
    assert told["hours_by_month", "juin 2026"] == {"90 h"}


def test_a_chargee_de_mission_reads_everything_and_filters_it(world):
    client = signed_in(Role.MISSION_OFFICER)
    assert on_screen(client, **SECOND)["hours_counted", ""] == {"410 h"}
    filtered = on_screen(client, territoire=world.territory.pk, **SECOND)
    assert filtered["hours_counted", ""] == {"210 h"}


def test_a_direction_reads_its_own_operations(world):
    own = DirectorateFactory()
    operation = world.market.operation
    operation.directorate = own
    operation.save()
    assert on_screen(signed_in(Role.DIRECTORATE_AGENT, directorate=own), periode="2026")["hours_counted", ""] == {
        "410 h"
    }
    other = signed_in(Role.DIRECTORATE_AGENT, directorate=DirectorateFactory())
    assert "Rien à compter" in text_of(other.get(URL))


@pytest.mark.parametrize(
    "filters",
    [{"territoire": "elsewhere"}, {"territoire": "zzz"}, {"periode": "2026-T9"}, {"metier": "0"}, {"direction": "1"}],
)
def test_what_is_not_hers_or_makes_no_sense_filters_nothing(world, filters):
    client = signed_in(Role.FACILITATOR, territory=world.territory)
    filters = {name: world.elsewhere.pk if value == "elsewhere" else value for name, value in filters.items()}
    usual = SECOND if "periode" not in filters else {}
    assert in_data(client, **usual | filters) == in_data(client, **usual)


def test_the_period_of_each_role_is_its_own(world):
    for role, place, period in (
        (Role.FACILITATOR, {"territory": world.territory}, "2026-T3"),
        (Role.MISSION_OFFICER, {}, "2026"),
        (Role.DIRECTOR, {}, "2026"),
    ):
        data = signed_in(role, **place).get(reverse("reporting:dashboard_data")).json()
        assert data["period"]["code"] == period


def test_an_older_quarter_of_the_address_is_understood(world):
    client = signed_in(Role.FACILITATOR, territory=world.territory)
    page = document(client.get(URL, {"periode": "2019-T1"}))
    assert page.xpath("//select[@name='periode']//option[@selected]/@value") == ["2019-T1"]


def test_who_reads_aggregates_reads_no_small_number(world):
    lot = LotFactory(territory=world.territory, awarded=True)
    hire(lot, 7, Sex.FEMALE)
    hire(lot, 1, Sex.MALE)
    told = in_data(signed_in(Role.DIRECTOR), periode="2026")
    exact = in_data(signed_in(Role.MISSION_OFFICER), periode="2026")
    small = {key for key, value in exact.items() if is_about_persons(key) and value in {1, 2, 3, 4}}
    assert small
    assert all(isinstance(told.get(key, ""), str) for key in small)
    assert told["persons_hired", ""] == exact["persons_hired", ""]
    assert told["hours_counted", ""] == exact["hours_counted", ""]


def is_about_persons(key):
    return key[0].startswith(("persons_", "exits_"))


def test_a_small_rest_is_not_given_by_subtraction(world):
    """Two persons elsewhere: the number of the territory would give theirs, the whole being told."""
    hire(LotFactory(territory=world.territory, awarded=True), 6, Sex.FEMALE)
    hire(LotFactory(territory=world.elsewhere, awarded=True), 1, Sex.MALE)
    director = signed_in(Role.DIRECTOR)
    whole, part = in_data(director, periode="2026"), in_data(director, periode="2026", territoire=world.territory.pk)
    assert isinstance(whole["persons_hired", ""], Decimal)
    assert part["persons_hired", ""] == f"n.{NBSP}c."
    assert not any(code == "persons_by_age" for code, _ in part)


def test_the_order_of_a_breakdown_does_not_rank_what_is_secret(world):
    """Categories come the largest first for who reads them all, by their names for who does not."""
    hire(LotFactory(territory=world.territory, awarded=True), 6, Sex.FEMALE)
    orders = {
        role: [detail for code, detail in in_data(signed_in(role), periode="2026") if code == "persons_by_category"]
        for role in (Role.MISSION_OFFICER, Role.DIRECTOR)
    }
    assert orders[Role.MISSION_OFFICER][0] == "Sans validation accordée"
    assert orders[Role.DIRECTOR] == sorted(orders[Role.MISSION_OFFICER])
    assert orders[Role.DIRECTOR][0] != "Sans validation accordée"


def test_aggregates_come_by_years(world):
    page = document(signed_in(Role.DIRECTOR).get(URL))
    assert page.xpath("//select[@name='periode']/optgroup/@label") == ["Années civiles", "Années de convention"]


def test_charts_are_drawn_with_their_table(world):
    page = document(signed_in(Role.FACILITATOR, territory=world.territory).get(URL, SECOND))
    for figure in page.xpath("//figure"):
        assert figure.xpath("./figcaption")
        assert figure.xpath(".//*[local-name()='svg']/*[local-name()='title']") or figure.xpath("./p")
        assert figure.xpath(".//details//caption")
    assert len(page.xpath("//figure")) == 7
    assert not page.xpath("//main//*[@style]")


def test_every_figure_leads_to_its_definition(world):
    client = signed_in(Role.FACILITATOR, territory=world.territory)
    anchors = set(document(client.get(reverse("reporting:definitions"))).xpath("//article/@id"))
    page = document(client.get(URL, SECOND))
    assert set(page.xpath("//*[@data-figure]/@data-figure")) <= anchors
    led = {href.partition("#")[2] for href in page.xpath("//main//a/@href") if "/definitions/#" in href}
    assert led <= anchors


def test_a_market_behind_its_time_is_told(world):
    lot = LotFactory(territory=world.territory, running=True, starts_on=date(2026, 1, 1), ends_on=date(2026, 9, 30))
    told = signed_in(Role.FACILITATOR, territory=world.territory).get(URL, SECOND)
    assert lot.market.number in text_of(told)
    assert "En retard" in text_of(told)
    director = signed_in(Role.DIRECTOR).get(URL, {"periode": "2026"})
    assert lot.market.number not in text_of(director)
    assert on_screen(signed_in(Role.DIRECTOR))["markets_late", ""] != {"0"}


def test_nothing_to_tell_is_said(world):
    client = signed_in(Role.FACILITATOR, territory=world.territory)
    page = client.get(URL, {"periode": "2019-T1"})
    assert "Rien à compter" in text_of(page)


# Drill-down ------------------------------------------------------------------------------------------------------


def rows(client, code, **filters):
    return client.get(reverse("reporting:figure", args=[code]), filters)


def test_the_lines_of_a_figure_make_it(world):
    client = signed_in(Role.FACILITATOR, territory=world.territory)
    page = document(rows(client, "hours_counted", **SECOND))
    (total,) = page.xpath("//*[@data-figure='hours_counted']/text()")
    cells = [tidy(" ".join(cell.itertext())) for cell in page.xpath("//main//tbody/tr/*[last()]")]
    hours = [Decimal(cell.removesuffix(" h").replace(",", ".")) for cell in cells]
    assert (tidy(total), sum(hours)) == ("210 h", 210)


def test_a_part_has_the_lines_of_that_part_only(world):
    client = signed_in(Role.FACILITATOR, territory=world.territory)
    assert str(world.persons[2]) in text_of(rows(client, "persons_women", **SECOND))
    assert str(world.persons[1]) not in text_of(rows(client, "persons_women", **SECOND))
    assert str(world.persons[1]) in text_of(rows(client, "persons_men", **SECOND))


def test_a_chargee_de_mission_reads_hours_without_names(world):
    told = text_of(rows(signed_in(Role.MISSION_OFFICER), "hours_counted", **SECOND))
    assert not any(str(person) in told for person in world.persons)
    assert "Employeur" in told


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.MISSION_OFFICER, "persons_hired"),
        (Role.LEGAL_OFFICER, "hours_counted"),
        (Role.DIRECTOR, "hours_counted"),
        (Role.DIRECTOR, "markets_followed"),
    ],
)
def test_a_role_without_lines_is_told_so(world, role, code):
    response = rows(signed_in(role), code)
    assert response.status_code == 403
    assert "pas aux lignes qui le composent" in response.content.decode()


@pytest.mark.parametrize("code", ["inconnu", "hours_done_share"])
def test_a_figure_without_lines_of_its_own_is_not_found(world, code):
    assert rows(signed_in(Role.MISSION_OFFICER), code).status_code == 404


def test_lines_of_elsewhere_are_counted_and_not_shown(world):
    """A person followed by the neighbour works on a lot of the territory."""
    person = ParticipantFactory(territory=world.elsewhere)
    EmploymentContractFactory(participant=person, award=world.one, starts_on=date(2026, 6, 1))
    told = text_of(rows(signed_in(Role.FACILITATOR, territory=world.territory), "persons_hired", **SECOND))
    assert "Une ligne n’est pas affichée" in told
    assert str(person) not in told


def test_the_lines_are_taken_away_as_they_are_seen(world):
    client = signed_in(Role.FACILITATOR, territory=world.territory)
    response = client.get(reverse("reporting:figure_export", args=["contracts_running", "csv"]), SECOND)
    lines = response.getvalue().decode("utf-8-sig").splitlines()
    page = document(rows(client, "contracts_running", **SECOND))
    assert lines[0].split(";") == page.xpath("//main//thead//th/text()")
    assert len(lines) - 1 == len(page.xpath("//main//tbody/tr"))


def test_an_export_names_its_filters(world):
    client = signed_in(Role.MISSION_OFFICER)
    assert in_file(client, "csv", **SECOND) == in_data(client, **SECOND)
    data = client.get(reverse("reporting:dashboard_data"), {"territoire": world.territory.pk} | SECOND).json()
    assert data["filters"] == {"Période": "2e trimestre 2026", "Territoire": "Pays d’Aix"}


def test_hours_taken_back_do_not_break_the_page(world):
    """A régularisation may make a month negative: told, not drawn."""
    contract = world.one.contracts.get(participant=world.persons[0])
    ClosedPeriod.objects.create(territory=world.territory, quarter_start=date(2026, 1, 1))
    for month in (2, 3):
        regularise(contract=contract, month=date(2026, month, 1), hours=Decimal(0), reason="Erreur.", by=author())
    client = signed_in(Role.FACILITATOR, territory=world.territory)
    assert on_screen(client, **SECOND)["hours_by_month", "avril 2026"] == {"−80 h"}
    assert "Une régularisation rend un mois négatif" in text_of(client.get(URL, SECOND))
