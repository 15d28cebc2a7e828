from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from clauses_portal.core.errors import Conflict
from facilitators.models import Territory
from markets.enums import AwardRole, LotState, MarketKind, Source
from markets.importers.decp import UnreadableFile
from markets.models import Award, Company, Lot, LotFinancials, Market
from tests.markets.importers.decp_files import (
    BUYER,
    COMPANY,
    OTHER_COMPANY,
    WRONG_KEY,
    as_2022,
    holders,
    row_2019,
    row_2022,
    stream,
)
from tests.markets.importers.decp_imports import MODELS, outcomes, sizes

pytestmark = pytest.mark.django_db


def modify(**values):
    """A person changes fields of the only market, with history."""
    market = Market.objects.get()
    for name, value in values.items():
        setattr(market, name, value)
    market.save()


def test_a_record_becomes_a_market_a_lot_a_company_and_an_award(load, officer):
    report = load(row_2019())
    market, lot, award = Market.objects.get(), Lot.objects.get(), Award.objects.get()
    assert (market.number, market.title, market.kind) == (
        "2019M19004",
        "Réhabilitation du collège",
        MarketKind.WORKS,
    )
    assert (market.procedure, market.cpv, market.duration_months) == ("adapted", "45421160", 12)
    assert (market.notified_on, market.source, market.operation) == (date(2019, 1, 22), Source.DECP, None)
    assert (lot.market, lot.number, lot.title, lot.state) == (market, "3", "Serrurerie", LotState.TO_REVIEW)
    assert lot.territory.code == "AIX"
    assert (award.lot, award.company.siret, award.company.name) == (lot, COMPANY, "Alpha")
    assert (award.role, award.notified_on) == (AwardRole.HOLDER, date(2019, 1, 22))
    assert LotFinancials.objects.get().awarded_amount == Decimal("76975.50")
    assert outcomes(report) == ["created"]
    assert {model.history.get().history_user for model in MODELS} == {officer}


def test_imported_rows_satisfy_every_rule_of_the_models(load):
    load(row_2019(), row_2019(id="2019M1900500", objet="Autre", titulaires=holders(OTHER_COMPANY)))
    for model in (Market, Company, Award, LotFinancials):
        for row in model.objects.all():
            row.full_clean()


def test_an_amount_is_in_the_confidential_table_and_nowhere_else(load):
    report = load(row_2019(montant=76543.21))
    shown = [report.summary, *map(str, report.lines), *map(repr, report.lines)]
    shown += [
        str(Market.objects.values().get()),
        str(Lot.objects.values().get()),
        str(Award.objects.values().get()),
    ]
    assert "76543" not in "".join(shown)
    assert LotFinancials.objects.get().awarded_amount == Decimal("76543.21")


@pytest.mark.parametrize("amount", [1.0e17, 99999999999999, 999999999, 0, 1, -5])
def test_an_absurd_amount_is_never_stored(load, amount):
    report = load(row_2019(montant=amount))
    assert outcomes(report) == ["created"]
    assert "ignoré" in report.lines[0].notes[0]
    assert not LotFinancials.objects.exists()


def test_a_replay_changes_nothing(load):
    twin = row_2019(titulaires=holders(OTHER_COMPANY), montant=5000)
    rows = [row_2019(), twin, row_2019(objet="Peinture", id="")]
    load(*rows)
    before = sizes()
    report = load(*rows)
    assert outcomes(report) == ["unchanged"] * 3
    assert sizes() == before


def test_a_record_told_twice_in_one_file_is_already_there(load):
    report = load(row_2019(), row_2019())
    assert outcomes(report) == ["created", "unchanged"]
    assert report.lines[1].reason == "même contrat que l’enregistrement 1"


def test_a_dry_run_tells_everything_and_writes_nothing(load):
    report = load(row_2019(), row_2019(objet=""), dry_run=True)
    assert outcomes(report) == ["created", "refused"]
    assert "rien n’est enregistré" in report.summary
    assert sizes() == [(0, 0)] * 5


def test_an_import_may_be_limited_to_one_buyer(load):
    report = load(row_2019(), row_2019(acheteur={"id": COMPANY}), buyer=BUYER)
    assert [market.buyer_siret for market in Market.objects.all()] == [BUYER]
    assert (report.skipped, len(report.lines)) == (1, 1)
    with pytest.raises(UnreadableFile, match="SIRET de l’acheteur demandé est faux"):
        load(row_2019(), buyer=WRONG_KEY)


