from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("logos/", views.logo_list, name="logos"),
    path("etats/", views.statement_list, name="list"),
    path("etats/<int:pk>/", views.statement_detail, name="statement"),
    path("etats/<int:pk>/apercu/", views.statement_preview, name="preview"),
    path("etats/<int:pk>/publier/", views.statement_publish, name="publish"),
    path("etats/<int:pk>/document.pdf", views.statement_download, name="download"),
    path("productions/<int:pk>/", views.job_progress, name="job"),
]
