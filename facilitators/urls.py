from django.urls import path

from facilitators import views

app_name = "facilitators"
urlpatterns = [
    path("", views.account_list, name="accounts"),
    path("nouveau/", views.account_create, name="account_create"),
    path("<int:pk>/roles/", views.membership_grant, name="grant"),
    path("<int:pk>/activite/", views.account_switch, name="account_switch"),
    path("roles/<int:pk>/retirer/", views.membership_revoke, name="revoke"),
]
