"""Operations × keys: one line per operation; an operation without its line, or the reverse, fails (ASVS 8.1.1).

Each operation is asked with the example of the documentation, which succeeds for whoever may.
"""

from dataclasses import dataclass

import pytest
from django.db import transaction
from django.urls import reverse

from clauses_portal.api_docs.document import document, operations
from clauses_portal.core.api.problems import UNKNOWN_KEY
from clauses_portal.core.errors import FORBIDDEN
from facilitators.enums import Role
from facilitators.permissions import grant
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import TerritoryFactory
from tests.support.api_examples import EXAMPLES, METHODS, body_of
from tests.support.key_holders import dead, living
from tests.support.strictness import StrictClient

# The three sorts of keys: of the Département, of a facilitator, and one that reads the statements and nothing else.
D, F, S = {"department"}, {"facilitator"}, {"statements"}


@dataclass(frozen=True)
class Rule:
    """`who` may; `done`: what they get; `elsewhere`: what those get whose convention covers another territory."""

    who: set
    done: int
    elsewhere: int

    def expected(self, name):
        sort = name.split()[0].replace("neighbour", "facilitator")
        if sort not in self.who:
            return 403
        return self.elsewhere if "elsewhere" in name else self.done


class Own(Rule):
    """What a key asked for is its own: the others do not know of it, those of the same structure included."""

    def expected(self, name):
        return self.done if name == "facilitator" else self.elsewhere


class OneWay(Rule):
    """Asked in the facilitator's direction: refused to the keys of the other one."""

    def expected(self, name):
        return 422 if name.startswith("department") else self.done


def listed(who):
    """A list, empty for those elsewhere."""
    return Rule(who, 200, 200)


def row(who, done=200):
    """One row, unknown to those elsewhere."""
    return Rule(who, done, 404)


def new(who, done=201):
    """A row that names others, unknown to those elsewhere."""
    return Rule(who, done, 400)


def lines(who, done=201):
    return Rule(who, done, 422)


MATRIX = {
    "operations_list": listed(D | F),
    "operations_create": new(D),
    "operations_retrieve": row(D | F),
    "operations_partial_update": row(D),
    "markets_list": listed(D | F),
    "markets_create": new(D),
    "markets_bulk_create": lines(D),
    "markets_retrieve": row(D | F),
    "markets_partial_update": row(D),
    "lots_list": listed(D | F),
    "lots_create": new(D),
    "lots_bulk_create": lines(D),
    "lots_retrieve": row(D | F),
    "lots_partial_update": row(D),
    "companies_list": listed(D | F),
    # a company is of no territory: whoever writes markets names it
    "companies_create": Rule(D, 201, 201),
    "companies_bulk_create": Rule(D, 201, 201),
    "companies_retrieve": row(D | F),
    "companies_partial_update": row(D),
    "companies_contacts_create": row(D, 201),
    "awards_list": listed(D | F),
    "awards_create": new(D),
    "awards_bulk_create": lines(D),
    "awards_retrieve": row(D | F),
    "awards_partial_update": row(D),
    "awards_end_create": row(D),
    "awards_objective_retrieve": row(D | F),
    "alerts_list": listed(D | F),
    "alerts_create": new(F),
    "alerts_bulk_create": lines(F),
    "alerts_retrieve": row(D | F),
    "alerts_answer_create": row(D),
    "alerts_close_create": row(F),
    "participants_list": listed(F),
    "participants_create": new(F),
    "participants_bulk_create": lines(F),
    "participants_retrieve": row(F),
    "participants_partial_update": row(F),
    "validations_list": listed(F),
    "validations_create": new(F),
    "validations_retrieve": row(F),
    "validations_partial_update": row(F),
    "validations_grant_create": row(F),
    "validations_refuse_create": row(F),
    "validations_withdraw_create": row(F),
    "contracts_list": listed(F),
    "contracts_create": new(F),
    "contracts_bulk_create": lines(F),
    "contracts_retrieve": row(F),
    "contracts_partial_update": row(F),
    "contracts_end_create": row(F),
    "contracts_convert_create": row(F, 201),
    "hours_list": listed(F),
    "hours_create": new(F, 200),
    "hours_bulk_create": lines(F, 200),
    "hours_retrieve": row(F),
    "hours_withhold_create": row(F),
    "hours_erased_list": listed(F),
    "hours_regularisations_create": new(F),
    "exits_list": listed(F),
    "exits_retrieve": row(F),
    "exits_partial_update": row(F),
    "statements_list": listed(D | F | S),
    "statements_retrieve": row(D | F | S),
    "statements_data_retrieve": row(D | F | S),
    "statements_files_retrieve": row(D | F | S),
    "packages_list": listed(D | F | S),
    "packages_create": Rule(D | F | S, 422, 422),
    "packages_retrieve": Own(D | F | S, 200, 404),
    "packages_record_create": Own(D | F | S, 202, 404),
    "packages_exports_list": listed(D | F | S),
    "packages_exports_create": OneWay(D | F | S, 202, 202),
    "packages_exports_retrieve": Own(D | F | S, 200, 404),
    "packages_exports_download_retrieve": Own(D | F | S, 200, 404),
    "references_retrieve": listed(D | F | S),
    "references_communes_retrieve": listed(D | F | S),
    "references_cpv_retrieve": listed(D | F | S),
    "references_rome_retrieve": listed(D | F | S),
}
REFERENCES = {name for name in MATRIX if name.startswith("references_")}


