"""A small world that holds every case of a package, what may be compared of it, and how it is emptied."""

import hashlib
import io
import json
import zipfile
from datetime import date
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from clauses_portal.core.jobs import run
from facilitators.enums import KeyDirection, Role
from facilitators.permissions import grant
from markets.enums import AlertCategory, AwardRole, ObjectiveKind
from markets.models import Award, CountingRule
from markets.services.alerts import close_alert, raise_alert
from markets.services.awards import add_objective, award_lot
from markets.services.counting_rules import set_rule
from markets.services.openings import record_opening_balance
from markets.services.transfers import transfer_hours
from participants.enums import ContractType, HoursNature, RejectionReason
from participants.models import ClosedPeriod, ExitSituation, HoursEntry, Participant
from participants.services.exits import record_exit, refresh_exits
from participants.services.hours import record_month, regularise, split_month, withhold
from reporting.exchange.tables import TABLES
from reporting.models import DataImport, ExchangeLine, PackageExport
from reporting.services import data_imports, packages
from tests.factories.accounts import UserFactory, author
from tests.factories.markets import CompanyFactory, LotFactory
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)

MARCH, APRIL, MAY = date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)
EMPTIED = (
    "operations_operation, markets_market, markets_company, participants_participant, markets_alert, "
    "reporting_packageexport, facilitators_externalreference, participants_closedperiod"
)


def both_ways(territories):
    """An account that may write everything a package holds: the Département's and the facilitator's at once."""
    user = UserFactory()
    grant(user=user, role=Role.MISSION_OFFICER, by=None)
    for territory in territories:
        grant(user=user, role=Role.FACILITATOR, by=None, territory=territory)
    return user


def rich_world(territory):
    """Two lots of a market, a subcontractor, a transfer, an amendment, validated or not, split, withheld, corrected."""
    commune = territory.communes.first()
    first = LotFactory(territory=territory, number="1", market__operation__communes=[commune], calibrated=True)
    second = LotFactory(territory=territory, number="2", market=first.market, awarded=True)
    set_rule(rule=CountingRule(market=first.market, tolerance_days=10, prehire_training_cap=5), by=author())
    holder = _award(first, "SARL =Maçons & fils", hours_minimum=1000, hours_offered=100, notified_on=date(2026, 1, 5))
    sub = _award(first, "-Peintres", role=AwardRole.SUBCONTRACTOR, parent=holder)
    _ledger(holder, second.awards.get())
    _people(territory, holder, sub)
    alert = {"lot": first, "category": AlertCategory.LATE, "severity": "watch", "by": author()}
    raise_alert(description="Rythme insuffisant.", **alert)
    close_alert(alert=raise_alert(description="@Retard levé.", **alert), answer="Deux embauches.", by=author())
    return first.market


def _award(lot, name, **fields):
    return award_lot(lot=lot, company=CompanyFactory(name=name), by=author(), **fields)


def _ledger(holder, other):
    day = date(2026, 2, 1)
    add_objective(
        award=holder, kind=ObjectiveKind.AMENDMENT, hours=200, effective_on=day, reason="Avenant n° 1", by=author()
    )
    agreed = {"source_agreed_on": day, "target_agreed_on": day}
    transfer_hours(
        source=holder, target=other, hours=150, effective_on=day, reason="Regroupement", by=author(), **agreed
    )
    record_opening_balance(
        award=other, hours=60, persons=2, until=date(2026, 1, 31), source="Classeur de suivi", by=author()
    )


def _people(territory, holder, sub):
    place = {"participant__territory": territory}
    usual = EmploymentContractFactory(award=holder, participant=_person(territory, "=Zoé", "Élie"), validated=True)
    record_month(contract=usual, month=MARCH, declared=Decimal(100), by=author())
    record_month(contract=usual, month=APRIL, declared=Decimal("80.5"), by=author())
    aside = HoursEntry.objects.get(contract=usual, month=APRIL)
    withhold(entry=aside, hours=Decimal(10), reason=RejectionReason.NOT_WORKED, by=author())
    unknown = EmploymentContractFactory(award=sub, ended=True, **place)
    record_month(contract=unknown, month=MARCH, declared=Decimal(50), by=author())
    split = EmploymentContractFactory(award=holder, **place)
    EligibilityValidationFactory(participant=split.participant, starts_on=date(2026, 3, 16), granted=True)
    split_month(
        contract=split, month=MARCH, first_day=date(2026, 3, 16), before=Decimal(30), from_then=Decimal(40), by=author()
    )
    apprentice = EmploymentContractFactory(
        award=holder, contract_type=ContractType.APPRENTICESHIP, validated=True, ended=True, **place
    )
    record_month(contract=apprentice, month=MAY, declared=Decimal(60), by=author())
    record_month(contract=apprentice, month=MAY, declared=Decimal(20), nature=HoursNature.TRAINING, by=author())
    _exit(apprentice)
    ClosedPeriod.objects.create(
        territory=territory, quarter_start=date(2026, 1, 1), closed_at=timezone.now(), closed_by=author()
    )
    regularise(contract=usual, month=MARCH, hours=Decimal(93), reason="Feuille relue.", by=author())


