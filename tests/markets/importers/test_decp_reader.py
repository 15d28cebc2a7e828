import json
from datetime import date
from decimal import Decimal

import pytest

from markets.enums import MarketKind, Procedure, SocialConsideration, Technique
from markets.importers.decp import read_decp, vocabulary
from tests.markets.importers.decp_files import (
    BUYER,
    COMPANY,
    OTHER_COMPANY,
    as_2019,
    as_2022,
    row_2019,
    row_2022,
    stream,
)


def only(source):
    (record,) = read_decp(source).records
    return record


def test_a_2019_record_is_read_whole():
    record = only(as_2019(row_2019(), source="data.gouv.fr_pes"))
    assert (record.position, record.buyer_siret, record.buyer_name) == (1, BUYER, "Département")
    assert (record.market_id, record.number) == ("2019M1900400", "2019M19004")
    assert (record.title, record.lot_number, record.lot_title) == (
        "Réhabilitation du collège - Lot 3 : Serrurerie",
        "3",
        "Serrurerie",
    )
    assert (record.nature, record.kind, record.procedure, record.cpv) == (
        "market",
        "works",
        "adapted",
        "45421160",
    )
    assert (record.place_code, record.place_type, record.duration_months) == ("13001", "commune", 12)
    assert (record.notified_on, record.published_on) == (date(2019, 1, 22), date(2019, 2, 8))
    assert (record.amount, record.amount_warning) == (Decimal("76975.50"), "")
    assert record.holders[0].siret == COMPANY
    assert (record.source, record.warnings) == ("data.gouv.fr_pes", ())


def test_a_2022_record_is_read_whole():
    record = only(as_2022(row_2022(idAccordCadre="2023-1")))
    assert record.number == record.market_id == "2024T00017"
    assert record.social_considerations == ("clause", "criterion")
    assert (record.group_type, record.framework_id) == ("joint", "2023-1")
    assert record.subcontracting_declared is True
    assert (record.place_code, record.place_type) == ("13", "department")


def test_the_words_of_the_reader_are_those_of_the_models():
    assert set(vocabulary.PROCEDURES.values()) <= set(Procedure.values)
    assert set(vocabulary.TECHNIQUES.values()) == set(Technique.values)
    assert set(vocabulary.SOCIAL.values()) == set(SocialConsideration.values)
    for enum, words in ((Procedure, vocabulary.PROCEDURES), (SocialConsideration, vocabulary.SOCIAL)):
        assert all(vocabulary.translate(label, words) == value for value, label in enum.choices)
    kinds = {vocabulary.kind_of(cpv, "", None) for cpv in ("45000000", "03000000", "48000000", "90000000", "71000000")}
    # No field of the DECP tells a social service from another.
    told = set(MarketKind.values) - {MarketKind.SOCIAL_SERVICES}
    assert kinds | {vocabulary.kind_of("", "", "concession")} == told


@pytest.mark.parametrize(
    "cell",
    [
        {"considerationSociale": ["Clause sociale", "Marché réservé"]},
        ["Clause sociale", "Marché réservé"],
        "Clause sociale, Marché réservé",
        "['Clause sociale', 'Marché réservé']",
        "Clause sociale|Marché réservé|Clause sociale",
    ],
)
def test_social_considerations_come_in_five_shapes(cell):
    assert only(as_2022(row_2022(considerationsSociales=cell))).social_considerations == (
        "clause",
        "reserved",
    )


@pytest.mark.parametrize(
    "holders",
    [
        [{"titulaire": {"id": COMPANY, "typeIdentifiant": "SIRET"}}],
        [{"id": COMPANY, "typeIdentifiant": "SIRET"}],
        [[[[{"id": COMPANY, "typeIdentifiant": "SIRET"}]]]],
        {"titulaire": [{"id": COMPANY, "typeIdentifiant": "siret"}]},
        [{"id": " 732 829 320 00074\t", "typeIdentifiant": ""}],
        [{"id": COMPANY, "typeIdentifiant": "TVA_INTRACOMMUNAUTAIRE"}],
        [{"titulaire": "typeIdentifiant"}, {"titulaire": "id"}, {"titulaire": {"id": COMPANY}}],
        [{"id": COMPANY, "typeIdentifiant": "SIRET"}, {"id": COMPANY, "typeIdentifiant": "SIRET"}],
    ],
)
def test_holders_come_wrapped_in_many_ways(holders):
    (holder,) = only(as_2022(row_2022(titulaires=holders))).holders
    assert (holder.siret, holder.siren, holder.id_type) == (COMPANY, COMPANY[:9], "SIRET")