def ask(client, operation, body):
    """The answer to the example of this operation, undone."""
    example = EXAMPLES[operation]
    with transaction.atomic():
        answer = getattr(client, METHODS[operation])(example["path"], **body)
        transaction.set_rollback(True)
    return answer


@pytest.fixture
def bodies(exchange):
    """{operation: what its example sends}"""
    return {name: body_of(getattr(exchange, one["by"]), name) for name, one in EXAMPLES.items()}


def test_every_operation_has_a_line():
    assert sorted(MATRIX) == sorted(told["operationId"] for _, _, told in operations(document()))


def test_each_key_gets_what_the_matrix_says(exchange, bodies):
    wrong = []
    for name, key in living(exchange, TerritoryFactory()).items():
        for operation, rule in MATRIX.items():
            answer = ask(key, operation, bodies[operation])
            if answer.status_code != rule.expected(name):
                wrong.append((name, operation, answer.status_code))
            if answer.status_code == 403 and answer.json()["detail"] != FORBIDDEN:
                wrong.append((name, operation, answer.json()["detail"]))
            if (
                answer.status_code == 200
                and "elsewhere" in name
                and operation not in REFERENCES
                and answer.json()["items"]
            ):
                wrong.append((name, operation, answer.json()))
    assert wrong == []


def test_a_row_elsewhere_looks_like_an_unknown_one(exchange, bodies):
    stranger = living(exchange, TerritoryFactory())["facilitator elsewhere"]
    for operation, rule in MATRIX.items():
        if rule.elsewhere == 404 and "facilitator" in rule.who:
            hidden = ask(stranger, operation, bodies[operation])
            path = EXAMPLES[operation]["path"].replace("/1001", "/999999").replace("/1002", "/999999")
            unknown = getattr(stranger, METHODS[operation])(path, **bodies[operation])
            assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content), operation


def test_a_key_that_opens_nothing_opens_nothing(exchange, bodies):
    """Revoked, expired, of an ended convention: the same 401, which does not say why; and no key at all."""
    holders = dead(exchange) | {"without a key": StrictClient(), **signed_in(exchange)}
    for number, (name, client) in enumerate(holders.items()):
        client.defaults["REMOTE_ADDR"] = f"198.51.100.{number}"
        for operation in sample(name):
            answer = ask(client, operation, bodies[operation])
            assert (answer.status_code, answer.json()["detail"]) == (401, UNKNOWN_KEY), (name, operation)
            assert answer["WWW-Authenticate"] == "Bearer"


def sample(name):
    """Every operation for those without a key; a few for a wrong one, since the tenth in a minute is told to wait."""
    few = ["operations_list", "lots_create", "participants_partial_update", "statements_files_retrieve"]
    return list(MATRIX) if name in {"without a key", "officer", "facilitator"} else [*few, "references_retrieve"]


def signed_in(exchange):
    """Persons, whose session opens every page and nothing of the interface."""
    clients = {}
    for name, role, place in (
        ("officer", Role.MISSION_OFFICER, {}),
        ("facilitator", Role.FACILITATOR, {"territory": exchange.territory}),
    ):
        user = UserFactory()
        grant(user=user, role=role, by=None, **place)
        clients[name] = StrictClient()
        clients[name].force_login(user)
        assert clients[name].get(reverse("operations:list")).status_code == 200
    return clients


def test_a_key_opens_no_page(exchange):
    """The header is for the interface alone: a page sends its bearer to the sign-in page."""
    for route in ("operations:list", "participants:list", "interface", "facilitators:keys"):
        answer = exchange.facilitator.get(reverse(route))
        assert answer.status_code == 302, (route, answer.status_code)
        assert "/compte/" in answer["Location"]


def test_the_convention_that_ends_closes_the_key_at_once(exchange):
    convention = exchange.facilitator.key.structure.conventions.get()
    assert exchange.facilitator.read("/lots").status_code == 200
    convention.signed_on = convention.signed_on.replace(year=convention.signed_on.year - 3)
    convention.save()
    assert exchange.facilitator.read("/lots").status_code == 401
