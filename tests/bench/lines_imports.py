"""`import` and `import-again`: 2 000 invented records of procurement data, the first time and the second."""

import io
import json
from datetime import date, timedelta

from django.db import connection, transaction

from clauses_portal.accounts.models import User
from facilitators.reference import DEPARTMENT_SIRET
from markets.importers.decp.apply import import_decp
from markets.importers.decp.report import Outcome
from markets.models import Award, Company, Lot, LotFinancials, Market
from tests.bench.rounds import Goal, Line
from tests.factories.facilitators import siret

RECORDS = 2000
WRITTEN = {
    table._meta.db_table: table._meta.pk.column
    for model in (Company, Market, Lot, LotFinancials, Award)
    for table in (model, model.history.model)
}


def invented_file():
    """2 000 records of the 2022 format, two lots a market, as the bytes of a file."""
    return json.dumps({"marches": {"marche": [record(n) for n in range(RECORDS)]}}).encode()


def record(number):
    market, lot = divmod(number, 2)
    day = date(2024, 1, 2) + timedelta(days=market % 600)
    return {
        "id": f"{day.year}T{market:05d}L{lot + 1:02d}",
        "acheteur": {"id": DEPARTMENT_SIRET},
        "nature": "Marché",
        "objet": f"Construction de l’école n° {market} - Lot {lot + 1} : {('Cloisons', 'Peinture')[lot]}",
        "codeCPV": "45421141-4",
        "procedure": "Appel d'offres ouvert",
        "lieuExecution": {"code": "13001", "typeCode": "Code commune"},
        "dureeMois": 12 + market % 24,
        "dateNotification": day.isoformat(),
        "datePublicationDonnees": (day + timedelta(days=30)).isoformat(),
        "montant": 50_000 + 1000 * number,
        "titulaires": [{"titulaire": {"typeIdentifiant": "SIRET", "id": siret(100_000 + number % 400)}}],
        "considerationsSociales": {"considerationSociale": ["Clause sociale"]},
        "techniques": {"technique": ["Sans objet"]},
        "modalitesExecution": {"modaliteExecution": ["Tranches"]},
    }


class Bench:
    """One transaction that is never committed: every import starts again from the same rows."""

    def __init__(self):
        self.content, self.by = invented_file(), User.objects.get(email="chargee@example.test")
        transaction.set_autocommit(False)
        self.start = transaction.savepoint()
        self.last = {table: highest(table, key) for table, key in WRITTEN.items()}

    def undo(self):
        transaction.savepoint_rollback(self.start)

    def run(self, outcome):
        """Import the file; return the number of records. Raises AssertionError unless all have this outcome."""
        report = import_decp(file=io.BytesIO(self.content), by=self.by)
        if report.counts[outcome] != RECORDS:
            raise AssertionError(report.summary)
        return RECORDS

    def written(self):
        """{table: text of the rows written since the beginning, as COPY gives it}."""
        texts = {}
        with connection.cursor() as cursor:
            for table, key in WRITTEN.items():
                texts[table] = io.StringIO()
                rows = f"SELECT * FROM {table} WHERE {key} > {self.last[table]}"  # noqa: S608
                cursor.copy_expert(f"COPY ({rows}) TO STDOUT", texts[table])
        return texts


def highest(table, key):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(max({key}), 0) FROM {table}")  # noqa: S608
        return cursor.fetchone()[0]


def import_line():
    """A first import, read, checked and written with its history, against COPY of the rows it writes.

    The control fills empty tables with the same constraints and indexes, foreign keys left aside.
    """
    bench = Bench()
    bench.run(Outcome.CREATED)
    texts = bench.written()

    def prepare(side):
        bench.undo()
        with connection.cursor() as cursor:
            for table in texts if side == "control" else ():
                cursor.execute(f"CREATE TEMPORARY TABLE bench_{table} (LIKE {table} INCLUDING ALL)")

    def ours(_):
        bench.run(Outcome.CREATED)
        return {table: text.getvalue().count("\n") for table, text in texts.items()}

    def copied(_):
        with connection.cursor() as cursor:
            for table, text in texts.items():
                text.seek(0)
                cursor.copy_expert(f"COPY bench_{table} FROM STDIN", text)
        return {table: text.getvalue().count("\n") for table, text in texts.items()}

    return Line("import", ours, copied, Goal(at_most=50), prepare=prepare, rounds=7, note=per_record)


def again_line():
    """The same file once more, when everything is there already, against its first import."""
    bench = Bench()

    def prepare(side):
        bench.undo()
        if side == "candidate":
            bench.run(Outcome.CREATED)

    return Line(
        "import-again",
        lambda _: bench.run(Outcome.UNCHANGED),
        lambda _: bench.run(Outcome.CREATED),
        Goal(at_most=1),
        prepare=prepare,
        rounds=7,
        note=per_record,
    )


def per_record(queries):
    return f"{queries / RECORDS:.2f} requête par enregistrement"
