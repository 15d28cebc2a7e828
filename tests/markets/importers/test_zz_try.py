import time, pytest
from django.db import connection
from markets.importers.decp.apply import import_decp
from markets.models import *
from tests.markets.importers.decp_files import REAL_FILES
def counts():
    return {m.__name__: (m.objects.count(), m.history.count()) for m in (Market,Lot,Company,Award,LotFinancials)}
def test_all(places, capsys):
    with capsys.disabled():
        for p in REAL_FILES:
            if 'acheteurs' in p.name: continue
            t=time.time(); r=import_decp(file=p,by=None); a=time.time()-t
            c=counts(); t=time.time(); r2=import_decp(file=p,by=None); b=time.time()-t
            same=counts()==c
            if 'DECP-' not in p.name or not same: print(p.name[:40],'%.1fs %.1fs'%(a,b),r.summary,'| replay',{k.value:v for k,v in r2.counts.items()},same)
            for l in r2.lines:
                if l.outcome in('created','updated'): print('    ',l)
            for l in r.lines:
                if l.outcome=='refused' and 'SIRET de l' not in l.reason and 'objet' not in l.reason: print('    ',l)
        print(counts())
        for l in r.lines[:10]: print(l)
