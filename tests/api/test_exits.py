"""Exit situations by key: opened by the portal, answered by the structure (C20, C33)."""

import pytest

from facilitators.enums import KeyScope
from participants.models import ExitSituation
from tests.factories.facilitators import TerritoryFactory
from tests.factories.work import ExitSituationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

ANSWER = {"situation": "cdi_other", "source": "person", "observed_on": "2026-06-20", "job_title": "Maçonne"}


@pytest.fixture
def writer(as_key):
    return as_key(KeyScope.WRITE_PERSONS)


@pytest.fixture
def exit_row(territory):
    return ExitSituationFactory(contract__award__lot__territory=territory)


def answer(client, row, **fields):
    version = client.read(f"/exits/{row.pk}").json()["version"]
    return client.change(f"/exits/{row.pk}", {"version": version} | fields)


def test_a_situation_is_read_then_answered(writer, exit_row):
    read = writer.read("/exits", {"contract": exit_row.contract_id}).json()["items"]
    assert [row["horizon"] for row in read] == ["end", "three_months", "six_months"]
    assert (read[0]["situation"], read[0]["due_on"]) == ("", "2026-06-15")
    response = answer(writer, exit_row, **ANSWER)
    assert response.status_code == 200, response.json()
    assert writer.read(f"/exits/{exit_row.pk}").json() == response.json()
    kept = ExitSituation.objects.get(pk=exit_row.pk)
    assert (kept.situation, kept.job_title, kept.asked_by) == ("cdi_other", "Maçonne", writer.account)


def test_an_answer_is_corrected_in_part(writer, exit_row):
    answer(writer, exit_row, **ANSWER)
    row = answer(writer, exit_row, situation="cdd_long").json()
    assert {name: row[name] for name in ANSWER} == ANSWER | {"situation": "cdd_long"}


@pytest.mark.parametrize("name", ["situation", "source", "observed_on"])
def test_an_answer_is_whole(writer, exit_row, name):
    response = answer(writer, exit_row, **{key: value for key, value in ANSWER.items() if key != name})
    assert (response.status_code, [error["field"] for error in response.json()["errors"]]) == (400, [name])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"observed_on": "2026-09-16"}, "Cette date est à venir."),
        ({"observed_on": "2026-06-14"}, "Une situation de sortie se constate après la fin du contrat."),
        ({"situation": "en vacances"}, "Cette valeur n’est pas dans la liste."),
        ({"observed_on": []}, "Une date s’écrit AAAA-MM-JJ, par exemple 2026-09-15."),
        ({"lasting_job_refused": "non"}, "Une valeur true ou false est attendue."),
    ],
)
def test_an_answer_is_checked_as_on_the_page(writer, exit_row, fields, sentence):
    response = answer(writer, exit_row, **ANSWER | fields)
    assert response.status_code == 400
    assert response.json()["errors"] == [{"field": next(iter(fields)), "message": sentence}]
    assert ExitSituation.objects.get(pk=exit_row.pk).situation == ""


def test_unknown_is_said_only_after_calls(writer, exit_row):
    response = answer(writer, exit_row, situation="unknown", observed_on="2026-06-20")
    assert (response.status_code, response.json()["code"]) == (422, "refused")
    assert response.json()["detail"].startswith("Avant de noter « inconnue »")


def test_a_situation_is_not_told_before_its_day(writer, exit_row):
    later = ExitSituation.objects.get(contract=exit_row.contract, horizon="six_months")
    response = answer(writer, later, **ANSWER)
    assert (response.status_code, response.json()["detail"]) == (
        422, "Cette situation se constate à partir du 15/12/2026.",
    )  # fmt: skip


def test_a_stale_version_is_refused(writer, exit_row):
    version = writer.read(f"/exits/{exit_row.pk}").json()["version"]
    answer(writer, exit_row, **ANSWER)
    stale = writer.change(f"/exits/{exit_row.pk}", {"version": version, "situation": "retired"})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_version")
    assert writer.change(f"/exits/{exit_row.pk}", ANSWER).json()["errors"][0]["field"] == "version"


def test_a_situation_elsewhere_does_not_exist(writer):
    outside = ExitSituationFactory(contract__award__lot__territory=TerritoryFactory())
    assert writer.read("/exits").json()["items"] == []
    assert writer.read(f"/exits/{outside.pk}").json() == writer.read("/exits/987654").json()
    answers = [writer.change(f"/exits/{pk}", {"version": 1} | ANSWER) for pk in (outside.pk, 987654)]
    assert [response.status_code for response in answers] == [404, 404]


def test_only_a_key_of_persons_reads_and_writes(as_key, exit_row):
    reader = as_key(KeyScope.READ_PERSONS)
    assert answer(reader, exit_row, **ANSWER).status_code == 403
    assert as_key(KeyScope.WRITE_HOURS).read(f"/exits/{exit_row.pk}").status_code == 403


def test_nobody_opens_a_situation(writer):
    assert writer.write("/exits", ANSWER).status_code == 405


WRITABLE = {"situation", "source", "observed_on", "job_title", "lasting_job_refused"}


def test_no_other_field_is_written(writer, exit_row):
    before = writer.read(f"/exits/{exit_row.pk}").json()
    for name in {field.name for field in ExitSituation._meta.get_fields()} - WRITABLE:
        response = answer(writer, exit_row, **ANSWER, **{name: 1})
        assert response.json()["errors"] == [{"field": name, "message": "Champ inconnu."}]
    assert writer.read(f"/exits/{exit_row.pk}").json() == before


def test_a_list_costs_the_same_whatever_its_length(writer, territory, count_queries):
    ExitSituationFactory(contract__award__lot__territory=territory)
    writer.read("/exits")
    few = count_queries(lambda: writer.read("/exits", {"limit": 1}))
    assert count_queries(lambda: writer.read("/exits")) == few
