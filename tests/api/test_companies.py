"""Companies by key: national by their SIRET, in sight by their lots, with the people one speaks to there (A8, C22)."""

import pytest

from facilitators.enums import KeyScope
from markets.models import Company, CompanyContact
from tests.factories.companies import CompanyContactFactory
from tests.factories.facilitators import CommuneFactory, TerritoryFactory, siret
from tests.factories.markets import AwardFactory, CompanyFactory
from tests.support.writing import accepted, not_to_be_sent

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

CONTACT = {"role": "insertion", "name": "Camille Martin", "email": "camille@entreprise.example"}


@pytest.fixture
def company(territory):
    """A company that holds a lot of the territory."""
    return AwardFactory(lot__territory=territory).company


@pytest.fixture
def foreign():
    """A company that holds a lot elsewhere, with somebody to speak to."""
    company = AwardFactory(lot__territory=TerritoryFactory()).company
    CompanyContactFactory(company=company, name="Dominique Ailleurs")
    return company


def test_a_company_is_deposited(depositor):
    response = depositor.write("/companies", {"siret": siret(77), "name": "Façades", "external_reference": "E-1"})
    assert response.status_code == 201, response.json()
    assert (response.json()["siret"], response.json()["external_reference"]) == (siret(77), "E-1")
    assert Company.objects.get().history.get().history_user == depositor.account


def test_a_company_known_elsewhere_is_given_without_saying_so(depositor, foreign):
    new = depositor.write("/companies", {"siret": siret(77), "name": foreign.name})
    known = depositor.write("/companies", {"siret": foreign.siret, "name": "Un autre nom"})
    assert (known.status_code, new.status_code) == (201, 201)
    told = [{**answer.json(), "id": 0, "version": 0, "siret": ""} for answer in (known, new)]
    assert told[0] == told[1]
    assert b"Ailleurs" not in known.content
    assert Company.objects.get(pk=foreign.pk).name == foreign.name


def test_a_company_elsewhere_does_not_exist(depositor, foreign):
    assert depositor.read("/companies").json()["items"] == []
    asked = [
        lambda pk: depositor.read(f"/companies/{pk}"),
        lambda pk: depositor.change(f"/companies/{pk}", {"version": 1, "name": "Autre"}),
        lambda pk: depositor.write(f"/companies/{pk}/contacts", CONTACT),
    ]
    for ask in asked:
        there, nowhere = ask(foreign.pk), ask(foreign.pk + 1000)
        assert (there.status_code, there.content) == (404, nowhere.content)
    assert CompanyContact.objects.count() == 1


def test_contacts_are_read_and_added(depositor, reader, company):
    path = f"/companies/{company.pk}"
    created = depositor.write(f"{path}/contacts", CONTACT)
    assert created.status_code == 201, created.json()
    [contact] = reader.read(path).json()["contacts"]
    assert contact == created.json()
    assert contact.items() >= CONTACT.items()
    kept = CompanyContact.objects.get()
    assert (kept.company, kept.confirmed_by) == (company, depositor.account)
    silent = depositor.write(f"{path}/contacts", {"role": "hr", "name": "Sans adresse"})
    assert silent.json()["errors"][0]["message"] == "Indiquez une adresse électronique ou un téléphone."


def test_a_change_names_the_version_that_was_read(depositor, company):
    path, commune = f"/companies/{company.pk}", CommuneFactory()
    version = depositor.read(path).json()["version"]
    fields = {"kind": "ei", "naf": "43.21A", "commune": commune.insee_code}
    changed = depositor.change(path, fields | {"version": version})
    assert changed.status_code == 200, changed.json()
    assert changed.json().items() >= (fields | {"is_siae": True}).items()
    assert depositor.change(path, {"kind": "company", "version": version}).status_code == 409
    company.refresh_from_db()
    assert (company.kind, company.verified_by) == ("ei", depositor.account)


