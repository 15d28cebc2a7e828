"""The library: files with their sizes, versions that replace one another, comparison, the ZIP of a quarter."""

import csv
import hashlib
import io
import zipfile
from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse

from facilitators.enums import Role
from reporting.comparison import compare, figures_of
from reporting.enums import FileKind
from reporting.models import StatementFile
from reporting.statements.quarterly import build_snapshot
from reporting.views import library
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import CompanyFactory, LotFactory
from tests.factories.reporting import StatementFactory, StatementFileFactory
from tests.reporting.small_world import small_world
from tests.support.pages import assert_done, assert_refused, document, submit, table, words
from tests.support.sent import PAPER, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

LIST = "/etats/"
ZIP = "/etats/dossier.zip"


@pytest.fixture(autouse=True)
def _no_hurry():
    cache.clear()


@pytest.fixture
def papers(territory, elsewhere):
    """Of the second quarter: two territories, the first with its annex, its restricted and its company version."""
    here = StatementFactory(territory=territory)
    StatementFileFactory(statement=here)
    StatementFileFactory(statement=here, kind=FileKind.RESTRICTED, name="restreinte.pdf")
    StatementFileFactory(statement=here, kind=FileKind.COMPANY, name="entreprise.pdf", company=CompanyFactory())
    there = StatementFactory(territory=elsewhere)
    StatementFactory(territory=territory, period_code="2026-T3")
    return send(here), send(there)


def page(name, row):
    return reverse(f"reporting:{name}", args=[row.pk])


def bundle(client, query="?trimestre=2026-T2"):
    """{name: bytes} of the ZIP, and its bytes."""
    response = client.get(ZIP + query)
    content = b"".join(response)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}, content


def test_each_link_says_its_format_and_size(as_role, papers, convention):
    facilitator = as_role(Role.FACILITATOR)
    rows = table(facilitator.get(LIST, {"state": "published"}))
    assert len(rows) == 1
    for text in ("(PDF, 17 octets)", "Annexe des lots et des entreprises (XLSX, 4 octets)", "(PDF, 4 octets)"):
        assert text in rows[0][-1]
    assert "Version restreinte" in rows[0][-1]


def test_the_restricted_version_is_for_those_who_see_the_amounts(as_role, papers):
    restricted = StatementFile.objects.get(kind=FileKind.RESTRICTED)
    annex = StatementFile.objects.get(kind=FileKind.ANNEX)
    director, officer = as_role(Role.DIRECTOR), as_role(Role.MISSION_OFFICER)
    for client, status in ((director, 404), (officer, 200)):
        assert client.get(page("file", restricted)).status_code == status
        assert ("Version restreinte" in words(client.get(LIST))) is (status == 200)
        assert ("Version restreinte" in words(client.get(page("statement", papers[0])))) is (status == 200)
    response = director.get(page("file", annex))
    assert (response.content, response["X-Content-Type-Options"]) == (b"lots", "nosniff")
    assert 'attachment; filename="annexe.xlsx"' in response["Content-Disposition"]


def test_a_paper_is_replaced_and_says_so(as_role, papers, convention):
    facilitator, first = as_role(Role.FACILITATOR), papers[0]
    assert_refused(facilitator.post(page("version", first), {"reason": ""}), "Ce champ est obligatoire.")
    response = submit(facilitator, page("version", first), reason="Un relevé est arrivé tard.")
    assert_done(response, "La nouvelle version est ouverte en brouillon ; l’ancienne reste consultable.")
    second = first.replaced_by
    assert "Motif de cette version : Un relevé est arrivé tard." in words(facilitator.get(page("statement", second)))
    assert "est remplacé" not in words(facilitator.get(page("statement", first)))
    assert "remplacée" not in words(facilitator.get(LIST))
    send(second, b"%PDF-1.7 second")
    director = as_role(Role.DIRECTOR)
    assert "remplacée" in words(director.get(LIST))
    assert "Ce document est remplacé par la version 2, publiée le" in words(director.get(page("statement", first)))
    assert [row[0] for row in table(director.get(page("statement", first)), "Versions")] == ["Version 2", "1"]
    assert director.get(page("download", first)).content == PAPER
    assert len(table(director.get(LIST, {"in_force": "on", "territory": first.territory_id}))) == 1
    assert "/version/" not in str(document(facilitator.get(page("statement", first))).xpath("//main//a/@href"))
    assert as_role(Role.DIRECTOR).get(page("version", first)).status_code == 403


def test_the_bundle_holds_what_its_reader_may_read(as_role, papers, convention):
    here, there = papers
    shared = {"annexe.xlsx", "entreprise.pdf"}
    for role, papers_read, files_read in (
        (Role.DIRECTOR, [here, there], shared),
        (Role.MISSION_OFFICER, [here, there], shared | {"restreinte.pdf"}),
        (Role.FACILITATOR, [here], shared | {"restreinte.pdf"}),
        (Role.DIRECTORATE_AGENT, [], set()),
    ):
        files, _ = bundle(as_role(role))
        expected = {f"{paper.number}.pdf" for paper in papers_read} | {f"{here.number}/{name}" for name in files_read}
        assert set(files) == expected | {"manifeste.csv"}, role


