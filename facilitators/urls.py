from django.urls import path

from facilitators import key_views, office_views, own_views, search_views, views

app_name = "facilitators"
urlpatterns = [
    path("notifications/", own_views.notification_list, name="notifications"),
    path("notifications/lues/", own_views.notifications_read, name="notifications_read"),
    path("mes-coordonnees/", own_views.contact_edit, name="contact"),
    path("recherche/communes/", search_views.commune_search, name="commune_search"),
    path("comptes-et-droits/", views.account_list, name="accounts"),
    path("comptes-et-droits/nouveau/", views.account_create, name="account_create"),
    path("comptes-et-droits/<int:pk>/roles/", views.membership_grant, name="grant"),
    path("comptes-et-droits/<int:pk>/activite/", views.account_switch, name="account_switch"),
    path("comptes-et-droits/roles/<int:pk>/retirer/", views.membership_revoke, name="revoke"),
    path("cles-d-acces/", key_views.key_list, name="keys"),
    path("conventions-et-directions/", office_views.office, name="office"),
    path("conventions/nouvelle/", office_views.convention_create, name="convention_create"),
    path("conventions/<int:pk>/", office_views.convention_edit, name="convention_edit"),
    path("directions/nouvelle/", office_views.directorate_create, name="directorate_create"),
    path("directions/<int:pk>/", office_views.directorate_edit, name="directorate_edit"),
]
