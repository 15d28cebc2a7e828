from django.urls import path

from participants import views

app_name = "participants"
urlpatterns = [
    path("personnes/", views.person_list, name="list"),
    path("personnes/nouvelle/", views.person_create, name="create"),
    path("personnes/<int:pk>/", views.person_detail, name="person"),
    path("personnes/<int:pk>/modifier/", views.person_edit, name="edit"),
    path("personnes/<int:pk>/validations/nouvelle/", views.validation_request, name="validation_request"),
    path("validations/", views.validation_queue, name="validations"),
    path("validations/<int:pk>/accorder/", views.validation_grant, name="validation_grant"),
    path("validations/<int:pk>/refuser/", views.validation_refuse, name="validation_refuse"),
    path("validations/<int:pk>/revoquer/", views.validation_revoke, name="validation_revoke"),
    path("lots/<int:pk>/contrats/nouveau/", views.contract_create, name="contract_create"),
    path("contrats/<int:pk>/fin/", views.contract_end, name="contract_end"),
    path("heures/", views.hours_lots, name="hours_lots"),
    path("lots/<int:pk>/heures/", views.hours_grid, name="hours"),
    path("lots/<int:pk>/heures/enregistrer/", views.hours_save, name="hours_save"),
]
