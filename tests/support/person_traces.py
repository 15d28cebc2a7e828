"""A person who is everywhere in the portal, and the search for what is left of her (security.md A15)."""

from datetime import date
from decimal import Decimal

from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from clauses_portal.accounts.models import FormDraft
from facilitators.models import Notification, RepeatableRequest
from participants.models import (
    AccessExport,
    DataRequest,
    DeclarationLine,
    EuropeanAnswers,
    HoursEntry,
    HoursImport,
    ImportedLine,
    MonthlyDeclaration,
    ParticipantHold,
)
from participants.services.hours import record_month
from participants.services.persons import save_person
from reporting.models import DataImport, ExchangeLine, PackageExport
from tests.factories.accounts import UserFactory, author
from tests.factories.mail import OutgoingMailFactory
from tests.factories.markets import AlertFactory, AwardFactory, LotFactory
from tests.factories.nominative import NominativeListFactory
from tests.factories.operations import OperationFactory
from tests.factories.participants import EligibilityCertificateFactory, EmploymentContractFactory, ParticipantFactory
from tests.factories.preparation import RomeCodeFactory
from tests.factories.work import ExitSituationFactory, JobPostingFactory, ReferralFactory, WorkCertificateFactory
from tests.support.gatherings import meeting_rows
from tests.support.keys import key_rows

# Everything that says who she is, in the words it may be found in.
MARKS = (
    *("Quintavalle", "QUINTAVALLE", "Zéphyrine", "Zephyrine", "Brandebourgeois", "1987-05-23", "23/05/1987"),
    *("06 11 22 33 44", "zephyrine@exemple.test", "12 impasse des Hirondelles", "1234567A", "999992345678"),
    "Mission locale de Mme Oudinot",
)
BOTH = "Mme Zephyrine QUINTAVALLE, née le 23/05/1987"


def somebody_everywhere(territory):
    """A person with a row in every table that may hold her, past work, and her name in every free text."""
    person = _person(territory)
    lot = LotFactory(territory=territory, calibrated=True, market__operation=OperationFactory())
    award = AwardFactory(lot=lot)
    contract = EmploymentContractFactory(award=award, participant=person, validated=True, ended=True)
    record_month(contract=contract, month=date(2026, 3, 1), declared=Decimal(100), by=author())
    _evidence(person.validations.get())
    EligibilityCertificateFactory(validation=person.validations.get())
    WorkCertificateFactory(participant=person)
    ExitSituationFactory(contract=contract)
    _rows(person, contract, lot)
    _deposits(contract)
    _told(lot)
    _exchanged(territory)
    return person


def _person(territory):
    person = ParticipantFactory(
        territory=territory,
        first_name="Zéphyrine",
        last_name="Quintavalle",
        birth_name="Brandebourgeois",
        birth_date=date(1987, 5, 23),
        address="12 impasse des Hirondelles",
        phone="06 11 22 33 44",
        email="zephyrine@exemple.test",
        france_travail_id="1234567A",
        prescriber_name="Mission locale de Mme Oudinot",
        skills="CACES de Zéphyrine",
        qpv_code="QN01301M",
    )
    person.skills = "Permis de Mme Quintavalle"
    return save_person(person=person, by=author())


def _evidence(row):
    row.opinion_from, row.opinion = "Mission locale de Mme Oudinot", f"Avis sur {BOTH}"
    row.iae_number, row.iae_ends_on = "999992345678", date(2027, 1, 1)
    row.evidence_kind, row.missing, row.reason = "Attestation Quintavalle", BOTH, BOTH
    row.save()


def _rows(person, contract, lot):
    """The rest of the rows that are hers."""
    now = timezone.now()
    referral = ReferralFactory(posting=JobPostingFactory(award=contract.award, published=True), participant=person)
    referral.comment = BOTH
    referral.save()
    person.wanted_jobs.add(RomeCodeFactory())
    person.exits.update(job_title="Magasinière chez Quintavalle")
    EuropeanAnswers.objects.create(
        participant=person, operation=lot.market.operation, answered_at=now, answered_by=author()
    )
    request = DataRequest(territory=person.territory, participant=person, kind="access", received_on=date(2026, 9, 1))
    request.details, request.recorded_at, request.recorded_by = BOTH, now, author()
    request.save()
    ParticipantHold.objects.create(
        participant=person,
        kind="litigation",
        reason=BOTH,
        **{"placed_at": now, "placed_by": author(), "released_at": now, "released_by": author()},
    )
    AccessExport.objects.create(
        participant=person, content=BOTH.encode(), expires_on=now, asked_at=now, asked_by=author(), state="done"
    )
    HoursEntry.objects.filter(participant=person).update(source="import")


