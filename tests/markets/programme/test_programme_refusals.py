"""Bad lines, bad files, and people who may not: each has its sentence, and stops nothing else."""

from itertools import product
from random import Random

import pytest
from django.db import connection

from clauses_portal.core.errors import DomainError
from clauses_portal.core.tables import Table
from facilitators.enums import Role
from facilitators.permissions import grant, revoke
from markets.models import ColumnMapping, Lot, Market, ProgrammeImport
from markets.programme.apply import BUSY, import_programme
from markets.programme.columns import LABELS
from markets.services.programme import ALREADY_RUNNING, ask_programme_import
from markets.tasks import import_programme as task
from markets.tasks import republish_forgotten_jobs
from operations.models import Operation
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import DirectorateFactory
from tests.factories.markets import LotFactory
from tests.factories.operations import OperationFactory
from tests.markets.programme.sheets import HEADERS, LINE, a_line, as_csv, as_xlsx

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"communes": "Paris"}, "Commune inconnue\u00a0: «\u00a0Paris\u00a0»."),
        ({"communes": "99999"}, "Commune inconnue. Écrivez son nom, son code postal ou son code Insee."),
        ({"communes": "13080, 13480"}, "Ce code postal est celui de plusieurs communes"),
        ({"communes": None}, "Indiquez au moins une commune"),
        ({"territory": "Provence verte"}, "Territoire inconnu\u00a0: «\u00a0Provence verte\u00a0»."),
        ({"communes": "Aix-en-Provence, Martigues"}, "Les communes relèvent de plusieurs territoires"),
        ({"lot_amount": 99_000_000_000}, "Ce montant n’est pas crédible"),
        ({"lot_amount": 0}, "Ce montant n’est pas crédible"),
        ({"firm_months": 5000}, "La durée ferme est comprise entre 1 et 1 200 mois."),
        ({"planned_tenders_on": "01/01/2027"}, "publication, remise des offres, notification"),
        ({"ends_on": "01/01/2027"}, "La fin d’exécution précède son début."),
        ({"planned_publication_on": "01/09/2026"}, "une date passée"),
        ({"title": "x" * 1001}, "Objet du marché"),
    ],
)
def test_a_bad_line_is_refused_with_its_sentence_and_the_others_go_on(bring, outcomes, changes, sentence):
    good = a_line(operation_reference="OP-2", market_number="2027-002")
    (bad, reason), other = outcomes(bring(a_line(**changes), good))
    assert (bad, other[0]) == ("refused", "created")
    assert sentence in reason
    assert [market.number for market in Market.objects.all()] == ["2027-002"]
    assert [operation.reference for operation in Operation.objects.all()] == ["OP-2"]


def test_a_refused_lot_leaves_the_other_lots_of_its_market(bring, outcomes):
    run = bring(a_line(lot_number=1), a_line(lot_number=2, firm_months=5000), a_line(lot_number=3))
    assert [outcome for outcome, _ in outcomes(run)] == ["created", "refused", "created"]
    assert list(Lot.objects.order_by("number").values_list("number", flat=True)) == ["1", "3"]


def test_the_territory_settles_communes_of_several_ones(bring, places):
    bring(a_line(communes="Aix-en-Provence, Martigues", territory="Pays de Martigues"))
    assert Lot.objects.get().territory == places["MARTIGUES"]


def test_a_lot_that_nothing_tells_apart_is_refused(bring, outcomes):
    bring(a_line(lot_number=1, lot_title="Gros œuvre"), a_line(lot_number=2, lot_title="Peinture"))
    ((outcome, reason),) = outcomes(bring(a_line()))
    assert (outcome, reason) == ("refused", "Ce marché a plusieurs lots : indiquez le numéro ou l’intitulé du lot.")


def test_an_operation_of_another_direction_is_not_touched(bring, outcomes, places):
    OperationFactory(reference="OP-2027-12", title="À autrui", communes=[places["AIX"].communes.first()])
    ((outcome, reason),) = outcomes(bring(a_line()))
    assert (outcome, reason) == ("refused", "Cette référence est celle d’une opération d’une autre direction.")
    assert Operation.objects.get().title == "À autrui"


def test_a_number_that_another_operation_has_is_refused(bring, outcomes, places):
    elsewhere = OperationFactory(communes=[places["AIX"].communes.first()])
    LotFactory(market__number="2027-014", market__operation=elsewhere, territory=places["AIX"])
    ((outcome, reason),) = outcomes(bring(a_line()))
    assert (outcome, reason) == ("refused", "Ce numéro de marché existe déjà chez cet acheteur.")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("programme.xlsx", b"PK\x03\x04", "abîmé"),
        ("programme.pdf", b"%PDF-1.7", "Type de fichier refusé"),
        ("programme.xlsx", b"%PDF-1.7", "Type de fichier refusé"),
        ("programme.csv", b"", "Ce fichier est vide"),
        ("programme.csv", b" " * (10 * 1024 * 1024 + 1), "la limite est de 10"),
    ],
)
def test_a_bad_file_is_not_taken(agent, direction, name, content, sentence):
    with pytest.raises(DomainError, match=sentence):
        ask_programme_import(by=agent, directorate=direction, file_name=name, content=content)
    assert not ProgrammeImport.objects.exists()