@pytest.mark.parametrize(
    ("identifier", "declared", "id_type", "siren", "words"),
    [
        ("732829320", "SIRET", "SIREN", "732829320", "SIREN sans établissement"),
        ("73282932000075", "SIRET", "SIRET", None, "SIRET absent ou faux"),
        ("4975434500021", "SIRET", "SIRET", None, "SIRET absent ou faux"),
        ("FR44732829320", "TVA", "TVA", "732829320", "identifiant TVA, sans SIRET"),
        ("DE243659508", "TVA_INTRACOMMUNAUTAIRE", "TVA", None, "identifiant TVA, sans SIRET"),
        ("587857001", "TAHITI", "TAHITI", None, "identifiant TAHITI, sans SIRET"),
        ("W751067032", "IREP", "IREP", None, "identifiant IREP, sans SIRET"),
        ("X1", "HORS-UE", "HORS-UE", None, "identifiant HORS-UE, sans SIRET"),
    ],
)
def test_a_holder_without_siret_is_kept_with_a_warning(identifier, declared, id_type, siren, words):
    holder = {"id": identifier, "typeIdentifiant": declared, "denominationSociale": "Beta"}
    record = only(as_2019(row_2019(titulaires=[holder])))
    kept = record.holders[0]
    assert (kept.identifier, kept.id_type, kept.siret, kept.siren) == (identifier, id_type, None, siren)
    assert record.warnings == (f"titulaire « Beta » : {words}",)


def test_a_shop_of_la_poste_has_its_own_key():
    record = only(as_2019(row_2019(titulaires=[{"id": "35600000049837", "typeIdentifiant": "SIRET"}])))
    assert record.holders[0].siret == "35600000049837"


def test_numbered_columns_give_the_holders_and_the_words_of_absence_give_none():
    row = {
        "id": "2024A1",
        "objet": "Peinture",
        "acheteur_id": BUYER,
        "titulaire_id_1": COMPANY,
        "titulaire_typeidentifiant_1": "SIRET",
        "titulaire_id_2": OTHER_COMPANY,
        "titulaire_id_3": "CDL",
        "titulaire_typeidentifiant_3": "CDL",
        "idmodification": "2",
        "montantmodification": "120.5",
        "datenotificationmodificationmodification": "2026-02-03",
        "idtitulairemodification": "CDL",
        "idactesoustraitance": "1",
        "idsoustraitant": OTHER_COMPANY,
        "montantactesoustraitance": "50",
        "idmodificationactesoustraitance": "1",
        "montantmodificationactesoustraitance": "60",
        "dureemoisactesoustraitance": "MQ",
    }
    record = only(stream(json.dumps([row])))
    assert [holder.siret for holder in record.holders] == [COMPANY, OTHER_COMPANY]
    assert [(m.number, m.amount, m.notified_on, m.holders) for m in record.modifications] == [
        (2, Decimal("120.50"), date(2026, 2, 3), ())
    ]
    assert [(s.number, s.siret, s.amount, s.duration_months) for s in record.subcontracts] == [
        (1, OTHER_COMPANY, Decimal("60.00"), None)
    ]


def test_a_consolidated_file_has_one_line_per_holder():
    header = "uid,id,acheteur_id,objet,titulaire_id,titulaire_typeIdentifiant,titulaire_nom,modification_id\n"
    line = f"u,2024A100,{BUYER},Peinture,{COMPANY},SIRET,Alpha,0\n"
    record = only(stream(header + line))
    assert (record.number, record.holders[0].siret, record.holders[0].name) == ("2024A100", COMPANY, "Alpha")


def test_modifications_are_read_in_the_order_of_their_days():
    changes = [
        {"modification": {"id": 2, "dateNotificationModification": "2025-04-09", "dureeMois": 30}},
        {"modification": {"id": 1, "dateNotificationModification": "2025-04-08", "montant": 12.5}},
        {"modification": {"id": 3, "titulaires": [{"titulaire": "id"}]}},
    ]
    record = only(as_2022(row_2022(modifications=changes)))
    assert [(m.number, m.amount, m.duration_months) for m in record.modifications] == [
        (1, Decimal("12.50"), None),
        (2, None, 30),
    ]


def test_a_2019_modification_keeps_its_object_and_new_holders():
    change = {
        "objetModification": "Changement de titulaire",
        "dateSignatureModification": "2021-03-01",
        "titulaires": [[{"id": OTHER_COMPANY, "typeIdentifiant": "SIRET"}]],
    }
    (read,) = only(as_2019(row_2019(modifications=[change]))).modifications
    assert (read.number, read.object, read.notified_on) == (1, "Changement de titulaire", date(2021, 3, 1))
    assert read.holders[0].siret == OTHER_COMPANY


def test_acts_of_subcontracting_are_read_as_last_modified():
    act = {
        "acteSousTraitance": {
            "id": 3,
            "sousTraitant": {"id": OTHER_COMPANY, "typeIdentifiant": "SIRET"},
            "montant": 10.5,
            "dureeMois": 3,
            "dateNotification": "2024-12-11",
        }
    }
    late = {"id": 3, "montant": 30, "dateNotificationModificationSousTraitance": "2025-08-07"}
    early = {"id": 3, "montant": 20, "dateNotificationModificationSousTraitance": "2025-01-07"}
    changes = [{"modificationActeSousTraitance": change} for change in (late, early)]
    record = only(as_2022(row_2022(actesSousTraitance=[act], modificationsActesSousTraitance=changes)))
    (subcontract,) = record.subcontracts
    assert (subcontract.number, subcontract.siret, subcontract.id_type) == (3, OTHER_COMPANY, "SIRET")
    assert (subcontract.amount, subcontract.duration_months) == (Decimal("30.00"), 3)


