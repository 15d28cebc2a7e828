import pytest
from django.db import transaction
from facilitators.enums import KeyScope, KeyDirection
from tests.factories.markets import *
from tests.factories.operations import OperationFactory
from tests.factories.facilitators import siret
pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]
VALUES = [None, True, -1, 10**18, 10**25, 1.5, 1e19, "", "x"*5000, "\u202e", "0001-01-01", "9999-12-31", [], {}, [None], [[1]], {"a": 1}, [{}], {"siret": None}, {"siret": siret(5), "name": None}, {"legal_basis": "execution", "hours": 10**7, "decided_on": "2026-09-01"}, {"legal_basis": "execution", "hours": 0, "decided_on": "2026-09-01"}]
def test_q(as_key, territory):
    d = as_key(KeyScope.WRITE_MARKETS, KeyScope.READ_ALERTS, direction=KeyDirection.TO_FACILITATOR)
    op = OperationFactory(communes=[territory.communes.first()])
    lot = LotFactory(territory=territory)
    cal = LotFactory(territory=territory, calibrated=True)
    def v(k, p): return k.read(p).json()["version"]
    market = {"operation": op.pk, "buyer_siret": "22130001500247", "title": "x", "kind": "works", "territory": "AIX", "number": "Z1", "external_reference": "r", "procedure": "", "technique": "none", "cpv": "", "social_considerations": [], "defence": False, "execution_terms": [], "volume": "", **{n: None for n in ("consultation_on","starts_on","duration_months","planned_publication_on")}}
    lotb = {"market": lot.market_id, "number": "99", "title": "t", "territory": "AIX", "external_reference": "r", **{n: None for n in ("starts_on","firm_months","trade","crew_size")}, "occupations": [], "qualification": "", "clearances": "", "staff_takeover": False, "clause": None}
    awb = {"lot": cal.pk, "company": {"siret": siret(800)}, "parent": None, "role": "holder", "grouping": "", "hours_minimum": 1, "hours_offered": None, "external_reference": "r", **{n: None for n in ("notified_on",)}}
    def but(b, *names): return {k: x for k, x in b.items() if k not in names}
    targets = [
      (d, "write", "/markets", market), (d, "write", "/lots", lotb), (d, "write", "/awards", awb),
      (d, "change", f"/markets/{lot.market_id}", but(market, "territory") | {"version": v(d, f"/markets/{lot.market_id}")}),
      (d, "change", f"/lots/{lot.pk}", but(lotb, "territory", "market") | {"version": v(d, f"/lots/{lot.pk}")}),
    ]
    for k, m, p, b in targets:
        good = but(b, "clause")
        sid = transaction.savepoint()
        r = getattr(k, m)(p, good); assert r.status_code in (200, 201), (m, p, r.json())
        transaction.savepoint_rollback(sid)
        for n in b:
            for x in VALUES:
                sid = transaction.savepoint()
                r = getattr(k, m)(p, good | {n: x})
                if r.status_code >= 500: print("5xx", m, p, n, repr(x)[:60])
                elif r.status_code < 300 and x not in (None, "", b[n]): print("ok", m, p, n, repr(x)[:60])
                transaction.savepoint_rollback(sid)
