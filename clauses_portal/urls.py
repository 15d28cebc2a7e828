from django.urls import include, path

from clauses_portal import api, pages
from clauses_portal.accounts import draft_views
from clauses_portal.api_docs import views as api_docs
from reporting.views import home

urlpatterns = [
    path("", home, name="home"),
    path("api/", api_docs.interface, name="interface"),
    path("api/openapi.json", api_docs.interface_document, name="interface_document"),
    path("api/", include(api)),
    path("compte/", include("clauses_portal.accounts.urls")),
    path("brouillons/<slug:key>/", draft_views.draft_save, name="draft_save"),
    path("brouillons/<slug:key>/abandonner/", draft_views.draft_discard, name="draft_discard"),
    path("", include("facilitators.urls")),
    path("operations/", include("operations.urls")),
    path("", include("markets.urls")),
    path("", include("participants.urls")),
    path("", include("reporting.urls")),
    path("aide/", pages.help_index, name="help"),
    path("aide/taches/", pages.help_tasks, name="help_tasks"),
    path("aide/<slug:slug>/", pages.help_sheet, name="help_sheet"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("mentions-legales/", pages.legal_notice, name="legal_notice"),
]

handler400 = "clauses_portal.core.errors.bad_request"
handler403 = "clauses_portal.core.errors.forbidden"
handler404 = "clauses_portal.core.errors.not_found"
handler429 = "clauses_portal.core.errors.too_many_requests"  # asked by django-allauth
handler500 = "clauses_portal.core.errors.server_error"
