"""A spreadsheet of follow-up brought in: matched, tried, recorded; next month's adds only what is new (C22)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.jobs import JobState
from facilitators.enums import Role
from markets.models import Company, OpeningBalance
from markets.services.awards import objective_of
from participants.models import EligibilityValidation, EmploymentContract, HoursEntry, Participant
from reporting.enums import ExchangeTable
from reporting.exchange.foreign.fields import guess_columns, months_of
from reporting.exchange.foreign.reading import read_tables
from reporting.exchange.foreign.trying import source_of, try_foreign
from reporting.exchange.foreign.values import values_to_match
from reporting.exchange.recording import record_lines
from reporting.models import DataImport, SourceMapping
from reporting.services.data_imports import erase_abandoned
from reporting.services.foreign import ask_trial, receive_file, set_columns, set_values, table_of
from tests.core.made_files import zipped
from tests.factories.facilitators import siret
from tests.factories.markets import AwardFactory, CompanyFactory
from tests.factories.participants import EligibilityCategoryFactory
from tests.support.follow_ups import MONTHS, person, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FOLLOW_UP = ExchangeTable.FOLLOW_UP
FEBRUARY, MARCH, APRIL = MONTHS[1:4]


def silent(step, done=None):
    """A progress nobody watches."""


def matched(run, by):
    """What a person accepts of the guesses."""
    table, kind = table_of(run), run.manifest["foreign"]
    guessed = guess_columns(kind, table.headers, months_of(table.headers, run.manifest["year"]))
    columns = run.mapping.columns if run.mapping else guessed
    run = set_columns(run=run, columns=columns, by=by)
    found = values_to_match(table, kind, columns, run.mapping.values)
    values = {field.name: {one.key: one.meaning for one in choices} for field, choices in found.items()}
    set_values(run=run, values=values, by=by)
    run.refresh_from_db()
    return run


@pytest.fixture
def facilitator(as_role, territory, convention):
    EligibilityCategoryFactory(code="RSA", label="Bénéficiaire du RSA")
    return as_role(Role.FACILITATOR).user


@pytest.fixture
def award(territory):
    return AwardFactory(lot__territory=territory, lot__calibrated=True, lot__market__number="2026-AB 12")


@pytest.fixture
def receive(facilitator, territory, convention):
    """Receive a file of the facilitator."""

    def _receive(content, name="suivi.xlsx", kind=FOLLOW_UP, **told):
        place = {"structure": convention.structure, "territory": territory, "system": "Tableur"}
        return receive_file(by=facilitator, kind=kind, file_name=name, content=content, **place | told)

    return _receive


@pytest.fixture
def bring(receive, facilitator):
    """Receive a file, accept the guesses, try it, record it: (outcomes of the trial, outcomes of the recording)."""

    def _bring(content, **told):
        run = matched(receive(content, **told), facilitator)
        tried = try_foreign(run, silent)
        return tried, record_lines(run, silent)

    return _bring


def refusals_of(receive, facilitator, content, **told):
    """[(line of the file, sentence)] of what the trial refuses."""
    run = matched(receive(content, **told), facilitator)
    try_foreign(run, silent)
    return list(run.lines.filter(outcome="refused").order_by("pk").values_list("row", "message"))


def test_a_follow_up_becomes_persons_validations_contracts_and_hours(bring, award):
    rows = [person(1, "2026 AB-12", **{FEBRUARY: 100, MARCH: "7h30"})]
    rows += [person(2, "Marché 2026-AB 12", **{"Validé le": None, FEBRUARY: "12,25"})]
    tried, recorded = bring(workbook(rows))
    assert (tried, recorded) == ({"new": 9}, {"recorded": 9})
    assert list(Participant.objects.order_by("last_name").values_list("last_name", "birth_date", "sex")) == [
        ("MARTINB", date(1985, 4, 2), "female"),
        ("MARTINC", date(1985, 4, 3), "male"),
    ]
    assert list(EligibilityValidation.objects.order_by("participant").values_list("state", "starts_on")) == [
        ("granted", date(2026, 1, 5)),
        ("proposed", date(2026, 2, 1)),
    ]
    assert set(EmploymentContract.objects.values_list("award", "employer", "modality")) == {
        (award.pk, award.company_id, "1")
    }
    hours = HoursEntry.objects.order_by("participant", "starts_on").values_list("declared", "counted")
    assert list(hours) == [(100, 100), (Decimal("7.5"), Decimal("7.5")), (Decimal("12.25"), 0)]


def test_the_file_of_next_month_adds_only_what_is_new(bring, award):
    bring(workbook([person(1, "2026-AB 12", **{FEBRUARY: 100})]))
    again = person(1, "2026-AB 12", Nom="Martinb", **{FEBRUARY: 100, MARCH: 80})
    tried, recorded = bring(workbook([again, person(2, "2026-AB 12", **{MARCH: 10})]))
    assert tried == {"same": 4, "new": 5}
    assert (Participant.objects.count(), EmploymentContract.objects.count()) == (2, 2)
    assert sorted(HoursEntry.objects.values_list("declared", flat=True)) == [10, 80, 100]


def test_the_same_file_is_not_recorded_twice(bring, receive, award):
    content = workbook([person(1, "2026-AB 12", **{FEBRUARY: 100})])
    bring(content)
    with pytest.raises(Conflict, match="déjà été importé le 15/09/2026"):
        receive(content)
    assert not DataImport.objects.filter(recorded_on=None).exists()


def test_a_person_told_on_twelve_lines_is_one_person(bring, award):
    long = "Nom et prénom;Né le;Sexe;Commune;Marché;Type de contrat;Poste;Début de contrat;Modalité;Mois;Heures"
    lines = [
        "DURAND Zoé;07/04/1954;F;13100 Commune-lès-Bains 0;2026-AB 12;Intérim;Peintre;01/02/2026;direct;"
        f"{month:02d}/2026;10"
        for month in (2, 3, 4, 4)
    ]
    tried, _ = bring("\n".join([long, *lines, "Total;;;;;;;;;;40"]).encode(), name="releve.csv")
    assert tried == {"new": 5}
    assert Participant.objects.get().birth_date == date(1954, 4, 7)
    assert sorted(HoursEntry.objects.values_list("declared", flat=True)) == [10, 10, 20]


def test_columns_and_values_are_remembered_for_the_next_file(receive, facilitator, award):
    run = matched(receive(workbook([person(1, "2026-AB 12", **{FEBRUARY: 1})])), facilitator)
    values = run.mapping.values
    assert values["personnes__sexe"] == {"mme": "female"}
    assert (values["validations__categorie"], values["contrats__modalite"]) == (
        {"brsa": "RSA"},
        {"embauche directe": "1"},
    )
    again = receive(workbook([person(2, "2026-AB 12", **{FEBRUARY: 2})]), system="TABLEUR")
    assert again.mapping == run.mapping
    set_values(run=again, values={"personnes__sexe": {"m": "male"}}, by=facilitator)
    assert SourceMapping.objects.get().values["personnes__sexe"] == {"mme": "female", "m": "male"}
    assert receive(workbook([person(3, "2026-AB 12")], months=["juil. 2026"])).mapping is None
    assert receive(workbook([person(4, "2026-AB 12")]), system="Un autre").mapping is None


def test_a_value_left_out_says_nothing(receive, facilitator, award):
    run = matched(receive(workbook([person(1, "2026-AB 12", **{FEBRUARY: 1})])), facilitator)
    set_values(run=run, values={"validations__categorie": {"brsa": ""}}, by=facilitator)
    run.refresh_from_db()
    try_foreign(run, silent)
    assert not run.lines.filter(table="validations").exists()


def test_what_cannot_be_placed_says_why(receive, facilitator, award, elsewhere):
    other = AwardFactory(lot__territory=elsewhere, lot__calibrated=True, lot__market__number="2026-ZZ")
    rows = [
        person(1, "2026-XX"),
        person(2, other.lot.market.number),
        person(3, "2026-AB 12", Entreprise="Une autre"),
        person(4, "2026-AB 12", Prénom=None),
        person(5, "2026-AB 12", Poste="Maçon 1 85 07 13 055 123"),
    ]
    assert refusals_of(receive, facilitator, workbook(rows)) == [
        (200, "Marché : aucun ne porte ce numéro dans votre périmètre."),
        (300, "Marché : aucun ne porte ce numéro dans votre périmètre."),
        (400, "Entreprise du marché : elle n’est pas sur ce lot."),
        (500, "Cette ligne ne nomme personne, ou n’en donne pas le prénom."),
        (600, "Cette ligne porte un numéro de sécurité sociale : il n’est pas gardé, retirez-le du fichier."),
    ]


def test_a_cell_that_cannot_be_read_refuses_its_line_alone(receive, facilitator, award):
    rows = [person(1, "2026-AB 12", **{"Né(e) le": "avant guerre"}), person(2, "2026-AB 12", **{FEBRUARY: "malade"})]
    refused = refusals_of(receive, facilitator, workbook(rows))
    assert [row // 100 for row, _ in refused] == [2, 2, 2, 3]
    assert "Date de naissance" in refused[0][1]
    assert "Heures déclarées" in refused[-1][1]


def test_a_lent_person_needs_the_siret_of_who_lends_her(bring, receive, facilitator, award):
    lender = CompanyFactory(name="Intérim d’insertion du Sud", kind="etti")
    rows = [person(1, "2026-AB 12", Modalité="MAD")]
    assert "SIRET de l’employeur" in refusals_of(receive, facilitator, workbook(rows))[0][1]
    titles = "Nom;Prénom;Né le;Sexe;Commune;Marché;ETTI;Type de contrat;Poste;Début de contrat;Modalité;fév-26"
    line = "ROUX;Léa;02/03/1990;F;Commune-lès-Bains 0;2026-AB 12;INTERIM D’INSERTION DU SUD;CTT;Aide;01/02/2026;MAD;35"
    bring(f"{titles}\n{line}\n".encode(), name="etti.csv")
    contract = EmploymentContract.objects.get()
    assert (contract.employer, contract.modality, contract.contract_type) == (lender, "2", "temporary")


def test_months_without_a_year_take_the_one_that_is_told():
    titles = ["Janvier", "Heures févr.", "mars-26", "04/2026", "Mai 2025", "Nom", "Début", "Juillet (2)"]
    assert months_of(titles) == {2: date(2026, 3, 1), 3: date(2026, 4, 1), 4: date(2025, 5, 1)}
    assert months_of(titles, 2024)[0] == date(2024, 1, 1)
    assert months_of(titles, 2024)[1] == date(2024, 2, 1)


def test_a_file_of_opening_balances_names_its_markets(bring, award):
    content = (
        "N° de marché;Heures réalisées;Nombre de personnes;Arrêté au;Logiciel\n2026 AB 12;400;3;30/06/2026;Suivi\n"
    )
    tried, recorded = bring(content.encode(), name="reprises.csv", kind=ExchangeTable.OPENINGS)
    assert (tried, recorded) == ({"new": 1}, {"recorded": 1})
    assert (OpeningBalance.objects.get().award, objective_of(award)) == (award, 600)


def test_a_file_of_companies_completes_those_that_are_known(bring, facilitator):
    CompanyFactory(siret=siret(77), name="")
    content = f"N° SIRET;Entreprise\n{siret(77)};Maçons d’Aix\n{siret(78)[:9]} {siret(78)[9:]};Peintres\n"
    tried, _ = bring(content.encode(), name="entreprises.csv", kind=ExchangeTable.COMPANIES)
    assert tried == {"changed": 1, "new": 1}
    assert set(Company.objects.filter(siret__in=[siret(77), siret(78)]).values_list("name", flat=True)) == {
        "Maçons d’Aix",
        "Peintres",
    }


def test_what_is_lacking_is_said_before_anything_is_read(receive, facilitator):
    run = receive(b"Nom;Ville\nDURAND;Aix\n", name="a.csv")
    with pytest.raises(DomainError, match="Numéro du marché, Début, Type de contrat, Heures d’un mois"):
        set_columns(run=run, columns={"personnes__nom": 0}, by=facilitator)
    with pytest.raises(Conflict, match="quelle colonne"):
        ask_trial(run=run, by=facilitator)
    assert not SourceMapping.objects.exists()


def test_a_column_of_a_hundred_values_was_taken_for_another(receive, facilitator):
    content = "Nom;Prénom;Né le;Sexe;Commune\n" + "".join(f"A;B;01/01/1990;valeur {n};C\n" for n in range(101))
    run = receive(content.encode(), name="a.csv", kind=ExchangeTable.PERSONS)
    with pytest.raises(DomainError, match="plus de 100 valeurs différentes"):
        values_to_match(table_of(run), ExchangeTable.PERSONS, {"personnes__sexe": 3}, {})


def test_once_its_trial_is_asked_a_file_is_not_matched_any_more(receive, facilitator, award):
    run = matched(receive(workbook([person(1, "2026-AB 12", **{FEBRUARY: 1})])), facilitator)
    assert ask_trial(run=run, by=facilitator).state == JobState.ASKED
    with pytest.raises(Conflict, match="donnez-le de nouveau"):
        set_columns(run=run, columns=run.mapping.columns, by=facilitator)


def test_what_nobody_records_is_erased_after_a_week(receive, facilitator, award):
    runs = [receive(workbook([person(n, "2026-AB 12", **{FEBRUARY: n})])) for n in (1, 2)]
    for run in runs:
        try_foreign(matched(run, facilitator), silent)
    DataImport.objects.filter(pk=runs[0].pk).update(asked_at=timezone.now() - timedelta(days=8))
    assert erase_abandoned() == 1
    old, recent = DataImport.objects.order_by("pk")
    assert (bytes(old.content), old.lines.count(), old.state) == (b"", 0, JobState.FAILED)
    assert (bool(recent.content), recent.lines.exists()) == (True, True)


BOMB = zipped({"xl/workbook.xml": b"\0" * 70_000_000, "[Content_Types].xml": b"<Types/>"})
HOSTILE = {
    "renamed.xlsx": b"MZ\x90\x00" + b"\0" * 200,
    "bomb.xlsx": BOMB,
    "truncated.xlsx": BOMB[: len(BOMB) // 2],
    "macros.xlsm": zipped({"xl/vbaProject.bin": b"x"}),
    "nothing.csv": b"\0\0\0",
    "open.csv": b'a;b\n"' + b"x" * 200_000,
    "wide.csv": b";".join(b"c%d" % n for n in range(70)) + b"\n" + b"1;" * 70,
    "long.csv": b"Nom;Ville\n" + b"A;B\n" * 5001,
    "empty.xlsx": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_leaves_nothing(receive, name):
    with pytest.raises(DomainError):
        receive(HOSTILE[name], name=name)
    assert not DataImport.objects.exists()


def test_a_year_of_a_thousand_lines_is_read_in_a_moment(receive, facilitator, award, count_queries):
    months = [f"{month:02d}/2025" for month in range(1, 13)]
    rows = [person(n, "2026-AB 12", **dict.fromkeys(months, "12,5")) for n in range(1000)]
    run = matched(receive(workbook(rows, months)), facilitator)
    made = []
    assert count_queries(lambda: made.append(read_tables(table_of(run), source_of(run, table_of(run))))) < 10
    assert {kind.value: len(lines) for kind, lines in made[0].finished().items()} == {
        "personnes": 1000,
        "validations": 1000,
        "contrats": 1000,
        "heures": 12_000,
    }
