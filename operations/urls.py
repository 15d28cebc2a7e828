from django.urls import path

from operations import views

app_name = "operations"
urlpatterns = [
    path("", views.operation_list, name="list"),
    path("nouvelle/", views.operation_create, name="create"),
    path("<int:pk>/", views.operation_detail, name="detail"),
    path("<int:pk>/modifier/", views.operation_edit, name="edit"),
    path("<int:pk>/calendrier/", views.milestone_plan, name="plan"),
]