def test_a_liquidation_is_not_written_here(depositor, company):
    version = depositor.read(f"/companies/{company.pk}").json()["version"]
    fields = {"insolvency": "liquidation", "insolvency_on": "2026-09-01", "version": version}
    refused = depositor.change(f"/companies/{company.pk}", fields)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "insolvency")
    assert depositor.change(f"/companies/{company.pk}", fields | {"insolvency": "safeguard"}).status_code == 200


def test_a_key_that_reads_does_not_write(reader, company):
    answers = [
        reader.write("/companies", {"siret": siret(77)}),
        reader.change(f"/companies/{company.pk}", {"version": 1, "name": "Autre"}),
        reader.write(f"/companies/{company.pk}/contacts", CONTACT),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert not CompanyContact.objects.exists()


def test_only_its_own_fields_are_taken(depositor, company):
    at_first, later = {"siret", "name"}, {"name", "kind", "size", "naf", "commune", "insolvency", "insolvency_on"}
    shared, path = {"external_reference", "version"}, f"/companies/{company.pk}"
    names = not_to_be_sent(Company, at_first | later | shared)
    assert {"id", "is_siae", "verified_by", "directory_state", "awards"} <= set(names)
    body = {"siret": siret(77)}
    assert accepted(lambda forged: depositor.write("/companies", body | forged), [*names, "kind", "version"]) == []
    assert accepted(lambda forged: depositor.change(path, {"version": 1} | forged), [*names, "siret"]) == []
    forged = not_to_be_sent(CompanyContact, {*CONTACT, "job_title", "phone", "receives_reminders"})
    assert accepted(lambda more: depositor.write(f"{path}/contacts", CONTACT | more), forged) == []
    assert Company.objects.get().verified_by is None


def test_many_are_written_or_none(depositor):
    lines = [{"siret": siret(77), "external_reference": "E-1"}, {"siret": "12345678901234"}]
    refused = depositor.write("/companies/bulk", {"items": lines})
    assert (refused.status_code, Company.objects.exists()) == (422, False)
    assert [(error["line"], error["field"]) for error in refused.json()["errors"]] == [(2, "siret")]
    lines[1] = {"siret": siret(76)}
    written = depositor.write("/companies/bulk", {"items": lines}).json()["items"]
    assert [row["siret"] for row in written] == [siret(77), siret(76)]


def test_a_reference_names_one_company_of_a_structure(depositor, company):
    named = depositor.write("/companies", {"siret": company.siret, "external_reference": "E-1"}).json()
    assert named["id"] == company.pk
    other = depositor.write("/companies", {"siret": siret(77), "external_reference": "E-1"})
    assert (other.status_code, other.json()["existing"]) == (409, company.pk)
    assert [row["id"] for row in depositor.read("/companies", {"external_reference": "E-1"}).json()["items"]] == [
        company.pk
    ]


def test_a_list_is_filtered_by_its_siret(reader, company, foreign):
    for asked, expected in ((company.siret, [company.pk]), (foreign.siret, [])):
        assert [row["id"] for row in reader.read("/companies", {"siret": asked}).json()["items"]] == expected
    for name in ("limit", "ordering", "awards__lot__financials__estimated_amount__gt"):
        assert reader.read("/companies", {name: "1000000000"}).status_code == 400


def test_more_companies_cost_no_more(reader, company, count_queries):
    lot = company.awards.get().lot

    def more(number):
        for _ in range(number):
            CompanyContactFactory(company=AwardFactory(lot=lot, company=CompanyFactory()).company)

    more(9)
    reader.read("/companies")
    ten = count_queries(lambda: reader.read("/companies"))
    more(20)
    assert len(reader.read("/companies").json()["items"]) == 30
    assert count_queries(lambda: reader.read("/companies")) == ten <= 11


def test_a_key_of_hours_does_not_read_companies(as_key, company):
    assert as_key(KeyScope.READ_HOURS).read("/companies").status_code == 403
