"""Every page by which a file enters the portal: who may use it, what it asks beside the file, what it keeps."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from facilitators.enums import Role
from markets.models import DceDocument, DocumentTemplate, ImportRun, ProgrammeImport
from markets.services.company_links import address_of
from markets.tasks import import_file
from participants.models import HoursImport, MonthlyDeclaration
from reporting.enums import ExchangeTable
from reporting.models import BrandingLogo, DataImport
from tests.core.made_files import PDF, excel, image
from tests.factories.facilitators import DirectorateFactory
from tests.factories.links import CompanyLinkFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.participants import EmploymentContractFactory
from tests.factories.reporting import StatementFactory
from tests.support.paperwork import word

SHEET = excel({"Relevé": [["Nom", "Heures"], ["Le Goff", 70]]})
PICTURE, TABLE, PAPER, WORD = (".png", image("PNG")), (".xlsx", SHEET), (".pdf", PDF), (".docx", word("{{ heures }}"))


@dataclass
class Door:
    """`sound`: (extension, bytes) of a file it takes. `model`: what it keeps, None when it keeps nothing."""

    client: Client
    url: str
    model: type | None
    sound: tuple
    fields: dict
    field: str = "file"
    work: Callable | None = None

    def give(self, name, content):
        """Post a file of this name (as the browser says it) and content; returns the answer."""
        file = SimpleUploadedFile("x", content)
        file._name = name  # Django's own setter would clean it: a hostile browser does not
        return self.client.post(self.url, self.fields | {self.field: file})

    def kept(self):
        """How many rows it keeps."""
        return self.model.objects.count() if self.model else 0


def consultation(place):
    market = LotFactory(territory=place.territory).market
    return Door(
        place.as_role(Role.MISSION_OFFICER),
        reverse("markets:dce_deposit", args=[market.pk]),
        DceDocument,
        PAPER,
        {"kind": "cctp"},
    )


def template(place):
    url = reverse("markets:template_create")
    return Door(place.as_role(Role.MISSION_OFFICER), url, DocumentTemplate, WORD, {"kind": "ccap", "note": "Essai"})


def programme(place):
    direction = DirectorateFactory()
    agent = place.as_role(Role.DIRECTORATE_AGENT, directorate=direction)
    return Door(agent, reverse("markets:programme_import"), ProgrammeImport, TABLE, {"directorate": direction.pk})


def published_data(place):
    """Checked by the worker: JSON and CSV have no signature."""
    return Door(
        place.as_role(Role.MISSION_OFFICER),
        reverse("markets:imports"),
        ImportRun,
        (".csv", b"id;objet\n1;Voirie\n"),
        {"buyer_siret": ""},
        work=lambda: import_file(ImportRun.objects.latest("pk").pk),
    )


def statement(place):
    fields = {"territory": place.territory.pk, "company": _contract(place).employer_id, "month": ""}
    return Door(place.as_role(Role.FACILITATOR), reverse("participants:hours_imports"), HoursImport, TABLE, fields)


def _contract(place):
    award = AwardFactory(lot=LotFactory(territory=place.territory, calibrated=True))
    return EmploymentContractFactory(award=award, validated=True)


def _said(contract):
    return {f"hours-{contract.pk}": "35", "signatory": "Camille Paie", "certified": "on", "act": "send"}


def phone(place):
    contract = _contract(place)
    url = reverse("participants:declaration_type", args=[contract.employer_id]) + "?mois=2026-08"
    return Door(place.as_role(Role.FACILITATOR), url, MonthlyDeclaration, PAPER, _said(contract))


def company(place):
    """A visitor without account."""
    contract = _contract(place)
    link = CompanyLinkFactory(company=contract.employer)
    visitor = Client()
    visitor.get("/" + address_of(link).split("/", 3)[3])
    url, fields = reverse("participants:company_hours"), _said(contract) | {"link": str(link.pk)}
    return Door(visitor, url, MonthlyDeclaration, PAPER, fields)


def package(place):
    fields = {"structure": place.convention.structure.pk}
    return Door(
        place.as_role(Role.FACILITATOR), reverse("reporting:package_imports"), DataImport, (".zip", b""), fields
    )


def foreign(place):
    fields = {
        "structure": place.convention.structure.pk,
        "system": "Tableur",
        "kind": ExchangeTable.FOLLOW_UP.value,
        "year": "",
    }
    fields |= {"territory": place.territory.pk}
    return Door(place.as_role(Role.FACILITATOR), reverse("reporting:foreign_file"), DataImport, TABLE, fields)


def logo(place):
    fields = {"owner": "department", "alt": "Département", "valid_from": "2026-09-15"}
    return Door(
        place.as_role(Role.ADMINISTRATOR), reverse("reporting:logos"), BrandingLogo, PICTURE, fields, field="image"
    )


def verification(place):
    """Compared, then forgotten: nothing is kept, whatever is given."""
    StatementFactory(territory=place.territory, published=True, verification_code="7K3M-Q9XD-2TBW")
    return Door(Client(), reverse("reporting:verify"), None, PAPER, {"code": "7K3M-Q9XD-2TBW"}, field="document")


DOORS = {
    door.__name__: door
    for door in (
        *(consultation, template, programme, published_data, statement, phone, company, package, foreign, logo),
        verification,
    )
}
