from datetime import date

import pytest

from markets.enums import AwardRole
from markets.models import Award, Company
from tests.markets.importers.decp_files import (
    COMPANY,
    OTHER_COMPANY,
    WRONG_KEY,
    as_2022,
    holders,
    row_2019,
    row_2022,
)
from tests.markets.importers.decp_imports import outcomes, sizes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "roles"),
    [
        ({"typeGroupementOperateurs": "Conjoint"}, ["lead", "member"]),
        ({"typeGroupementOperateurs": "Solidaire"}, ["lead", "member"]),
        ({"typeGroupementOperateurs": "Pas de groupement"}, ["holder", "holder"]),
        ({"typeGroupementOperateurs": "CDL"}, ["lead", "member"]),
        ({"typeGroupementOperateurs": "CDL", "techniques": ["Accord-cadre"]}, ["holder", "holder"]),
    ],
)
def test_several_holders_are_a_group_or_several_holders(load, change, roles):
    load(row_2022(titulaires=holders(COMPANY, OTHER_COMPANY), **change), layout=as_2022)
    assert [(a.company.siret, a.role) for a in Award.objects.order_by("pk")] == [
        (COMPANY, roles[0]),
        (OTHER_COMPANY, roles[1]),
    ]


def test_holders_told_in_another_order_keep_their_roles(load):
    load(row_2022(titulaires=holders(COMPANY, OTHER_COMPANY)), layout=as_2022)
    before = sizes()
    assert outcomes(load(row_2022(titulaires=holders(OTHER_COMPANY, COMPANY)), layout=as_2022)) == ["unchanged"]
    assert sizes() == before


def test_a_subcontractor_depends_on_the_holder(load):
    act = {
        "id": 1,
        "sousTraitant": holders(OTHER_COMPANY)[0],
        "montant": 5000,
        "dateNotification": "2024-05-06",
    }
    row = row_2022(actesSousTraitance=[{"acteSousTraitance": act}])
    load(row, layout=as_2022)
    subcontract = Award.objects.get(role=AwardRole.SUBCONTRACTOR)
    assert (subcontract.company.siret, subcontract.parent.company.siret) == (OTHER_COMPANY, COMPANY)
    assert subcontract.notified_on == date(2024, 5, 6)
    assert outcomes(load(row, layout=as_2022)) == ["unchanged"]


def test_a_subcontractor_without_any_holder_is_said(load):
    act = {"acteSousTraitance": {"id": 1, "sousTraitant": holders(OTHER_COMPANY)[0]}}
    report = load(row_2022(titulaires=holders(WRONG_KEY), actesSousTraitance=[act]), layout=as_2022)
    assert "sous-traitance non reprise : aucun titulaire n’a de SIRET" in report.lines[0].notes
    assert not Award.objects.exists()


def test_a_subcontractor_nobody_can_identify_is_said(load):
    acts = [{"acteSousTraitance": {"id": 1, "sousTraitant": {"id": told}}} for told in ("214356", "CDL")]
    report = load(row_2022(actesSousTraitance=acts), layout=as_2022)
    assert report.lines[0].notes == ("sous-traitant « 214356 » : SIRET absent ou faux, non repris",)
    assert [award.role for award in Award.objects.all()] == [AwardRole.HOLDER]


def test_a_holder_brought_by_a_modification_is_added_not_swapped(load):
    load(row_2019())
    change = {"dateNotificationModification": "2020-02-03", "titulaires": holders(COMPANY, OTHER_COMPANY)}
    report = load(row_2019(id="2019M1900401", modifications=[change]))
    assert outcomes(report) == ["updated"]
    assert report.lines[0].notes == ("modifications publiées : 1, la dernière notifiée le 03/02/2020",)
    assert [(a.company.siret, a.notified_on) for a in Award.objects.order_by("pk")] == [
        (COMPANY, date(2019, 1, 22)),
        (OTHER_COMPANY, date(2020, 2, 3)),
    ]


def test_a_company_gets_its_name_once(load):
    load(row_2022(), layout=as_2022)
    assert Company.objects.get().name == ""
    load(row_2019())
    load(row_2019(titulaires=[holders(COMPANY)[0] | {"denominationSociale": "ALPHA SAS"}]))
    assert Company.objects.get().name == "Alpha"
