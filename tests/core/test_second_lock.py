"""The database refuses by itself, under the role of web and worker (docs/adr/0024)."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from clauses_portal import protected_tables as declared
from clauses_portal.core.models import AuditedChange
from clauses_portal.core.second_lock import EVERYTHING, NOTHING, Claims, acting, apply, beyond_scope, claims
from facilitators.enums import Role
from facilitators.permissions import scope_of
from facilitators.second_lock import claims_of
from markets.models import LotFinancials
from participants.models import Participant
from tests.factories.markets import LotFactory
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory, ParticipantFactory
from tests.support.application_role import as_owner
from tests.support.sql import execute, refused

pytestmark = pytest.mark.django_db
DENIED = "42501"


@pytest.fixture
def application():
    """The test works under the role of the application from here on."""
    execute(f"SET LOCAL ROLE {settings.APPLICATION_ROLE}")


@pytest.fixture
def persons(territory, elsewhere):
    """One person of each territory."""
    return ParticipantFactory(territory=territory), ParticipantFactory(territory=elsewhere)


@pytest.fixture
def amounts(territory, elsewhere):
    """The amounts of a lot of each territory."""
    return [
        LotFinancials.objects.create(lot=LotFactory(territory=place), estimated_amount=1000)
        for place in (territory, elsewhere)
    ]


def denied(action):
    """The database must say that the role has no right to do it."""
    with pytest.raises(DatabaseError) as raised, transaction.atomic():
        action()
    assert raised.value.__cause__.pgcode == DENIED


def here(territory, **more):
    return Claims(persons=frozenset({territory.pk}), amounts=frozenset({territory.pk}), **more)


@pytest.mark.usefixtures("persons", "amounts", "application")
def test_nothing_said_nothing_seen():
    with acting(NOTHING):
        assert not Participant.objects.exists()
        assert not LotFinancials.objects.exists()


@pytest.mark.usefixtures("application")
def test_only_the_rows_of_the_claimed_territory_are_seen(persons, amounts, territory):
    with acting(here(territory)):
        assert list(Participant.objects.all()) == [persons[0]]
        assert list(LotFinancials.objects.all()) == [amounts[0]]


@pytest.mark.usefixtures("application")
def test_amounts_of_a_directorate_are_seen_by_its_claim(amounts):
    directorate = amounts[1].lot.market.operation.directorate_id
    with acting(Claims(directorates=frozenset({directorate}))):
        assert list(LotFinancials.objects.all()) == [amounts[1]]


@pytest.mark.usefixtures("application")
def test_who_works_here_is_seen_here(persons, territory):
    lot = LotFactory(territory=territory, running=True)
    EmploymentContractFactory(participant=persons[1], award=lot.awards.first())
    with acting(here(territory)):
        assert set(persons) <= set(Participant.objects.all())


@pytest.mark.usefixtures("application")
def test_a_validation_is_seen_with_its_person(persons, territory):
    with acting(EVERYTHING):
        for person in persons:
            EligibilityValidationFactory(participant=person)
    with acting(here(territory)):
        assert [row.participant for row in persons[0].validations.model.objects.all()] == [persons[0]]


@pytest.mark.usefixtures("application")
def test_no_row_is_put_elsewhere(persons, territory, elsewhere):
    with acting(here(territory)):
        denied(lambda: Participant.objects.filter(pk=persons[0].pk).update(territory=elsewhere))
        assert Participant.objects.filter(pk=persons[1].pk).update(phone="0400000000") == 0


@pytest.mark.usefixtures("persons", "application")
def test_what_is_opened_beyond_the_scope_closes_again(territory):
    with acting(here(territory)):
        with beyond_scope("un test"):
            assert Participant.objects.count() == 2
        assert Participant.objects.count() == 1


def test_opening_needs_a_reason():
    with pytest.raises(ValueError, match="reason"), beyond_scope(""):
        pass


@pytest.mark.django_db(transaction=True)
def test_a_connection_forgets_at_the_end_of_the_transaction():
    said = "SELECT current_setting('portal.persons', true)"
    with acting(EVERYTHING, standing=False):
        connection.close()  # the one of a request, to which nothing was said between transactions
        with transaction.atomic():
            assert execute(said) == [("0",)]
        assert execute(said)[0][0] in {None, ""}


@pytest.mark.django_db(transaction=True)
def test_a_worker_holds_its_claims_between_transactions():
    said = "SELECT current_setting('portal.persons', true)"
    with acting(NOTHING, standing=True):
        with acting(EVERYTHING):
            assert execute(said) == [("0",)]
        assert execute(said) == [("",)]


def test_a_request_works_for_its_account_and_then_for_nobody(as_role, territory, convention):
    client = as_role(Role.FACILITATOR)
    before = claims.current()
    assert client.get("/personnes/").status_code == 200
    assert claims.current() == before
    asked = claims_of(client.user)
    assert asked.persons == asked.amounts == {territory.pk}
    assert asked.actor == client.user.pk


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.LEGAL_OFFICER, Role.ADMINISTRATOR])
def test_who_follows_nobody_claims_nobody(as_role, role):
    assert claims_of(as_role(role).user).persons == frozenset()


def test_who_may_everywhere_claims_everywhere(as_role):
    user = as_role(Role.MISSION_OFFICER).user
    assert scope_of(user).everywhere
    assert claims_of(user).amounts == {0}


@pytest.mark.usefixtures("application")
@pytest.mark.parametrize(
    "forbidden",
    [
        "CREATE TABLE anything (id int)",
        "DROP TABLE participants_participant",
        "ALTER TABLE participants_participant DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE markets_historicallot DISABLE TRIGGER ALL",
        "TRUNCATE participants_participant CASCADE",
        "UPDATE participants_historicalparticipant SET last_name = 'X'",
        "DELETE FROM markets_historicallotfinancials",
        "DELETE FROM accounts_user",
        "DELETE FROM participants_participant",
        "DELETE FROM markets_award",
        "UPDATE markets_objectiveentry SET hours = 0",
        "UPDATE accounts_charteracceptance SET version = 'X'",
        "SELECT * FROM core_auditedchange",
        "INSERT INTO core_auditedchange (at, table_name, row_id, operation) VALUES (now(), 'x', 1, 'INSERT')",
        "UPDATE django_migrations SET name = 'x'",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_has_no_right_to(forbidden):
    denied(lambda: execute(forbidden))


def test_not_even_the_owner_rewrites_a_history(persons):
    persons[0].phone = "0411223344"
    persons[0].save()
    with as_owner(), refused("23R01"):
        execute("UPDATE participants_historicalparticipant SET last_name = 'X'")
    with as_owner(), refused("23R01"):
        execute("DELETE FROM participants_historicalparticipant")


def test_changes_of_an_amount_are_written_by_the_database(amounts, as_role):
    user = as_role(Role.MISSION_OFFICER).user
    with acting(claims_of(user)):
        LotFinancials.objects.filter(pk=amounts[0].pk).update(estimated_amount=2000)
    with as_owner():
        line = AuditedChange.objects.filter(table_name="markets_lotfinancials", row_id=amounts[0].pk).latest("at")
    assert (line.operation, line.actor_id) == ("UPDATE", user.pk)
    assert (line.before["estimated_amount"], line.after["estimated_amount"]) == (1000, 2000)


def test_the_words_of_a_validation_stay_out_of_the_audit():
    validation = EligibilityValidationFactory()
    with as_owner():
        (line,) = AuditedChange.objects.filter(table_name="participants_eligibilityvalidation", row_id=validation.pk)
    assert line.after["state"] == validation.state
    assert not {"reason", "missing", "opinion"} & set(line.after)


def test_the_database_is_what_is_declared():
    """Applied again, nothing changes; and each declared table has its policy."""
    with as_owner():
        assert apply.apply() == []
    rows = execute("SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relrowsecurity")
    assert {name for (name,) in rows} == {item.table for item in declared.PROTECTED}


def test_every_declared_table_exists():
    names = {item.table for item in declared.PROTECTED}
    names |= {*declared.WRITTEN_ONCE, *declared.REMOVABLE, *declared.AUDITED, *declared.OPEN, *declared.MIGRATED}
    assert names <= set(connection.introspection.table_names())


def test_every_table_about_persons_is_thought_of():
    """A new table that points to a person says whether the database protects it."""
    about = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if any(field.is_relation and field.related_model is Participant for field in model._meta.concrete_fields)
    }
    thought = {item.table for item in declared.PROTECTED} | set(declared.OPEN)
    assert about - thought == set()


def test_every_table_of_amounts_is_protected():
    confidential = ("financials", "calibrationmethod", "tradeparameters", "statementratios")
    tables = {name for name in connection.introspection.table_names() if name.endswith(confidential)}
    assert tables == {item.table for item in declared.PROTECTED if item.claim != "persons"}


def test_every_history_only_grows():
    histories = {name for name in connection.introspection.table_names() if apply.is_history(name)}
    rows = execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", apply.functions.ONLY_GROWS)
    assert {name for (name,) in rows} == histories
