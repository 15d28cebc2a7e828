"""The programming interface, version 1: every resource in one place (C22, docs/api.md)."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from clauses_portal.api_docs.views import DocumentView
from clauses_portal.core.api.problems import CODES
from clauses_portal.core.api.unknown import unknown_address
from clauses_portal.core.errors import CHANGED_MEANWHILE
from facilitators.api import idempotency
from facilitators.permissions import CONVENTION_OVER
from facilitators.references import TAKEN
from markets.api.alerts import AlertViewSet
from markets.api.awards import AwardViewSet
from markets.api.companies import CompanyViewSet
from markets.api.lots import LotViewSet
from markets.api.markets import MarketViewSet
from markets.services import received
from markets.services.alerts import ALREADY_ANSWERED, ALREADY_CLOSED
from operations.api import OperationViewSet
from participants.api import codes as participants_codes
from participants.api.contracts import ContractViewSet
from participants.api.exits import ExitViewSet
from participants.api.hours import HoursViewSet
from participants.api.participants import ParticipantViewSet
from participants.api.validations import ValidationViewSet
from reporting.api.packages import PackageExportViewSet, PackageViewSet
from reporting.api.references import ReferenceViewSet
from reporting.api.statements import StatementViewSet
from reporting.exchange import recording

# Stable codes of the refusals a program may want to recognise (security.md §3).
CODES.update(
    {
        CHANGED_MEANWHILE: "stale_version",
        CONVENTION_OVER: "convention_over",
        TAKEN: "reference_taken",
        received.DECIDED_OTHERWISE: "decided_otherwise",
        received.OTHER_BASIS: "other_legal_basis",
        received.OTHER_HOURS: "hours_already_retained",
        ALREADY_ANSWERED: "already_answered",
        ALREADY_CLOSED: "already_closed",
        recording.ALREADY_IMPORTED.format(day="JJ/MM/AAAA"): recording.AlreadyImported.code,
        idempotency.UNDER_WAY: "request_under_way",
        idempotency.OTHER_REQUEST: "repetition_key_reused",
    }
    | participants_codes.CODES
)

router = SimpleRouter(trailing_slash=False)
router.register("operations", OperationViewSet)
router.register("markets", MarketViewSet)
router.register("lots", LotViewSet)
router.register("companies", CompanyViewSet)
router.register("awards", AwardViewSet)
router.register("alerts", AlertViewSet)
router.register("participants", ParticipantViewSet)
router.register("validations", ValidationViewSet)
router.register("contracts", ContractViewSet)
router.register("hours", HoursViewSet)
router.register("exits", ExitViewSet)
router.register("statements", StatementViewSet)
router.register("packages/exports", PackageExportViewSet, basename="package-export")
router.register("packages", PackageViewSet, basename="package")
router.register("references", ReferenceViewSet, basename="reference")

app_name = "api"
urlpatterns = [
    path("v1/openapi.json", DocumentView.as_view(), name="document"),
    path("v1/", include(router.urls)),
    re_path("", unknown_address),
]
