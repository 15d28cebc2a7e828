"""The eight races of security.md §4.2. The suite runs a few turns of each, `make drill` two hundred.

A turn makes its own rows, has people act at the same instant, and asserts what must be true whoever wins.
"""

from datetime import date
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from clauses_portal.core import jobs
from clauses_portal.core.errors import Conflict, DomainError
from clauses_portal.core.periods import Quarter
from clauses_portal.core.services import lock
from facilitators.enums import Role
from facilitators.models import Territory
from facilitators.permissions import grant
from markets.models import MarketTotal
from markets.services.transfers import transfer_hours
from participants.models import EligibilityValidation, HoursImport
from participants.services.hours import CLOSED, record_month
from participants.services.hours_imports import ask_hours_import, ask_recording
from participants.services.validations import revoke
from participants.tasks import import_hours
from reporting.models import ExportJob, Statement
from reporting.services.production import ask
from reporting.services.statements import close_quarter
from reporting.statements.quarterly import build_snapshot
from tests.factories.accounts import UserFactory, author
from tests.factories.facilitators import ConventionFactory, TerritoryFactory
from tests.factories.markets import AwardFactory, CompanyFactory, LotFactory
from tests.factories.participants import EligibilityValidationFactory, EmploymentContractFactory, ParticipantFactory
from tests.factories.reporting import StatementFactory
from tests.participants.statements.statement_files import HEADERS, statement
from tests.support.threads import race, sort_out

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
CLICKS, REPLAYS = 8, 20


def closing(turn):
    """Hours are typed while their quarter closes: what was sent is what stays."""
    contract, who = EmploymentContractFactory(validated=True), author()
    paper = StatementFactory(territory=contract.territory)

    @transaction.atomic
    def close():
        """As `produce` does, without the paper."""
        territory = lock(Territory.objects, contract.territory_id)
        snapshot = build_snapshot(paper, dated_on=timezone.localdate())
        close_quarter(territory=territory, quarter=Quarter(2026, 2), by=who)
        return Decimal(snapshot["synthesis"]["declared_quarter"])

    sent, typed = race(close, _recording(contract, 1 + turn % 200, month=MAY))
    assert sent == (contract.hours.aggregate(total=Sum("declared"))["total"] or 0)
    if isinstance(typed, Exception):
        assert (isinstance(typed, DomainError), typed.message) == (True, CLOSED)


def same_cell(turn):
    """Two people save the same cell: the second is told, and what the first typed stands."""
    contract = EmploymentContractFactory(validated=True)
    saved, refused = sort_out(race(*[_recording(contract, hours, version=0) for hours in (100, 200)]))
    assert [type(error) for error in refused] == [Conflict]
    entry = contract.hours.get()
    assert (entry.declared, entry.version, entry.history.count()) == (saved[0].declared, 1, 1)
    assert MarketTotal.objects.get(market=contract.market_id).declared == entry.declared


def signing(turn):
    """« Publier » clicked eight times, and its message delivered eight times: published once."""
    paper, who = _paper(), author()
    asked = {job.pk for job in race(*[lambda: ask(statement=paper, by=who, publish=True, from_console=True)] * CLICKS)}
    assert len(asked) == 1
    done = []

    def publish(job, progress):
        done.append(job.pk)

    [pk] = asked
    race(*[lambda: jobs.run(ExportJob, pk, allowed=lambda job: True, work=publish)] * CLICKS)
    job = ExportJob.objects.get(pk=pk)
    assert (done, job.state, job.attempts) == ([pk], "done", 1)


def same_report(turn):
    """The same report asked eight times at once: one work, whose row everybody is given."""
    paper, who = _paper(), author()
    asked, refused = sort_out(race(*[lambda: ask(statement=paper, by=who, publish=False)] * CLICKS))
    assert [error for error in refused if not isinstance(error, Conflict)] == []
    job = ExportJob.objects.get(statement=paper)
    assert {row.pk for row in asked} == {job.pk}
    # nobody waits for it: no worker will find it later
    jobs.run(ExportJob, job.pk, allowed=lambda row: False, work=None)


