"""The programming interface, version 1: every resource in one place (C22, docs/api.md)."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from clauses_portal.core.api.problems import CODES
from clauses_portal.core.api.unknown import unknown_address
from clauses_portal.core.errors import CHANGED_MEANWHILE
from facilitators.api import idempotency
from facilitators.permissions import CONVENTION_OVER
from facilitators.references import TAKEN
from operations.api import OperationViewSet
from reporting.api.references import ReferenceViewSet
from reporting.api.statements import StatementViewSet

# Stable codes of the refusals a program may want to recognise (security.md §3).
CODES.update(
    {
        CHANGED_MEANWHILE: "stale_version",
        CONVENTION_OVER: "convention_over",
        TAKEN: "reference_taken",
        idempotency.UNDER_WAY: "request_under_way",
        idempotency.OTHER_REQUEST: "repetition_key_reused",
    }
)

router = SimpleRouter(trailing_slash=False)
router.register("operations", OperationViewSet)
router.register("statements", StatementViewSet)
router.register("references", ReferenceViewSet, basename="reference")

app_name = "api"
urlpatterns = [
    path("v1/", include(router.urls)),
    re_path("", unknown_address),
]
