import pytest, json
from django.db import transaction
from facilitators.enums import KeyScope, KeyDirection
from tests.factories.companies import CompanyContactFactory
from tests.factories.markets import *
from tests.factories.operations import OperationFactory
from tests.factories.facilitators import siret

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]
VALUES = [
    None,
    True,
    False,
    0,
    1,
    -1,
    10**18,
    10**25,
    1.5,
    -0.0,
    1e19,
    "",
    " ",
    "x",
    "x" * 5000,
    "\u202e",
    "é\u0301",
    "2026-02-30",
    "2026-09-16",
    "9999-12-31",
    "0001-01-01",
    "1",
    "٣",
    [],
    {},
    [None],
    [[1]],
    ["x"] * 3,
    {"a": 1},
    [{}],
    {"siret": None},
    {"siret": 5},
    {"siret": siret(5), "name": None},
    {"legal_basis": "execution", "hours": 10**7, "decided_on": "2026-09-01"},
    {"legal_basis": "execution", "hours": 0, "decided_on": "2026-09-01"},
    {"legal_basis": "criterion", "hours": None, "decided_on": "2026-09-01"},
]


def test_q(as_key, territory):
    d = as_key(KeyScope.WRITE_MARKETS, KeyScope.READ_ALERTS, direction=KeyDirection.TO_FACILITATOR)
    f = as_key(KeyScope.WRITE_ALERTS)
    award = AwardFactory(lot__territory=territory)
    op = OperationFactory(communes=[territory.communes.first()])
    lot = LotFactory(territory=territory)
    cal = LotFactory(territory=territory, calibrated=True)
    al = AlertFactory(lot=lot)

    def v(k, p):
        return k.read(p).json()["version"]

    market = {
        "operation": op.pk,
        "buyer_siret": "22130001500247",
        "title": "x",
        "kind": "works",
        "territory": "AIX",
        "number": "Z1",
        "external_reference": "r",
        "procedure": "",
        "technique": "none",
        "cpv": "",
        "social_considerations": [],
        "defence": False,
        "execution_terms": [],
        "volume": "",
        **{
            n: None
            for n in (
                "consultation_on",
                "notified_on",
                "starts_on",
                "ends_on",
                "duration_months",
                "planned_publication_on",
                "planned_tenders_on",
                "planned_notification_on",
            )
        },
    }
    lotb = {
        "market": lot.market_id,
        "number": "99",
        "title": "t",
        "territory": "AIX",
        "external_reference": "r",
        **{n: None for n in ("starts_on", "ends_on", "firm_months", "trade", "crew_size")},
        "occupations": [],
        "qualification": "",
        "clearances": "",
        "staff_takeover": False,
        "clause": {"legal_basis": "execution", "decided_on": "2026-09-01"},
    }
    awb = {
        "lot": cal.pk,
        "company": {"siret": siret(800)},
        "parent": None,
        "role": "holder",
        "grouping": "",
        "hours_minimum": 1,
        "hours_offered": None,
        "external_reference": "r",
        **{n: None for n in ("notified_on", "accepted_on", "intervenes_from", "intervenes_until")},
    }

    def but(b, *names):
        return {k: x for k, x in b.items() if k not in names}

    targets = [
        (d, "write", "/markets", market),
        (d, "write", "/lots", lotb),
        (d, "write", "/awards", awb),
        (
            d,
            "change",
            f"/markets/{lot.market_id}",
            but(market, "territory") | {"version": v(d, f"/markets/{lot.market_id}")},
        ),
        (d, "change", f"/lots/{lot.pk}", but(lotb, "territory", "market") | {"version": v(d, f"/lots/{lot.pk}")}),
        (
            d,
            "change",
            f"/awards/{award.pk}",
            but(awb, "lot", "company", "parent", "hours_minimum", "hours_offered")
            | {"version": v(d, f"/awards/{award.pk}")},
        ),
        (d, "write", f"/awards/{award.pk}/end", {"ended_on": "2026-09-01"}),
        (d, "write", "/companies", {"siret": siret(801), "name": "n", "external_reference": "r"}),
        (
            d,
            "change",
            f"/companies/{award.company_id}",
            {
                "name": "n",
                "kind": "company",
                "size": "unknown",
                "naf": "",
                "commune": None,
                "insolvency": "",
                "insolvency_on": None,
                "external_reference": "r",
                "version": v(d, f"/companies/{award.company_id}"),
            },
        ),
        (
            d,
            "write",
            f"/companies/{award.company_id}/contacts",
            {"role": "hr", "name": "n", "job_title": "", "email": "a@b.fr", "phone": "", "receives_reminders": False},
        ),
        (
            f,
            "write",
            "/alerts",
            {
                "lot": lot.pk,
                "company": None,
                "category": "A00",
                "severity": "info",
                "description": "d",
                "due_on": None,
                "external_reference": "r",
            },
        ),
        (
            f,
            "write",
            "/alerts",
            {"territory": "AIX", "company": None, "category": "A00", "severity": "info", "description": "d"},
        ),
        (d, "write", f"/alerts/{al.pk}/answer", {"answer": "x"}),
        (f, "write", f"/alerts/{al.pk}/close", {"answer": "x"}),
    ]
    for k, m, p, b in targets:
        sid = transaction.savepoint()
        r = getattr(k, m)(p, b)
        assert r.status_code in (200, 201), (m, p, r.json())
        transaction.savepoint_rollback(sid)
        for n in b:
            for x in VALUES:
                sid = transaction.savepoint()
                r = getattr(k, m)(p, b | {n: x})
                if r.status_code >= 500:
                    print("5xx", m, p, n, repr(x)[:60])
                elif r.status_code < 300 and x not in (None, "", b[n]):
                    print("ok", m, p, n, repr(x)[:60])
                transaction.savepoint_rollback(sid)
