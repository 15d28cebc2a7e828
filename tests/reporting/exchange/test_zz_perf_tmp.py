import resource, time, json, hashlib
import pytest
from datetime import date
from tests.support.exchanged import *
from tests.support.exchanged import zipped
from reporting.exchange.tables import TABLES
from reporting.enums import ExchangeTable as T
from tests.factories.markets import AwardFactory
from tests.factories.participants import EligibilityCategoryFactory
from reporting.exchange import names
pytestmark = pytest.mark.django_db

def test_perf(today, territories, convention, settings, tmp_path, count_queries):
    settings.MEDIA_ROOT = tmp_path
    territory = territories[0]
    award = AwardFactory(lot__territory=territory)
    category = EligibilityCategoryFactory()
    ref = names.own_reference(T.AWARDS, award.pk)
    commune = territory.communes.first().pk
    persons = [["P%d"%n, territory.code, "Nom%d"%n, "Prenom%d"%n, "", f"{1960+n%40}-0{1+n%9}-1{n%9}", "male", commune, "", "oui", "oui", "", "", "", ""] for n in range(450)]
    validations = [["V%d"%n, "P%d"%n, category.code, "granted", "2026-01-01", "2026-12-31", "2025-12-20","","","","","",""] for n in range(450)]
    contracts = [["C%d"%n, "P%d"%n, ref, award.company.siret, "", "1", "cdd", "Maçon", "F1703", "2026-02-01", "", "", "35", "non"] for n in range(450)]
    hours = [[f"H{n}-{m}", "C%d"%n, f"2026-0{m}-01", f"2026-0{m}-{ {2:28,3:31,4:30,5:31,6:30,7:31,8:31,9:30}[m]}", "worked", "100,5", "","","","","100,5"] for n in range(450) for m in range(2,10)]
    def csvt(kind, rows):
        return ("\ufeff"+";".join(TABLES[kind].names)+"\r\n"+"".join(";".join(r)+"\r\n" for r in rows)).encode()
    files = {"personnes.csv": csvt(T.PERSONS, persons), "validations.csv": csvt(T.VALIDATIONS, validations), "contrats.csv": csvt(T.CONTRACTS, contracts), "heures.csv": csvt(T.HOURS, hours)}
    n = {"personnes.csv":450,"validations.csv":450,"contrats.csv":450,"heures.csv":len(hours)}
    manifest = {"schema_version":"1.0","system":"abc","direction":"to_department","files":[{"name":k,"rows":n[k],"sha256":hashlib.sha256(v).hexdigest()} for k,v in files.items()]}
    content = zipped({"manifest.json": json.dumps(manifest), **files})
    print("lines", sum(n.values()), "bytes", len(content))
    print("rss0", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024)
    user = both_ways(territories)
    t=time.time(); 
    box=[]
    print("q trial", count_queries(lambda: box.append(tried(user, convention.structure, content))), time.time()-t)
    asked=box[0]
    print(asked.report, asked.error, lines(asked,"refused")[:3])
    print("rss1", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024)
    import cProfile, pstats
    t=time.time()
    done = recorded(asked)
    print("record", time.time()-t, done.report, done.error, lines(done,"refused")[:5])
    print("rss2", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss//1024)
