"""One request sent twenty times at the same instant is done once (A16), with real threads and connections."""

import pytest

from facilitators.enums import KeyDirection, KeyScope
from facilitators.models import RepeatableRequest
from markets.models import Lot, Market
from tests.factories.operations import OperationFactory
from tests.support.keys import KeyClient
from tests.support.threads import race, sort_out

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("today")]

TWENTY = 20


@pytest.fixture
def key(as_key):
    client = as_key(KeyScope.WRITE_MARKETS, direction=KeyDirection.TO_FACILITATOR)
    # its use is noted: nothing but the request itself is disputed
    client.read("/markets")
    return client


@pytest.fixture
def sent(territory):
    operation = OperationFactory(communes=[territory.communes.first()])
    market = {"operation": operation.pk, "buyer_siret": "22130001500247", "number": "2026-M1", "title": "Collège"}
    return market | {"kind": "works", "territory": territory.code, "external_reference": "M-1"}


def test_twenty_replays_have_one_effect(key, sent):
    def post():
        return KeyClient(key.key, key.text).write("/markets", sent, headers={"Idempotency-Key": "une"})

    answers, failures = sort_out(race(*[post] * TWENTY))
    assert failures == []
    assert {answer.status_code for answer in answers} <= {201, 409}
    done = [answer.json() for answer in answers if answer.status_code == 201]
    assert done == [done[0]] * len(done)
    waiting = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert waiting <= {"request_under_way"}
    assert [model.objects.count() for model in (Market, Lot, RepeatableRequest)] == [1, 1, 1]
    last = post()
    assert (last.status_code, last.json(), last["Idempotent-Replay"]) == (201, done[0], "true")


def test_twenty_deposits_under_one_reference_make_one_market(key, sent):
    """Without a repetition key, the reference of the caller is what keeps the others out."""

    def post(rank):
        return KeyClient(key.key, key.text).write("/markets", sent | {"number": f"2026-M{rank}"})

    answers, failures = sort_out(race(*[lambda rank=rank: post(rank) for rank in range(TWENTY)]))
    assert failures == []
    refused = [answer for answer in answers if answer.status_code != 201]
    assert len(refused) == TWENTY - 1
    # seen before writing, by the validation, or by the database
    assert {answer.status_code for answer in refused} <= {400, 409, 422}
    assert all("référence externe" in answer.content.decode() for answer in refused)
    assert Market.objects.count() == 1
