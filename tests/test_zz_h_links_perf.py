import resource, time, random
from datetime import date
from decimal import Decimal
import pytest, time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from clauses_portal.core.text import search_key
from participants.matching import match_keys
from participants.models import *
from participants.services.hours_imports import ask_hours_import, ask_recording
from participants.tasks import import_hours
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory, CommuneFactory
from tests.factories.markets import AwardFactory, CompanyFactory, LotFactory
from tests.factories.participants import EligibilityCategoryFactory
from facilitators.permissions import grant
from facilitators.enums import Role
from clauses_portal.core.tables import Sheet, write_xlsx
from django.utils import timezone
rss=lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024
@pytest.mark.django_db
def test_perf(territories):
    territory=territories[0]; ConventionFactory(territories=territories)
    by=UserFactory(); grant(user=by, role=Role.FACILITATOR, territory=territory, by=None)
    lender=CompanyFactory(kind="etti"); commune=territory.communes.first()
    awards=[AwardFactory(lot=LotFactory(territory=territory, calibrated=True)) for _ in range(10)]
    rnd=random.Random(1); letters="abcdefghijklmnopqrstuvwxyz"
    people=[]
    for n in range(1000):
        w=lambda k: "".join(rnd.choice(letters) for _ in range(k)).title()
        p=Participant(territory=territory, first_name=w(6), last_name=w(9), birth_date=date(1970+n%35,1+n%12,1+n%28), sex="female", commune=commune)
        p.search_name=search_key(p.last_name,p.first_name); p.match_keys=sorted(match_keys(p)); people.append(p)
    people=Participant.objects.bulk_create(people)
    cat=EligibilityCategoryFactory()
    EligibilityValidation.objects.bulk_create([EligibilityValidation(participant=p, category=cat, evidence_dated_on=date(2025,12,1), starts_on=date(2026,1,1), ends_on=date(2027,12,31), state="granted", decided_at=timezone.now(), decided_by=by, requested_at=timezone.now(), requested_by=by) if hasattr(EligibilityValidation,'requested_at') else EligibilityValidation(participant=p, category=cat, starts_on=date(2026,1,1), ends_on=date(2027,12,31), state="granted") for p in people])
    cs=[]
    for n,p in enumerate(people):
        a=awards[n%10]
        cs.append(EmploymentContract(participant=p, award=a, lot=a.lot, market=a.lot.market, territory=territory, employer=lender, modality="2", contract_type="temporary", job_title="x", starts_on=date(2026,2,1)))
    EmploymentContract.objects.bulk_create(cs)
    rows=[[p.last_name.upper(), p.first_name, p.birth_date, f"0{m}/2026", 70] for m in range(3,8) for p in people]
    content=write_xlsx([Sheet("Heures",["Nom","Prénom","Date de naissance","Mois","Heures"],rows)])
    print("\nfile", len(content), "rss before", rss())
    with time_machine.travel("2026-09-15T10:00:00+02:00", tick=True):
        t=time.process_time(); w=time.time()
        run=ask_hours_import(by=by, territory=territory, company=lender, file_name="r.xlsx", content=content)
        with CaptureQueriesContext(connection) as c: import_hours(run.pk)
        run.refresh_from_db(); print("try", run.state, run.error, run.lines.filter(outcome="ready").count(), "cpu", round(time.process_time()-t,1), "wall", round(time.time()-w,1), "queries", len(c), "rss", rss())
        from django.db import reset_queries
        t=time.process_time(); w=time.time()
        ask_recording(run=run, by=by); 
        connection.force_debug_cursor=False
        import_hours(run.pk)
        run.refresh_from_db(); print("record", run.state, run.error, run.lines.filter(outcome="recorded").count(), "cpu", round(time.process_time()-t,1), "wall", round(time.time()-w,1), "rss", rss())