def test_one_broken_record_among_good_ones_is_refused_alone(load):
    report = load(row_2019(), row_2019(acheteur={"id": WRONG_KEY}), row_2019(id="2019B100", objet="Peinture"))
    assert outcomes(report) == ["created", "refused", "created"]
    assert report.lines[1].reason == f"le SIRET de l’acheteur « {WRONG_KEY} » est faux"
    assert Lot.objects.count() == 2


def test_a_record_the_database_refuses_is_refused_alone(load):
    load(row_2019())
    # the key of the contract is taken under another buyer: no import writes that, a repair by hand could
    Market.objects.update(buyer_siret=COMPANY, source_key=None)
    others = [row_2019(id=f"2019B{n}00", objet=f"Peinture {n}", titulaires=holders(OTHER_COMPANY)) for n in range(4)]
    report = load(*others[:2], row_2019(), *others[2:])
    assert outcomes(report) == ["created", "created", "refused", "created", "created"]
    assert report.lines[2].reason
    assert Lot.objects.count() == 5


def test_a_row_that_already_breaks_a_rule_is_left_and_said(load):
    load(row_2019(dureeMois=None))
    Market.objects.update(title="Collège\nCamus")
    report = load(row_2019(), row_2019(id="2019B100", objet="Peinture"))
    assert outcomes(report) == ["refused", "created"]
    assert report.lines[0].reason == "Ce texte tient sur une seule ligne."
    assert Market.objects.get(lots__number="3").duration_months is None


def test_what_changed_is_updated_with_its_history(load):
    load(row_2019())
    report = load(row_2019(montant=80000, dureeMois=24, source="autre", datePublicationDonnees="2020-01-01"))
    assert outcomes(report) == ["updated"]
    assert Market.objects.get().duration_months == 24
    assert LotFinancials.objects.get().awarded_amount == 80000
    assert (Market.history.count(), LotFinancials.history.count()) == (2, 2)


def test_what_the_file_no_longer_tells_stays(load):
    load(row_2019())
    report = load(row_2019(montant=None, dureeMois="NC", codeCPV=None, titulaires=[], dateNotification=None))
    assert outcomes(report) == ["unchanged"]
    assert Market.objects.get().duration_months == 12


def test_a_blank_is_filled(load):
    load(row_2019(dateNotification=None, montant=None, techniques="CDL"))
    report = load(row_2019(nature="Accord-cadre"))
    assert outcomes(report) == ["updated"]
    market = Market.objects.get()
    assert (market.notified_on, market.technique) == (date(2019, 1, 22), "framework")
    assert LotFinancials.objects.get().awarded_amount == Decimal("76975.50")


def test_what_a_person_wrote_is_left_and_said(load):
    load(row_2019())
    modify(duration_months=18, procedure="open")
    report = load(row_2019(dureeMois=24, codeCPV="45000000"))
    market = Market.objects.get()
    assert (market.duration_months, market.procedure, market.cpv) == (18, "open", "45000000")
    assert report.lines[0].notes == ("laissé tel que saisi : durée (mois), procédure",)


def test_what_a_person_wrote_is_left_after_other_imports_too(load):
    load(row_2019())
    modify(duration_months=18)
    load(row_2019(codeCPV="45000000"))
    load(row_2019(dureeMois=36, codeCPV="45000000"))
    assert Market.objects.get().duration_months == 18


def test_what_a_person_did_not_touch_is_still_corrected(load):
    load(row_2019())
    modify(title="Collège Camus")
    load(row_2019(dureeMois=24))
    market = Market.objects.get()
    assert (market.title, market.duration_months) == ("Collège Camus", 24)


def test_an_amount_a_person_wrote_is_left(load):
    load(row_2019())
    amounts = LotFinancials.objects.get()
    amounts.awarded_amount = 70000
    amounts.save()
    report = load(row_2019(montant=80000))
    assert LotFinancials.objects.get().awarded_amount == 70000
    assert report.lines[0].notes == ("laissé tel que saisi : montant attribué (€ HT)",)