def crossed_locks(turn):
    """Hours moved between the same lots in opposite directions: nobody waits for ever, nothing is lost."""
    one, other = AwardFactory(), AwardFactory()
    _, refused = sort_out(race(_moving(one, other, 100), _moving(other, one, 40), _moving(one, other, 10)))
    assert refused == []
    due = MarketTotal.objects.filter(market__in=[one.lot.market_id, other.lot.market_id])
    assert sorted(due.values_list("required", flat=True)) == [930, 1070]


def revoked(turn):
    """A validation is revoked while hours are typed: they never count."""
    contract, who = EmploymentContractFactory(validated=True), author()
    validation = EligibilityValidation.objects.get(participant=contract.participant)
    _, refused = sort_out(
        race(lambda: revoke(validation=validation, by=who, reason="Faux."), _recording(contract, 50, month=MAY))
    )
    assert refused == []
    entry = contract.hours.get()
    assert (entry.counted, entry.rejected) == (0, 50)
    assert MarketTotal.objects.get(market=contract.market_id).counted == 0


def same_import(turn):
    """One statement of hours recorded twenty times at once: one effect."""
    contract, run, _ = _deposited()
    _, failed = sort_out(race(*[lambda: import_hours(run.pk)] * REPLAYS))
    assert failed == []
    entry = contract.hours.get()
    assert (entry.declared, entry.version, entry.history.count()) == (70, 1, 1)
    assert MarketTotal.objects.get(market=contract.market_id).declared == 70
    assert HoursImport.objects.get(pk=run.pk).state == "done"


def import_and_hand(turn):
    """A statement recorded while the same month is typed by hand: one line, one total."""
    contract, run, asker = _deposited()
    by_hand = _recording(contract, 50, month=JUNE, by=asker, version=0)
    _, refused = sort_out(race(lambda: import_hours(run.pk), by_hand))
    assert {type(error) for error in refused} <= {Conflict, DomainError}
    entry = contract.hours.get()
    assert entry.declared in {50, 70}
    assert MarketTotal.objects.get(market=contract.market_id).declared == entry.declared


# {name: (what happens, in French for the table; a turn of it)}
SCENARIOS = {
    "closing": ("clôture pendant une saisie", closing),
    "same_cell": ("deux saisies du même mois", same_cell),
    "signing": ("« Publier » cliqué 8 fois", signing),
    "same_report": ("même état demandé 8 fois", same_report),
    "crossed_locks": ("verrous croisés", crossed_locks),
    "revoked": ("retrait de validation pendant une saisie", revoked),
    "same_import": ("même import 20 fois", same_import),
    "import_and_hand": ("import et saisie du même mois", import_and_hand),
}


def _recording(contract, hours, month=MAY, by=None, **version):
    return partial(record_month, contract=contract, month=month, declared=Decimal(hours), by=by or author(), **version)


def _moving(source, target, hours):
    agreed = {"effective_on": date(2026, 9, 1), "source_agreed_on": date(2026, 9, 1)}
    agreed |= {"target_agreed_on": date(2026, 9, 1), "reason": "Un même parcours."}
    return partial(transfer_hours, source=source, target=target, hours=hours, by=author(), **agreed)


def _paper():
    return Statement.objects.get(pk=StatementFactory().pk)


def _deposited():
    """(contract, run, asker): a statement of 70 h for June, tried, whose recording is asked."""
    territory = TerritoryFactory()
    ConventionFactory(territories=[territory])
    asker, lender = UserFactory(), CompanyFactory(kind="etti")
    grant(user=asker, role=Role.FACILITATOR, territory=territory, by=None)
    person = ParticipantFactory(territory=territory)
    EligibilityValidationFactory(participant=person, granted=True)
    terms = {"modality": "2", "contract_type": "temporary", "employer": lender, "starts_on": date(2026, 2, 1)}
    award = AwardFactory(lot=LotFactory(territory=territory, calibrated=True))
    contract = EmploymentContractFactory(participant=person, award=award, **terms)
    content = statement([person.last_name, person.first_name, "", "06/2026", "70", ""], headers=HEADERS)
    run = ask_hours_import(by=asker, territory=territory, company=lender, file_name="releve.csv", content=content)
    import_hours(run.pk)
    run = HoursImport.objects.get(pk=run.pk)
    ask_recording(run=run, by=asker)
    return contract, run, asker