def _person(territory, last, first):
    return ParticipantFactory(territory=territory, last_name=last, first_name=first, birth_date=date(1990, 4, 2))


def _exit(contract):
    refresh_exits(participant_id=contract.participant_id, award_id=contract.award_id, by=author())
    row = ExitSituation.objects.get(participant=contract.participant, horizon="end")
    record_exit(
        exit_row=row,
        situation="cdi_other",
        source="person",
        observed_on=date(2026, 7, 1),
        by=author(),
        job_title="Chef",
    )


def hours_of_everyone():
    """{(person, first day of the contract, month, nature): (declared, counted)} of what the portal holds (h)."""
    figures = {}
    rows = HoursEntry.objects.select_related("participant", "contract")
    for entry in rows:
        key = entry.participant.search_name, entry.contract.starts_on, entry.month, entry.nature
        declared, counted = figures.get(key, (0, 0))
        figures[key] = declared + entry.declared, counted + entry.counted
    return figures


def objectives():
    """{(market, lot, company, role): hours due} (h)."""
    rows = Award.objects.with_objective().select_related("lot__market", "company")
    return {(row.lot.market.number, row.lot.number, row.company.siret, row.role): row.objective for row in rows}


def persons():
    names = "last_name", "first_name", "birth_name", "birth_date", "sex", "commune", "lives_in_qpv", "receives_rsa"
    return set(Participant.objects.values_list(*names))


def exported(user, structure, direction, **period):
    """The PackageExport of this direction, made."""
    asked = packages.ask_package(by=user, structure=structure, direction=direction, from_console=True, **period)
    run(PackageExport, asked.pk, allowed=packages.may_still_ask, work=packages.produce_package)
    asked.refresh_from_db()
    assert asked.state == "done", asked.error
    return asked


def package_of(user, structure, direction=KeyDirection.TO_DEPARTMENT, **period):
    """The bytes of a package."""
    with packages.open_package(exported(user, structure, direction, **period)) as file:
        return file.read()


def tried(user, structure, content, name="paquet.zip"):
    """The DataImport of these bytes, tried."""
    asked = data_imports.ask_package_import(
        by=user, structure=structure, file_name=name, content=content, from_console=True
    )
    return worked(asked)


def recorded(asked):
    """The same, recorded."""
    return worked(data_imports.ask_recording(run=asked, by=asked.asked_by))


def worked(asked):
    run(DataImport, asked.pk, allowed=data_imports.may_still_import, work=data_imports.do_import)
    done = DataImport.objects.get(pk=asked.pk)
    assert done.error == ""
    return done


def lines(asked, *outcomes):
    """[(table, row, outcome, message)] of an import."""
    rows = ExchangeLine.objects.filter(source=asked)
    rows = rows.filter(outcome__in=outcomes) if outcomes else rows
    return list(rows.values_list("table", "row", "outcome", "message"))


def forget_everything():
    """What another portal is before anything comes: the reference tables and the accounts alone."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {EMPTIED} RESTART IDENTITY CASCADE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def repacked(content, change=None):
    """The same tables in another file: its bytes differ. `change(name, text)` gives the text of a file."""
    inside = zipfile.ZipFile(io.BytesIO(content))
    files = {name: inside.read(name) for name in inside.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    for entry in manifest["files"]:
        if change:
            files[entry["name"]] = change(entry["name"], files[entry["name"]].decode()).encode()
        entry["sha256"] = hashlib.sha256(files[entry["name"]]).hexdigest()
        entry["rows"] = files[entry["name"]].count(b"\r\n") - 1
    return zipped({"manifest.json": json.dumps(manifest | {"again": True}), **files})


def zipped(files):
    """The bytes of an archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def written(tables, direction=KeyDirection.TO_DEPARTMENT, system="abc", **manifest):
    """The bytes of a package another program wrote: {table: [{column: text}]}."""
    files, told = {}, []
    for kind, rows in tables.items():
        names = TABLES[kind].names
        lines = [";".join(names), *(";".join(row.get(name, "") for name in names) for row in rows), ""]
        name, content = f"{kind.value}.csv", "\r\n".join(lines).encode()
        files[name] = content
        told.append({"name": name, "rows": len(rows), "sha256": hashlib.sha256(content).hexdigest()})
    whole = {"schema_version": "1.0", "system": system, "direction": direction, "files": told} | manifest
    return zipped({"manifest.json": json.dumps(whole), **files})


def person_line(territory, reference="P1", **told):
    """A line of personnes.csv."""
    commune = territory.communes.first().pk
    line = {"reference": reference, "territoire": territory.code, "nom": "Diallo", "prenom": "Awa", "sexe": "female"}
    return line | {"ne_le": "1990-04-02", "commune": commune} | told