def test_a_market_typed_by_a_person_receives_its_award(load):
    territory = Territory.objects.get(code="AIX")
    typed = Market.objects.create(
        buyer_siret=BUYER, number="2024-T00017", title="École", kind=MarketKind.WORKS, procedure="adapted"
    )
    Lot.objects.create(market=typed, number="1", title="École", territory=territory)
    report = load(row_2022(), layout=as_2022)
    market, lot = Market.objects.get(), Lot.objects.get()
    assert (market.title, market.procedure, market.source) == ("École", "adapted", Source.MANUAL)
    assert (market.cpv, market.notified_on) == ("45421141", date(2024, 2, 14))
    assert (lot.awards.get().company.siret, lot.financials.awarded_amount) == (COMPANY, Decimal("386075.84"))
    assert outcomes(report) == ["updated"]
    before = sizes()
    assert outcomes(load(row_2022(), layout=as_2022)) == ["unchanged"]
    assert sizes() == before


def test_a_lot_published_later_joins_its_market(load):
    load(row_2019(), row_2019(id="2019M1900500", objet="Réhabilitation du collège - Lot 4 : Peinture"))
    load(row_2019(id="2019M1900600", objet="Réhabilitation du collège - Lot 5 : Sols", codeCPV="45430000"))
    assert Market.objects.get().cpv == "45421160"
    assert sorted(lot.number for lot in Lot.objects.all()) == ["3", "4", "5"]


def test_considerations_of_the_lots_add_up(load):
    lots = [
        row_2022(id=f"2024A0L{n}", objet="École", considerationsSociales=[words])
        for n, words in enumerate(("Pas de considération sociale", "Marché réservé", "Clause sociale"), start=1)
    ]
    load(lots[0], lots[1], layout=as_2022)
    assert Market.objects.get().social_considerations == ["reserved"]
    load(lots[2], layout=as_2022)
    assert Market.objects.get().social_considerations == ["clause", "reserved"]
    before = sizes()
    load(*lots, layout=as_2022)
    assert sizes() == before


@pytest.mark.parametrize(
    ("code", "declared", "territory"),
    [
        ("13001", "Code commune", "AIX"),
        ("13001", "Code postal", "MARSEILLE"),
        ("13001", "Code région", "DEPARTEMENT"),
        ("13100", "Code postal", "AIX"),
        ("13201", "Code commune", "MARSEILLE"),
        ("84120", "Code postal", "AIX"),
        ("83120", "Code commune", "AUBAGNE"),
        ("13500", "Code postal", "MARTIGUES"),
        ("13999", "Code postal", "DEPARTEMENT"),
        ("13", "Code département", "DEPARTEMENT"),
        ("131", "Code arrondissement", "DEPARTEMENT"),
        ("93", "Code région", "DEPARTEMENT"),
        ("FR", "Code pays", "DEPARTEMENT"),
        ("93", "Code département", "HORS"),
        ("69123", "Code commune", "HORS"),
        ("", "", "DEPARTEMENT"),
    ],
)
def test_the_place_gives_the_territory(load, code, declared, territory):
    load(row_2019(lieuExecution={"code": code, "typeCode": declared}))
    assert Lot.objects.get().territory.code == territory


def test_the_buyer_of_the_pes_extract_gives_the_territory(load):
    header = "id_marche,date_notification,objet_marche,montant_marche,id_acheteur,code_postal_acheteur\n"
    supplies = f"2025A,2025-12-12,Achat de véhicules,80000,{BUYER},13002\n"
    works = f"2025B,2025-12-12,Travaux de voirie,80000,{BUYER},06364\n"
    load(header + supplies + works, layout=stream)
    assert list(Lot.objects.order_by("pk").values_list("territory__code", "market__kind")) == [
        ("DEPARTEMENT", "supplies"),
        ("HORS", "works"),
    ]


def test_the_number_of_queries_does_not_follow_the_number_of_records(load):
    def rows(letter, size):
        return [row_2019(id=f"2019{letter}{n}00", objet=f"Objet {letter}{n}") for n in range(size)]

    def count(*records):
        with connection.execute_wrapper(counter := _Counter()):
            load(*records)
        return counter.number

    load(row_2019())  # the company is known: it would be written in one case and read in the other
    assert count(*rows("A", 2)) == count(*rows("B", 7))
    assert count(*rows("A", 2)) == count(*rows("B", 7))


class _Counter:
    number = 0

    def __call__(self, execute, sql, params, many, context):
        self.number += 1
        return execute(sql, params, many, context)


def test_two_imports_at_once_are_refused(load):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('import_decp'), 0)")
            with pytest.raises(Conflict, match="Un autre import est en cours"):
                load(row_2019())
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert outcomes(load(row_2019())) == ["created"]