def test_a_concession_is_flagged_with_its_values():
    row = row_2019(
        _type="Contrat de concession",
        autoriteConcedante={"id": BUYER},
        valeurGlobale="9614691.00",
        montantSubventionPublique=5000,
        dateSignature="2018-10-01",
        dateDebutExecution="2018-11-01",
        concessionnaires=[{"concessionnaire": {"id": COMPANY, "typeIdentifiant": "SIRET"}}],
    )
    for name in ("acheteur", "titulaires", "montant", "dateNotification"):
        del row[name]
    record = only(as_2019(row))
    assert (record.kind, record.amount, record.notified_on) == (
        "concession",
        Decimal("9614691.00"),
        date(2018, 10, 1),
    )
    assert record.concession.public_subsidy == Decimal("5000.00")
    assert record.concession.started_on == date(2018, 11, 1)
    assert record.holders[0].siret == COMPANY


def test_a_market_with_empty_concession_fields_is_a_market():
    record = only(as_2022(row_2022(_type="Marché", autoriteConcedante="", valeurGlobale=0.0, concessionnaires="")))
    assert record.concession is None


@pytest.mark.parametrize(
    ("code", "declared", "expected"),
    [
        ("13", "Code postal", ("13", "department")),
        ("059", "Code département", ("59", "department")),
        ("974", "Code département", ("974", "department")),
        ("62041", "Code département", ("62041", "")),
        ("13100", "CODE POSTAL", ("13100", "postal")),
        ("FR13100", "Code postal", ("13100", "postal")),
        ("2A004", "Code commune", ("2A004", "commune")),
        ("FR", "Code pays", ("FR", "country")),
        ("FRANCE", "Code pays", ("FR", "country")),
        ("93", "Code région", ("93", "region")),
        ("131", "Code arrondissement", ("131", "arrondissement")),
        ("83220", "Code region", ("83220", "")),
        ("croix", "Code Postal", ("", "")),
    ],
)
def test_a_place_is_what_the_shape_of_its_code_says(code, declared, expected):
    record = only(as_2019(row_2019(lieuExecution={"code": code, "typeCode": declared})))
    assert (record.place_code, record.place_type) == expected
    assert bool(record.warnings) is (not record.place_code)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"objet": ""}, "objet du marché absent"),
        ({"objet": None}, "objet du marché absent"),
        ({"objet": ["x"]}, "objet du marché absent"),
        ({"acheteur": {}}, "acheteur absent"),
        ({"acheteur": {"id": "92240068352365"}}, "le SIRET de l’acheteur « 92240068352365 » est faux"),
        ({"montant": [[[[[[[[[[[[[["x"]]]]]]]]]]]]]]}, "l’enregistrement est imbriqué trop profondément"),
    ],
)
def test_a_broken_record_is_refused_among_good_ones(change, reason):
    reading = read_decp(as_2019(row_2019(), row_2019(id="CASSÉ") | change, row_2019()))
    assert [len(reading.records), len(reading.refusals)] == [2, 1]
    (refusal,) = reading.refusals
    assert (refusal.position, refusal.reason) == (2, reason)


def test_what_is_not_an_object_is_refused_alone():
    reading = read_decp(as_2019(row_2019(), None, "x", "", 3))
    assert [refusal.position for refusal in reading.refusals] == [2, 3, 4, 5]
    assert {refusal.reason for refusal in reading.refusals} == {"l’enregistrement n’est pas un objet"}


def test_a_key_given_twice_refuses_the_record():
    row = json.dumps(row_2019())
    twice = row.replace('"montant": 76975.5', '"montant": 1000, "montant": 76975.5')
    same = row.replace('"montant": 76975.5', '"montant": 76975.5, "montant": 76975.5')
    reading = read_decp(stream(f'{{"marches": [{twice}, {same}]}}'))
    assert [refusal.reason for refusal in reading.refusals] == ["la même clé y figure deux fois avec deux valeurs"]
    assert len(reading.records) == 1


def test_hostile_scalars_never_stop_the_reading():
    row = json.dumps(row_2019(objet="A\u0000B \ud83d")).replace("76975.5", "NaN").replace("12,", "9" * 6000 + ",")
    record = only(stream(f'{{"marches": [{row}]}}'))
    assert (record.title, record.amount, record.duration_months) == ("A B", None, None)
    assert record.warnings == ("durée invraisemblable ou illisible, ignorée",)


def test_a_missing_number_is_a_warning():
    record = only(as_2019(row_2019(id="")))
    assert record.number == ""
    assert record.warnings == ("numéro de marché absent",)
