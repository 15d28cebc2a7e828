"""An export and an import of somebody, as the access matrix needs them."""

from django.utils import timezone

from clauses_portal.core.jobs import JobState
from facilitators.enums import KeyDirection
from reporting.enums import ExchangeOutcome, ExchangeTable
from reporting.models import DataImport, ExchangeLine, PackageExport
from tests.factories.facilitators import StructureFactory


def package_rows(author):
    """{name: row}: a package written, an import tried with a line to settle."""
    asked = {"structure": StructureFactory(), "asked_by": author, "asked_at": timezone.now(), "state": JobState.DONE}
    asked["finished_on"] = timezone.now()
    exported = PackageExport.objects.create(direction=KeyDirection.TO_DEPARTMENT, **asked)
    tried = DataImport.objects.create(system="abc", file_name="paquet.zip", content=b"PK", sha256="1" * 64, **asked)
    ExchangeLine.objects.create(
        source=tried, table=ExchangeTable.PERSONS, row=2, reference="P1", outcome=ExchangeOutcome.CONFLICT
    )
    return {"package": exported, "package_import": tried}