def test_the_bundle_says_the_hash_of_each_file_and_never_changes(as_role, papers):
    director = as_role(Role.DIRECTOR)
    files, content = bundle(director)
    manifest = csv.reader(io.StringIO(files.pop("manifeste.csv").decode("utf-8-sig")), delimiter=";")
    lines = {line[0]: line for line in list(manifest)[1:]}
    assert set(lines) == set(files)
    for name, written in files.items():
        assert lines[name][5] == hashlib.sha256(written).hexdigest()
        assert lines[name][4] == str(len(written))
    assert bundle(director)[1] == content


def test_a_heavy_bundle_is_sent_by_pieces(as_role, papers, monkeypatch):
    director = as_role(Role.DIRECTOR)
    _, whole = bundle(director)
    monkeypatch.setattr(library, "IN_MEMORY", 10)
    response = director.get(f"{ZIP}?trimestre=2026-T2")
    assert response.streaming
    assert b"".join(response) == whole


def test_a_quarter_without_papers_or_unreadable(as_role, territory):
    director = as_role(Role.DIRECTOR)
    assert set(bundle(director, "?trimestre=2020-T1")[0]) == {"manifeste.csv"}
    assert director.get(f"{ZIP}?trimestre=2026-T9").status_code == 404


def test_a_bundle_is_not_asked_without_end(as_role, papers):
    director = as_role(Role.DIRECTOR)
    for _ in range(5):
        bundle(director)
    assert director.get(ZIP).status_code == 429


def test_every_figure_of_a_paper_is_compared():
    world = small_world()
    data = build_snapshot(StatementFactory(territory=world.territory), dated_on=date(2026, 7, 10))
    found = figures_of(data)
    labels = {label for _, label in found}
    assert {"Marchés suivis", "Heures dues", "Heures comptabilisées au trimestre", "Femmes"} <= labels
    assert found["Synthèse", "Heures comptabilisées au trimestre"][0] == 210
    told = [label for heading, label in found if heading == "Synthèse"]
    assert len(told) == sum(value is not None for name, value in data["synthesis"].items() if name != "light")


def test_figures_come_in_the_same_order_whatever_the_database_kept():
    data = {"people": {"total": 2}, "synthesis": {"late_lots": 1, "markets": 3, "done": "5.0"}}
    assert [label for _, label in figures_of(data)] == [
        "Marchés suivis",
        "Lots en retard",
        "Part réalisée de l’objectif",
        "Personnes embauchées",
    ]


def test_two_papers_are_compared_figure_by_figure():
    before = {"synthesis": {"due": "100.00", "markets": 2, "done": None}, "rejected": [["Hors période", "5.00"]]}
    after = {"synthesis": {"due": "150.50", "markets": 2, "done": "10.0"}, "rejected": []}
    tables = dict(compare(before, after))
    lines = {line.label: (line.before, line.after, line.shown_difference) for line in tables["Synthèse"]}
    assert lines["Heures dues"] == (100, 150.5, "+50,5")
    assert lines["Marchés suivis"] == (2, 2, "0")
    assert lines["Part réalisée de l’objectif"] == (None, 10, "+10")
    (gone,) = tables["Heures rejetées, par motif"]
    assert (gone.label, gone.before, gone.after, gone.shown_difference) == ("Hors période", 5, None, "\u22125")


def test_a_paper_is_compared_with_the_one_before(as_role, territory, elsewhere):
    def paper(quarter, due, **fields):
        draft = StatementFactory(**{"territory": territory, "period_code": quarter} | fields)
        return send(draft, snapshot={"synthesis": {"due": due}})

    first, last = paper("2025-T4", "100.00"), paper("2026-T2", "130.00")
    middle, other = paper("2026-T1", "110.00"), paper("2026-T1", "1.00", territory=elsewhere)
    director = as_role(Role.DIRECTOR)
    asked = {"": ["110", "130", "+20"], f"?avec={first.pk}": ["100", "130", "+30"]}
    for query, figures in asked.items():
        assert table(director.get(page("compare", last) + query)) == [["Heures dues (h)", *figures]]
    for query in (f"?avec={other.pk}", "?avec=x"):
        assert "Rien à comparer" in words(director.get(page("compare", last) + query))
    assert "Rien à comparer" in words(director.get(page("compare", first)))
    options = document(director.get(page("compare", middle))).xpath("//select[@name='avec']/option/@value")
    assert options == [str(last.pk), str(first.pk)]


def test_an_agent_reads_the_papers_of_her_direction(as_role, territory):
    directorate = DirectorateFactory()
    agent = as_role(Role.DIRECTORATE_AGENT, directorate=directorate)
    market = LotFactory(territory=territory, market__operation__directorate=directorate).market
    for scope in ({"directorate": directorate}, {"market": market}, {"directorate": DirectorateFactory()}):
        send(StatementFactory(**{"territory": None} | scope))
    send(StatementFactory(territory=territory))
    assert len(table(agent.get(LIST))) == 2


def test_the_whole_departement_is_read_by_those_who_see_everywhere(as_role, territory, convention):
    report = StatementFactory(territory=None, kind="annual", period_code="2025")
    officer, director = as_role(Role.MISSION_OFFICER), as_role(Role.DIRECTOR)
    assert officer.get(page("statement", report)).status_code == 200
    assert director.get(page("statement", report)).status_code == 404
    send(report)
    for client, status in ((director, 200), (as_role(Role.FACILITATOR), 404)):
        assert client.get(page("download", report)).status_code == status
