"""The help (C32): fiches réflexes and examples of tasks, for anybody, without any figure of a calculation (C27)."""

import re

import pytest
from django.urls import reverse

from clauses_portal.help_sheets import SHEETS, sheet_with_neighbours
from facilitators.enums import Role
from markets.task_examples import library
from tests.architecture.test_vendor import VENDOR
from tests.support.pages import document, tidy, words

HEADINGS = ["En 5 points", "Qui fait quoi", "Délais", "Les erreurs fréquentes", "Textes"]
# Figures with a unit that the law has published: thresholds of 2026-2027, share of a reserved market (R. 2113-7).
PUBLISHED = {"216 000 €", "750 000 €", "5 404 000 €", "50 %"}
SLUGS = [sheet.slug for sheet in SHEETS]
pytestmark = pytest.mark.django_db


def help_urls():
    return [reverse("help"), reverse("help_tasks"), *(reverse("help_sheet", args=[slug]) for slug in SLUGS)]


def headings(response, level="h2"):
    return [tidy(heading.text_content()) for heading in document(response).xpath(f"//main//{level}")]


def tasks_shown(response):
    """{trade: number of tasks} of the page of examples."""
    groups = document(response).xpath("//section[@id='taches']/details")
    return {tidy(group.xpath("./summary/h2")[0].text_content()): len(group.xpath("./ul/li")) for group in groups}


@pytest.mark.parametrize("sheet", SHEETS, ids=SLUGS)
def test_a_visitor_reads_a_sheet_with_its_five_parts(client, sheet):
    response = client.get(reverse("help_sheet", args=[sheet.slug]))
    assert response.status_code == 200
    assert headings(response, "h1") == [tidy(sheet.title)]
    assert [heading for heading in headings(response) if heading in HEADINGS] == HEADINGS
    assert sheet.audience in words(response)
    assert len(document(response).xpath("//section[@aria-labelledby='points']/ol/li")) == 5


def test_the_sections_of_a_sheet_are_never_empty(client):
    empty = []
    for slug in SLUGS:
        page = document(client.get(reverse("help_sheet", args=[slug])))
        for section in page.xpath("//main//section"):
            if len(section.xpath(".//li | .//dt | .//tbody/tr")) < 2:
                empty.append((slug, section.get("aria-labelledby")))
    assert empty == []


def test_every_table_of_the_help_has_a_caption_and_row_headers(client):
    for url in help_urls():
        for table in document(client.get(url)).xpath("//main//table"):
            assert len(table.xpath("./caption[normalize-space()]")) == 1, url
            assert table.xpath("./tbody/tr[not(th[@scope='row'])]") == [], url


def test_every_link_of_the_help_leads_somewhere(client):
    for url in help_urls():
        links = [link for link in document(client.get(url)).xpath("//main//a/@href") if link.startswith("/aide/")]
        assert links, url
        assert [link for link in links if client.get(link).status_code != 200] == [], url


def test_the_index_leads_to_every_page(client):
    links = set(document(client.get(reverse("help"))).xpath("//main//a/@href"))
    assert set(help_urls()) - {reverse("help")} <= links


def test_an_unknown_sheet_is_not_found(client):
    assert client.get("/aide/inconnue/").status_code == 404


def test_the_help_gives_no_figure_but_those_of_the_law(client):
    for url in help_urls():
        found = re.findall(r"[0-9][0-9 ,.]*\s?[%€]", words(client.get(url)))
        assert set(found) <= PUBLISHED, url
        assert not re.search(r"€\s?(/|par |de l’)\s?h", words(client.get(url))), url


def test_the_law_is_given_with_its_figures(client):
    text = words(client.get(reverse("help_sheet", args=["obligation-2026"])))
    assert {figure for figure in PUBLISHED if figure in text} == PUBLISHED - {"50 %"}


def test_the_text_of_the_help_is_typeset_in_french(client):
    for url in help_urls():
        text = document(client.get(url)).xpath("string(//main)")
        assert re.findall(r"\w+'\w+|\w+ [;:!?»%€]|« \w+", text) == [], url


def test_a_signed_in_person_keeps_the_menu(client, as_role):
    officer = as_role(Role.MISSION_OFFICER)
    for url in help_urls():
        assert document(officer.get(url)).xpath("//nav[@id='menu']//a"), url
        assert not document(client.get(url)).xpath("//nav[@id='menu']"), url


def test_the_sheets_follow_one_another():
    assert len(set(SLUGS)) == len(SHEETS) >= 10
    assert sheet_with_neighbours(SLUGS[0]) == (None, SHEETS[0], SHEETS[1])
    assert sheet_with_neighbours(SLUGS[-1]) == (SHEETS[-2], SHEETS[-1], None)
    with pytest.raises(LookupError):
        sheet_with_neighbours("inconnue")


def test_the_icon_of_a_sheet_is_in_the_sprite():
    sprite = next(VENDOR.rglob("sprite.svg")).read_text(encoding="utf-8")
    assert [sheet.icon for sheet in SHEETS if f'<symbol id="{sheet.icon}"' not in sprite] == []


def test_the_examples_list_every_trade_at_first_closed(client):
    response = client.get(reverse("help_tasks"))
    assert tasks_shown(response) == {tidy(trade.label): len(trade.tasks) for trade in library()}
    assert document(response).xpath("//details[@open]") == []


def test_a_search_shows_the_trade_asked_for(client):
    response = client.get(reverse("help_tasks"), {"metier": "PEINTURES"})
    assert tasks_shown(response)["Peinture"] == 8
    assert document(response).xpath("//section[@id='taches']/details[not(@open)]") == []
    assert document(response).xpath("//input[@name='metier']/@value") == ["PEINTURES"]


def test_a_search_without_result_says_so_and_leads_back(client):
    response = client.get(reverse("help_tasks"), {"metier": "astronaute"})
    assert tasks_shown(response) == {}
    assert "Aucune tâche trouvée" in words(response)
    assert reverse("help_tasks") in document(response).xpath("//section[@id='taches']//a/@href")


@pytest.mark.parametrize("asked", ["x" * 200, "pein\x00ture"])
def test_a_search_that_makes_no_sense_is_told_and_shows_everything(client, asked):
    response = client.get(reverse("help_tasks"), {"metier": asked})
    assert document(response).xpath("//*[contains(@class, 'invalid-feedback')]")
    assert len(tasks_shown(response)) == len(library())


def test_what_is_searched_is_shown_as_text(client):
    response = client.get(reverse("help_tasks"), {"metier": '"><script>'})
    assert document(response).xpath("//main//script") == []
