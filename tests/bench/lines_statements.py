"""`stmt-territory`, `pdf-60` and `annex-1500`: the figures of a statement, its paper, that of a long one."""

import tracemalloc
from contextlib import contextmanager
from datetime import date

from django.db import connection
from weasyprint import HTML

from clauses_portal.core.pdf import engine
from clauses_portal.core.pdf.fetcher import OwnFilesFetcher
from clauses_portal.core.pdf.glyphs import drawable
from clauses_portal.core.periods import Quarter
from facilitators.models import Territory
from reporting.indicators import hours, people
from reporting.indicators.definition import compute, split, value_of
from reporting.indicators.scope import Scope
from reporting.models import Statement
from reporting.statements.annex import annexes, workbook
from reporting.statements.documents import render_statement
from reporting.statements.quarterly import build_snapshot
from tests.bench.lines_rights import first_facilitator
from tests.bench.live_rule import live_figures
from tests.bench.rounds import Goal, Line, counted_queries
from tests.bench.sizes import QUARTER

DATED = date(2026, 10, 5)
ROWS = 60
LONG, MARKETS = 1500, 100
FATES = (hours.DECLARED, hours.COUNTED, hours.REJECTED, hours.PENDING)


def statement():
    """The draft of the first territory for the last quarter; never saved."""
    user, territory = first_facilitator()
    place = Territory.objects.get(pk=territory)
    return Statement(territory=place, period_code=QUARTER, verification_code="BENC-HMAR-K000"), user


def territory_line():
    """The hours of a statement read from what is stored, against the same figures by the rule as it stands.

    Six figures on both sides, a query each: fates of the quarter, hours to date, reasons, twelve months, each
    company, persons at work. The live rule asks the granted validations of the person again for every row.
    """
    draft, _ = statement()
    scope, quarter = Scope.of(draft), Quarter.parse(QUARTER)

    def stored(_):
        return {
            "fates": {code.removeprefix("hours_"): total for code, total in compute(FATES, scope, quarter).items()},
            "to_date": value_of(hours.COUNTED_TO_DATE, scope, quarter),
            "rejected": [total for _, total in split(hours.BY_REASON, scope, quarter)],
            "months": dict(hours.counted_by_month(scope, quarter)),
            "awards": hours.counted_by_award(scope, quarter),
            "at_work": value_of(people.AT_WORK, scope, quarter),
        }

    def live(_):
        with connection.cursor() as cursor:
            return live_figures(cursor, scope.territory_id, quarter)

    with counted_queries() as sent:
        data = build_snapshot(draft, dated_on=DATED)
    whole = f"état entier : {len(sent)} requêtes, {len(data['lots'])} lignes"
    return Line("stmt-territory", stored, live, Goal(at_least=5), rounds=11, note=lambda queries: whole)


def pdf_line():
    """Our statement of 60 rows, tagged, archived and checked, against WeasyPrint alone on the same HTML and style."""
    draft, author = statement()
    draft.snapshot = build_snapshot(draft, dated_on=DATED)
    draft.snapshot["lots"] = draft.snapshot["lots"][:ROWS]
    if len(draft.snapshot["lots"]) < ROWS:
        raise AssertionError("the territory has too few lots for this line")
    with seen_html() as seen:
        render_statement(draft, author=author)
    (html,) = seen

    def ours(_):
        return render_statement(draft, author=author)

    def bare(_):
        loaded = engine.engine()
        document = HTML(string=drawable(html), base_url="refused://document/", url_fetcher=OwnFilesFetcher())
        return document.write_pdf(stylesheets=[loaded.style], font_config=loaded.fonts)

    def same(one, other):
        return pages(one) == pages(other)

    return Line("pdf-60", ours, bare, Goal(at_most=1.3), same=same, rounds=7)


def annex_line():
    """A statement of 1 500 rows, its totals on paper and its rows in the annex, against the paper of 60 rows.

    The note compares the peak memory (tracemalloc) of the annex with that of one ten times longer.
    """
    short, author = statement()
    short.snapshot = build_snapshot(short, dated_on=DATED)
    rows = short.snapshot["lots"]
    long, _ = statement()
    long.snapshot = short.snapshot | {"lots": repeated(rows, LONG)}
    short.snapshot["lots"] = rows[:ROWS]

    def with_annex(_):
        (annex,) = annexes(long)
        return render_statement(long, author=author), annex

    def paper(_):
        return render_statement(short, author=author), None

    def same(one, other):
        return pages(one[0]) <= pages(other[0]) and len(one[1].content) > 0

    one, ten = (peak(lambda n=n: workbook(long.snapshot | {"lots": repeated(rows, n)})) for n in (LONG, 10 * LONG))
    told = f"mémoire de l’annexe : {one:.1f} Mo ; dix fois plus de lignes : {ten:.1f} Mo, fichier compris"
    return Line("annex-1500", with_annex, paper, Goal(at_most=1.3), same=same, rounds=7, note=lambda queries: told)


def repeated(rows, number):
    """This number of rows of lots, in a hundred markets."""
    size = number // MARKETS
    return [rows[n % len(rows)] | {"market": f"Marché {n // size}", "lot": f"Lot {n}"} for n in range(number)]


def peak(action):
    """Most memory (MB) that Python holds meanwhile, what was there before left aside."""
    tracemalloc.start()
    action()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1024**2


def pages(content):
    """Number of pages of a PDF (bytes)."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)


@contextmanager
def seen_html():
    """The HTML that goes through the layout meanwhile."""
    seen, lay_out = [], engine.lay_out

    def watched(html, **options):
        seen.append(html)
        return lay_out(html, **options)

    engine.lay_out = watched
    try:
        yield seen
    finally:
        engine.lay_out = lay_out