def test_a_file_without_a_table_fails_with_a_sentence(bring):
    run = bring(file=("programme.csv", b"rien\n"))
    assert run.state == "failed"
    assert "ne contient pas de tableau" in run.error


def test_too_many_lines_are_not_imported(bring):
    run = bring(file=as_csv(*[["OP-1", "Toiture"]] * 1001, headers=["Référence opération", "Objet"]))
    assert run.state == "failed"
    assert "plus de 1\u00a0000 lignes" in run.error


def test_the_same_demand_is_not_asked_twice(agent, direction):
    name, content = as_xlsx(a_line())
    asked = {"directorate": direction, "file_name": name, "content": content}
    ask_programme_import(by=agent, **asked)
    with pytest.raises(DomainError, match=ALREADY_RUNNING):
        ask_programme_import(by=agent, **asked)
    ask_programme_import(by=UserFactory(), **asked)
    ask_programme_import(by=agent, **asked | {"directorate": DirectorateFactory()})


def test_an_agent_imports_for_her_direction_alone(bring, agent, direction):
    stranger = UserFactory()
    grant(user=stranger, role=Role.DIRECTORATE_AGENT, directorate=DirectorateFactory(), by=None)
    run = bring(a_line(), by=stranger)
    assert run.state == "refused"
    assert not Market.objects.exists()
    assert not ProgrammeImport.objects.visible_to(stranger).exists()
    assert list(ProgrammeImport.objects.visible_to(agent)) == [run]


def test_an_officer_imports_for_any_direction_and_a_facilitator_for_none(bring, places):
    officer, facilitator = UserFactory(), UserFactory()
    grant(user=officer, role=Role.MISSION_OFFICER, by=None)
    grant(user=facilitator, role=Role.FACILITATOR, territory=places["AIX"], by=None)
    assert bring(a_line(), by=facilitator).state == "refused"
    assert bring(a_line(), by=officer).state == "done"


def test_whoever_lost_her_role_meanwhile_imports_nothing(agent, direction, places):
    name, content = as_xlsx(a_line())
    run = ask_programme_import(by=agent, directorate=direction, file_name=name, content=content, dry_run=False)
    revoke(membership=agent.membership, by=author())
    task(run.pk)
    run.refresh_from_db()
    assert (run.state, run.report) == ("refused", None)
    assert not Market.objects.exists()


def test_a_forgotten_import_is_sent_again(agent, direction):
    name, content = as_xlsx(a_line())
    run = ask_programme_import(by=agent, directorate=direction, file_name=name, content=content)
    republish_forgotten_jobs()
    assert ProgrammeImport.objects.get(pk=run.pk).sent_on is not None


def test_the_columns_of_a_direction_are_its_own(bring, direction):
    file = as_csv(["OP-9", "Préau", "Aix-en-Provence"], headers=["Code", "Quoi", "Où"])
    bring(file=file, mapping={"operation_reference": 0, "title": 1, "communes": 2})
    assert ColumnMapping.objects.get().directorate == direction


KINDS = list(product(("Façades", "Toiture"), (None, "12", "13"), (None, "1", "2")))


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_mixture_a_second_import_writes_nothing(places, today, direction, seed):
    """Lines of one operation, with or without a number, with or without a lot, in any order."""
    kinds = Random(seed).choices(KINDS, k=5)
    before, after = replayed(kinds, direction)
    assert {"created", "updated"} & set(after) == set(), kinds
    assert after.count("refused") == before.count("refused"), kinds


def replayed(kinds, direction):
    """Outcomes of a file of these lines, then of the same file again."""
    rows = [
        [(LINE | {"title": title, "market_number": number, "lot_number": lot}).get(name) for name in LABELS]
        for title, number, lot in kinds
    ]
    table = Table(HEADERS, rows, list(range(len(rows))), "Programme", [])
    mapping = {name: at for at, name in enumerate(LABELS)}
    reports = [import_programme(table, mapping, directorate=direction, by=author(), dry_run=False) for _ in range(2)]
    return [[line.outcome.value for line in report.lines] for report in reports]


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_a_direction_do_not_run_together(direction):
    table = Table(HEADERS, [], [], "Programme", [])
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('import_programme'), %s)", [direction.pk])
        with pytest.raises(DomainError, match=BUSY):
            import_programme(table, {}, directorate=direction, by=author(), dry_run=True)
    finally:
        other.close()
