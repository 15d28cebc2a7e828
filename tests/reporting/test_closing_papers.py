"""The closing report on paper, and the version of each company: what they show, and what they never show."""

from datetime import date

import pytest
import time_machine

from clauses_portal.core.pdf import checks
from reporting.enums import FileKind, StatementKind
from reporting.models import Statement
from reporting.statements.closing import build_closing
from reporting.statements.closing_documents import company_files, render_closing
from reporting.statements.parts import head_of
from tests.factories.accounts import author
from tests.reporting.closing_world import FIRST, closing_world
from tests.support.papers import parts_of
from tests.support.shared import for_the_module

pytestmark = pytest.mark.django_db

DATED = date(2026, 9, 15)
# What a company must not read: who its people are, who else works there, what one thinks of it.
CANARIES = ("RSA", "Pertuis", "Gardanne", "quartier", "Femme", "Niveau", "Constat", "CANARIAVIS", "CANARIDIFF", "Delta")


@pytest.fixture(scope="module")
def statement(django_db_setup, django_db_blocker):
    with time_machine.travel("2026-09-15T10:00:00+02:00"), for_the_module(django_db_blocker):
        made = Statement(
            kind=StatementKind.CLOSING,
            market=closing_world().market,
            period_code="solde",
            starts_on=FIRST,
            ends_on=DATED,
            opinion="CANARIAVIS",
            difficulties="CANARIDIFF",
            verification_code="TEST-CODE-BILAN",
        )
        made.snapshot = build_closing(made, dated_on=DATED)
        yield made


@pytest.fixture(scope="module")
def paper(statement):
    return render_closing(statement, author=author())


@pytest.fixture(scope="module")
def company_paper(statement):
    (file,) = company_files(statement)
    return file


def read(document):
    """Its text on one line: a sentence is not cut by the end of a line."""
    return " ".join(parts_of(document)["text"].split())


def test_it_obeys_the_rules_of_documents(statement, paper):
    names = ["donnees.json", "entreprises.csv"]
    assert checks.check(paper, letterhead=head_of(statement.snapshot), attachments=names) == []


def test_it_tells_the_figures_of_the_snapshot(paper):
    text = read(paper)
    for told in ("1 100 h", "540 h", "49,1 %", "Pertuis", "CANARIAVIS", "CANARIDIFF", "Signatures"):
        assert told in text
    assert "Ce bilan attend encore" in text


def test_the_same_snapshot_gives_the_same_bytes(statement, paper):
    assert render_closing(statement, author=author()) == paper


def test_its_data_hold_no_version_of_a_company(paper):
    parts = parts_of(paper)
    assert "for_companies" not in parts["donnees.json"]
    assert "Alpha;Titulaire;1100,00;540,00;49,1;49,1" in parts["entreprises.csv"]


def test_a_company_reads_its_own_hours(company_paper):
    text = read(company_paper.content)
    assert (company_paper.kind, company_paper.company.name) == (FileKind.COMPANY, "Alpha")
    for told in ("Alpha", "Gamma", "1 100 h", "540 h", "moins de 5"):
        assert told in text


def test_a_company_reads_nothing_else(company_paper, statement):
    parts = parts_of(company_paper.content)
    assert set(parts) == {"text", "metadata"}
    said = " ".join(parts.values())
    assert [canary for canary in CANARIES if canary in said] == []


def test_its_document_carries_the_logo_of_the_departement(company_paper):
    assert checks.check(company_paper.content) == []
    assert any("Département" in figure.alt for figure in checks.figures(company_paper.content))
