"""Published papers by key: what they say, their files, and what stays hidden (C19, C20, C22, C27)."""

import pytest

from facilitators.enums import KeyScope
from reporting.enums import FileKind
from reporting.models import Statement
from tests.factories.facilitators import DirectorateFactory, TerritoryFactory
from tests.factories.reporting import StatementFactory, StatementFileFactory
from tests.support.sent import send

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(as_key):
    return as_key(KeyScope.READ_STATEMENTS)


def published(territory, files=(FileKind.ANNEX,), **fields):
    """A paper with its document and these files: nothing may be added once it is published."""
    paper = StatementFactory(territory=territory, **fields)
    for kind in files:
        StatementFileFactory(statement=paper, kind=kind, name=f"{kind}.xlsx")
    return send(paper, b"%PDF")


def test_a_published_paper_is_listed_with_its_files(reader, territory):
    paper = published(territory)
    row = reader.read("/statements").json()["items"][0]
    assert (row["number"], row["territory"], row["period_code"]) == (paper.number, territory.code, "2026-T2")
    assert row == reader.read(f"/statements/{paper.pk}").json()
    assert [(file["kind"], file["format"]) for file in row["files"]] == [("document", "PDF"), ("annex", "XLSX")]


def test_the_bytes_published_are_sent_as_a_file_to_save(reader, territory):
    paper = published(territory)
    row = reader.read(f"/statements/{paper.pk}").json()
    for file, content in zip(row["files"], (b"%PDF", b"lots"), strict=True):
        response = reader.get(file["url"], headers={"accept": "application/pdf"})
        assert response.content == content
        assert response["Content-Disposition"].startswith("attachment")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]


def test_the_frozen_data_are_read(reader, territory):
    assert reader.read(f"/statements/{published(territory).pk}/data").json() == {"schema": 1}


def test_a_draft_does_not_exist(reader, territory):
    draft = StatementFactory(territory=territory)
    assert reader.read("/statements").json()["items"] == []
    unknown = reader.read("/statements/999999")
    for path in ("", "/data", "/files/document"):
        answer = reader.read(f"/statements/{draft.pk}{path}")
        assert (answer.status_code, answer.content) == (404, unknown.content)


def test_the_restricted_version_does_not_exist(reader, territory):
    paper = published(territory, files=[FileKind.RESTRICTED])
    assert [file["kind"] for file in reader.read(f"/statements/{paper.pk}").json()["files"]] == ["document"]
    restricted = paper.files.get()
    assert reader.read(f"/statements/{paper.pk}/files/{restricted.pk}").status_code == 404


def test_a_file_of_another_paper_is_not_found_here(reader, territory):
    one, two = published(territory), published(territory, period_code="2026-T1")
    assert reader.read(f"/statements/{one.pk}/files/{two.files.get().pk}").status_code == 404


def test_a_version_names_the_one_that_replaces_it(reader, territory):
    first = published(territory)
    second = published(territory, version=2, version_reason="Erreur", replaces=first)
    StatementFactory(territory=territory, version=3, version_reason="Encore", replaces=second)
    read = {row["id"]: row for row in reader.read("/statements").json()["items"]}
    assert (read[first.pk]["replaced_by"], read[second.pk]["replaced_by"]) == (second.pk, None)
    assert read[second.pk]["replaces"] == first.pk


def test_papers_are_filtered(reader, territory):
    paper = published(territory)
    for asked in ({"kind": "annual"}, {"period_code": "2026-T1"}, {"territory_code": "X"}, {"market": 9}):
        assert reader.read("/statements", asked).json()["items"] == []
    same = {"kind": "quarterly", "period_code": "2026-T2", "territory_code": territory.code}
    assert [row["id"] for row in reader.read("/statements", same).json()["items"]] == [paper.pk]


def test_the_papers_of_elsewhere_and_of_a_directorate_do_not_exist(reader, territory):
    published(TerritoryFactory())
    published(None, directorate=DirectorateFactory())
    assert Statement.objects.published().count() == 2
    assert reader.read("/statements").json()["items"] == []


def test_a_page_of_papers_costs_the_same_whatever_their_number(reader, territory, count_queries):
    published(territory)
    reader.read("/statements")
    one = count_queries(lambda: reader.read("/statements"))
    published(territory, period_code="2026-T1")
    published(territory, period_code="2025-T4")
    assert count_queries(lambda: reader.read("/statements")) == one


def test_another_scope_opens_no_paper(as_key, territory):
    published(territory)
    assert as_key(KeyScope.READ_MARKETS).read("/statements").status_code == 403