def _deposits(contract):
    """What a company sent of her."""
    moment = {"asked_at": timezone.now(), "asked_by": author()}
    run = HoursImport.objects.create(
        territory=contract.territory,
        company=contract.employer,
        file_name="heures-quintavalle.xlsx",
        content=BOTH.encode(),
        sha256="1" * 64,
        report={"errors": [BOTH]},
        recorded_on=timezone.now(),
        **moment,
    )
    common = {"source": run, "person": "QUINTAVALLE Zephyrine", "outcome": "recorded", "message": BOTH}
    ImportedLine.objects.create(row=1, contract=contract, participant=contract.participant, **common)
    ImportedLine.objects.create(row=2, **common)
    sheet = MonthlyDeclaration.objects.create(
        company=contract.employer,
        month=date(2026, 3, 1),
        signatory="M. Paie",
        comment=BOTH,
        file_name="quintavalle.pdf",
        content=BOTH.encode(),
    )
    checked = {"checked_at": timezone.now(), "checked_by": author()}
    DeclarationLine.objects.create(
        declaration=sheet,
        contract=contract,
        territory=contract.territory,
        hours=10,
        note=BOTH,
        answer=BOTH,
        state="refused",
        **checked,
    )


def _told(lot):
    """Where people wrote her name though they should not."""
    AlertFactory(lot=lot, description=BOTH)
    meeting = meeting_rows(lot)["meeting"]
    meeting.discussion, meeting.decisions = BOTH, "Rappeler Zéphyrine Quintavalle."
    meeting.save()
    Notification.objects.create(recipient=UserFactory(), text=BOTH, path="/")
    FormDraft.objects.create(user=UserFactory(), key="operation", data={"description": [BOTH]})
    OutgoingMailFactory(recipient="zephyrine@exemple.test", body="Bonjour", sent_on=timezone.now())
    OutgoingMailFactory(body=f"Au sujet de {BOTH}", attachment=BOTH.encode(), attachment_name="quintavalle.ics")


def _exchanged(territory):
    """What the lists, the packages and the keys hold of her."""
    now = timezone.now()
    key = key_rows(territory)["key"]
    RepeatableRequest.objects.create(
        key=key, value="1", fingerprint="1" * 64, status=201, answer={"last_name": "Quintavalle"}
    )
    NominativeListFactory(done=True, pdf=BOTH.encode(), xlsx=BOTH.encode(), reason=f"Pour {BOTH}")
    moment = {"asked_at": now, "asked_by": author(), "structure": key.structure}
    package = PackageExport(direction="to_department", state="done", finished_on=now, **moment)
    package.file.save("paquet.zip", ContentFile(BOTH.encode()), save=False)
    package.save()
    source = {"system": "Autre", "file_name": "quintavalle.zip", "content": BOTH.encode(), "state": "done"}
    trial = DataImport.objects.create(sha256="2" * 64, manifest={}, **source, **moment)
    ExchangeLine.objects.create(
        source=trial, table="personnes", row=1, reference="Q1", data={"nom": "Quintavalle"}, outcome="new", message=BOTH
    )
    recorded = DataImport.objects.create(sha256="3" * 64, recorded_on=now, **source, **moment)
    ExchangeLine.objects.create(source=recorded, table="personnes", row=1, data={}, outcome="new")


def traces(marks=MARKS):
    """{« table.column »: marks found} over every column of every table, as text and as bytes."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' "
            "AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')"
        )
        for table, column, kind in cursor.fetchall():
            name = f'"{column}"'
            said = name if kind == "bytea" else f"lower({name}::text)"
            written = [mark.encode() if kind == "bytea" else mark.lower() for mark in marks]
            condition = " OR ".join(f"position(%s in {said}) > 0" for _ in written)
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {condition}', written)  # noqa: S608
            if number := cursor.fetchone()[0]:
                found[f"{table}.{column}"] = number
    return found


def files_with(marks=MARKS, folder=""):
    """Names of the kept files whose bytes hold one of these."""
    folders, names = default_storage.listdir(folder)
    found = [file for name in folders for file in files_with(marks, f"{folder}{name}/")]
    for name in names:
        with default_storage.open(folder + name) as file:
            content = file.read()
        found += [name for mark in marks if mark.encode() in content][:1]
    return found


def remembered(marks=MARKS):
    """Keys of the cache whose name or value holds one of these."""
    store = caches["default"]._cache.get_client()
    needles = [mark.encode() for mark in marks]
    values = {key: store.dump(key) or b"" for key in store.scan_iter()}
    return [key for key, value in values.items() if any(needle in key + value for needle in needles)]
