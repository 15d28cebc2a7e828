"""What becomes of each line: known, new, to settle, refused; nobody writes where she may not (C22, A16, A25)."""

from datetime import date
from decimal import Decimal

import pytest

from clauses_portal.core.errors import DomainError
from clauses_portal.core.jobs import run as work
from facilitators.enums import KeyDirection, Role
from facilitators.permissions import grant
from markets.services.openings import record_opening_balance
from participants.models import EligibilityValidation, EmploymentContract, HoursEntry, Participant
from reporting.enums import ExchangeOutcome as O
from reporting.enums import ExchangeTable as T
from reporting.exchange import recording
from reporting.exchange.names import own_reference
from reporting.models import DataImport
from reporting.services import data_imports
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory, TerritoryFactory
from tests.factories.participants import EligibilityCategoryFactory, EmploymentContractFactory, ParticipantFactory
from tests.support.exchanged import lines, person_line, recorded, tried, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def facilitator(territory, convention):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, by=None, territory=territory)
    return user


@pytest.fixture
def give(facilitator, convention):
    """give({table: lines}) tries a package for the structure of the convention."""
    return lambda tables, by=facilitator, **told: tried(by, convention.structure, written(tables, **told))


def outcomes(run):
    return [outcome for _, _, outcome, _ in lines(run)]


def test_a_person_known_by_her_identity_is_completed_not_doubled(give, territory):
    her = ParticipantFactory(territory=territory, last_name="DIALLO", first_name="Awa", birth_date=date(1990, 4, 2))
    run = give({T.PERSONS: [person_line(territory, sexe=her.sex, commune=her.commune_id, adresse="1 rue Haute")]})
    assert lines(run) == [("personnes", 2, O.CHANGED, "À compléter : adresse.")]
    recorded(run)
    her.refresh_from_db()
    assert (Participant.objects.count(), her.address) == (1, "1 rue Haute")


def test_what_contradicts_the_portal_waits_for_a_choice(give, territory):
    known = {"last_name": "Diallo", "first_name": "Awa", "birth_date": date(1990, 4, 2), "receives_rsa": True}
    her = ParticipantFactory(territory=territory, sex="female", address="2 rue Basse", **known)
    line = person_line(territory, commune=her.commune_id, adresse="1 rue Haute", rsa="non")
    run = give({T.PERSONS: [line, person_line(territory, "P2", prenom="Zoé")]})
    assert outcomes(run) == [O.CONFLICT, O.NEW]
    kept = recorded(run)
    assert outcomes(kept) == [O.CONFLICT, O.RECORDED]
    run = give({T.PERSONS: [line]})
    data_imports.choose(run=run, choice=O.REPLACE, by=run.asked_by)
    assert outcomes(recorded(run)) == [O.RECORDED]
    her.refresh_from_db()
    assert (her.address, her.receives_rsa) == ("1 rue Haute", False)
    with pytest.raises(DomainError):
        data_imports.choose(run=run, choice=O.KEEP, by=run.asked_by)


def test_a_name_given_once_is_known_ever_after(give, territory):
    recorded(give({T.PERSONS: [person_line(territory)]}))
    run = give({T.PERSONS: [person_line(territory, nom="Diallo-Roux")]})
    assert lines(run) == [("personnes", 2, O.CHANGED, "Change : nom.")]
    recorded(run)
    assert Participant.objects.get().last_name == "Diallo-Roux"


def test_a_line_that_cannot_be_read_says_all_that_is_wrong(give, territory):
    run = give({T.PERSONS: [person_line(territory, ne_le="hier", sexe="F", nom="")]})
    [(_, _, outcome, message)] = lines(run)
    assert outcome == O.REFUSED
    assert [name for name in ("Nom :", "Date de naissance :", "Sexe :") if name not in message] == []
    assert "hier" not in message


def test_nobody_writes_in_a_territory_that_is_not_hers(give, elsewhere):
    run = give({T.PERSONS: [person_line(elsewhere)]})
    assert outcomes(run) == [O.REFUSED]
    with pytest.raises(DomainError, match="prête"):
        data_imports.ask_recording(run=run, by=run.asked_by)
    assert not Participant.objects.exists()


