from django.urls import path

import clauses_portal.core.exports.routes  # noqa: F401 (« <export:…> »)
from facilitators import (
    invitation_views,
    journal_views,
    key_views,
    office_views,
    own_views,
    search_views,
    state_views,
    views,
    webhook_views,
)

app_name = "facilitators"
urlpatterns = [
    path("notifications/", own_views.notification_list, name="notifications"),
    path("notifications/lues/", own_views.notifications_read, name="notifications_read"),
    path("mes-coordonnees/", own_views.contact_edit, name="contact"),
    path("journal/", journal_views.journal, name="journal"),
    path("journal/export.<export:file_format>", journal_views.journal_export, name="journal_export"),
    path("recherche/communes/", search_views.commune_search, name="commune_search"),
    path("comptes-et-droits/", views.account_list, name="accounts"),
    path("comptes-et-droits/inviter/", invitation_views.invitation_create, name="invite"),
    path(
        "comptes-et-droits/invitations/<int:pk>/renvoyer/", invitation_views.invitation_resend, name="invitation_resend"
    ),
    path(
        "comptes-et-droits/invitations/<int:pk>/retirer/", invitation_views.invitation_revoke, name="invitation_revoke"
    ),
    path("invitation/", invitation_views.invitation_accept, name="invitation"),
    path("invitation/<str:token>/", invitation_views.invitation_link, name="invitation_link"),
    path("comptes-et-droits/<int:pk>/roles/", views.membership_grant, name="grant"),
    path("comptes-et-droits/<int:pk>/activite/", views.account_switch, name="account_switch"),
    path("comptes-et-droits/<int:pk>/sessions/", views.account_sign_out, name="account_sign_out"),
    path("comptes-et-droits/<int:pk>/second-facteur/", views.account_factor_reset, name="account_factor_reset"),
    path("comptes-et-droits/roles/<int:pk>/retirer/", views.membership_revoke, name="revoke"),
    path("cles-d-acces/", key_views.key_list, name="keys"),
    path("cles-d-acces/nouvelle/<slug:direction>/", key_views.key_create, name="key_create"),
    path("cles-d-acces/<int:pk>/", key_views.key_detail, name="key"),
    path("cles-d-acces/<int:pk>/revoquer/", key_views.key_revoke, name="key_revoke"),
    path("avertissements-automatiques/", webhook_views.webhook_list, name="webhooks"),
    path("avertissements-automatiques/nouveau/", webhook_views.webhook_create, name="webhook_create"),
    path("avertissements-automatiques/<int:pk>/", webhook_views.webhook_detail, name="webhook"),
    path("avertissements-automatiques/<int:pk>/essayer/", webhook_views.webhook_try, name="webhook_try"),
    path("avertissements-automatiques/<int:pk>/arreter/", webhook_views.webhook_stop, name="webhook_stop"),
    path(
        "avertissements-automatiques/messages/<int:pk>/renvoyer/", webhook_views.delivery_retry, name="delivery_retry"
    ),
    path("etat-du-portail/", state_views.state, name="portal_state"),
    path("conventions-et-directions/", office_views.office, name="office"),
    path("conventions/nouvelle/", office_views.convention_create, name="convention_create"),
    path("conventions/<int:pk>/", office_views.convention_edit, name="convention_edit"),
    path("directions/nouvelle/", office_views.directorate_create, name="directorate_create"),
    path("directions/<int:pk>/", office_views.directorate_edit, name="directorate_edit"),
]