def test_a_name_guessed_elsewhere_is_unknown(give, territory):
    hidden = ParticipantFactory(territory=TerritoryFactory())
    guessed = own_reference(T.PERSONS, hidden.pk)
    run = give({T.PERSONS: [person_line(territory, guessed)]})
    assert lines(run) == [("personnes", 2, O.NEW, "")]
    category = EligibilityCategoryFactory()
    line = {"reference": "V1", "personne": guessed, "categorie": category.code, "etat": "granted"}
    line |= {"du": "2026-01-01", "au": "2026-12-31", "decidee_le": "2026-01-01"}
    unknown, never = (give({T.VALIDATIONS: [line | {"personne": name}]}) for name in (guessed, "nobody"))
    assert lines(unknown) == lines(never)


def test_what_depends_on_a_refused_line_is_refused(give, territory, elsewhere):
    category = EligibilityCategoryFactory()
    line = {"reference": "V1", "personne": "P1", "categorie": category.code, "etat": "granted"}
    line |= {"du": "2026-01-01", "au": "2026-12-31", "decidee_le": "2026-01-01"}
    run = give({T.PERSONS: [person_line(elsewhere)], T.VALIDATIONS: [line]})
    assert lines(run)[1][2:] == (O.REFUSED, "La ligne dont elle dépend est refusée (référence de la personne).")


def test_rights_are_asked_again_when_it_is_recorded(give, territory):
    run = give({T.PERSONS: [person_line(territory)]})
    run.structure.conventions.all().delete()
    ConventionFactory(structure=run.structure, territories=[TerritoryFactory()])
    data_imports.ask_recording(run=run, by=run.asked_by)
    work(DataImport, run.pk, allowed=lambda job: True, work=data_imports.do_import)
    assert outcomes(DataImport.objects.get(pk=run.pk)) == [O.REFUSED]
    assert not Participant.objects.exists()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"decidee_le": "2026-03-01"}, "La validation ne peut pas prendre effet avant le jour de la décision."),
        ({"decidee_le": "2026-12-01", "du": "2026-12-02"}, "La date de la décision est à venir."),
        ({"au": "2028-06-30"}, "Les 24 mois de cette personne vont jusqu’au 31/12/2027"),
    ],
)
def test_a_validation_taken_over_keeps_to_the_rules(give, territory, told, sentence):
    her = ParticipantFactory(territory=territory)
    line = {"reference": "V1", "personne": own_reference(T.PERSONS, her.pk), "etat": "granted"}
    line |= {"categorie": EligibilityCategoryFactory().code, "du": "2026-01-01", "au": "2026-12-31"}
    run = recorded(give({T.VALIDATIONS: [line | {"decidee_le": "2026-01-01"} | told]}))
    assert lines(run)[0][2] == O.REFUSED
    assert lines(run)[0][3].startswith(sentence)
    assert not EligibilityValidation.objects.granted().exists()


def test_a_second_validation_of_the_same_days_is_refused(give, territory):
    her = ParticipantFactory(territory=territory)
    line = {"personne": own_reference(T.PERSONS, her.pk), "etat": "granted", "decidee_le": "2025-12-20"}
    line |= {"categorie": EligibilityCategoryFactory().code, "au": "2026-12-31"}
    first = line | {"reference": "V1", "du": "2026-01-01"}
    run = recorded(give({T.VALIDATIONS: [first, line | {"reference": "V2", "du": "2026-06-01"}]}))
    assert outcomes(run) == [O.RECORDED, O.REFUSED]


def hours_line(contract, reference="H1", **told):
    line = {"reference": reference, "contrat": own_reference(T.CONTRACTS, contract.pk)}
    return line | {"du": "2026-03-01", "au": "2026-03-31", "declarees": "100"} | told


def test_hours_typed_otherwise_wait_for_a_choice(give, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory, validated=True)
    recorded(give({T.HOURS: [hours_line(contract, comptees="90")]}))
    run = give({T.HOURS: [hours_line(contract, "autre", declarees="80")]}, system="autre logiciel")
    assert outcomes(run) == [O.CONFLICT]
    data_imports.choose(run=run, choice=O.REPLACE, by=run.asked_by)
    recorded(run)
    entry = HoursEntry.objects.get()
    assert (entry.declared, entry.counted, entry.version) == (80, 80, 2)


def test_another_count_than_ours_is_told_and_ours_decides(give, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory)
    run = recorded(give({T.HOURS: [hours_line(contract, comptees="100")]}))
    assert "Comptabilisées ici : 0 h" in lines(run)[0][3].replace("\u00a0", " ")
    assert HoursEntry.objects.get().counted == 0


def test_hours_of_days_already_split_otherwise_are_refused(give, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory, validated=True)
    whole, part = hours_line(contract), hours_line(contract, "H2", du="2026-03-16")
    run = recorded(give({T.HOURS: [whole, part]}))
    assert outcomes(run) == [O.RECORDED, O.REFUSED]
    assert HoursEntry.objects.get().declared == 100


def test_hours_of_the_months_taken_over_are_refused(give, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory, validated=True)
    record_opening_balance(
        award=contract.award, hours=60, persons=2, until=date(2026, 3, 31), source="Classeur", by=author()
    )
    assert outcomes(recorded(give({T.HOURS: [hours_line(contract)]}))) == [O.REFUSED]


def test_a_killed_worker_leaves_whole_batches_and_the_next_goes_on(give, territory, monkeypatch):
    monkeypatch.setattr(recording, "BATCH", 1)
    names = ["Awa", "Zoé", "Inès"]
    run = give({T.PERSONS: [person_line(territory, f"P{n}", prenom=name) for n, name in enumerate(names)]})
    data_imports.ask_recording(run=run, by=run.asked_by)
    run.refresh_from_db()
    steps = []

    def killed(step, done=None):
        steps.append(done)
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        recording.record_lines(run, killed)
    assert Participant.objects.count() == 2
    recording.record_lines(DataImport.objects.get(pk=run.pk), lambda step, done=None: None)
    assert (Participant.objects.count(), outcomes(run)) == (3, [O.RECORDED] * 3)


def test_the_import_of_another_structure_is_refused(facilitator, convention):
    content = written({T.ALERTS: []}, structure={"name": "Autre", "siret": "40000000000018"})
    with pytest.raises(DomainError, match="une autre structure"):
        data_imports.ask_package_import(
            by=facilitator, structure=convention.structure, file_name="p.zip", content=content
        )
    with pytest.raises(DomainError, match="pour cette structure"):
        data_imports.ask_package_import(
            by=facilitator,
            structure=ConventionFactory(territories=[TerritoryFactory()]).structure,
            file_name="p.zip",
            content=written({T.ALERTS: []}),
        )
    assert not DataImport.objects.exists()


def test_a_contract_of_the_past_is_written_with_its_end(give, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory)
    line = {"reference": "C1", "personne": "P1", "attribution": own_reference(T.AWARDS, contract.award_id)}
    line |= {"employeur": contract.employer.siret, "modalite": "1", "type_contrat": "cdd", "poste": "Peintre"}
    line |= {"debut": "2026-02-01", "fin": "2026-05-31", "motif_fin": "term", "heures_hebdo": "24,5"}
    run = recorded(give({T.PERSONS: [person_line(territory)], T.CONTRACTS: [line]}))
    assert outcomes(run) == [O.RECORDED, O.RECORDED]
    written_row = EmploymentContract.objects.get(job_title="Peintre")
    assert (written_row.weekly_hours, written_row.end_reason) == (Decimal("24.5"), "term")


def test_the_facilitator_does_not_write_markets(give, territory):
    line = {"reference": "O1", "numero": "OP-1", "intitule": "Collège", "direction": "DEC"}
    line |= {"communes": territory.communes.first().pk}
    run = give({T.OPERATIONS: [line]}, direction=KeyDirection.TO_FACILITATOR)
    assert outcomes(run) == [O.REFUSED]
