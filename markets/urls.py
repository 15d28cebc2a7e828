from django.urls import path

from markets import views

app_name = "markets"
urlpatterns = [
    path("marches/", views.market_list, name="list"),
    path("marches/nouveau/", views.market_create, name="create"),
    path("marches/<int:pk>/", views.market_detail, name="detail"),
    path("marches/<int:pk>/modifier/", views.market_edit, name="edit"),
    path("marches/<int:pk>/lots/nouveau/", views.lot_create, name="lot_create"),
    path("lots/<int:pk>/", views.lot_detail, name="lot"),
    path("lots/<int:pk>/modifier/", views.lot_edit, name="lot_edit"),
    path("lots/<int:pk>/solder/", views.lot_close, name="lot_close"),
    path("lots/<int:pk>/montants/", views.lot_amounts, name="lot_amounts"),
    path("lots/<int:pk>/decision/", views.decide, name="decide"),
    path("lots/<int:pk>/decision/reprendre/", views.reopen, name="reopen"),
    path("lots/<int:pk>/calibrage/", views.calibration_propose, name="calibrate"),
    path("lots/<int:pk>/entreprises/nouvelle/", views.award_create, name="award"),
    path("lots/<int:pk>/alertes/nouvelle/", views.alert_create, name="alert_create"),
    path("calibrages/<int:pk>/retenir/", views.calibration_retain, name="retain"),
    path("attributions/<int:pk>/objectif/", views.objective_add, name="objective"),
    path("marches/<int:pk>/questions/", views.question_list, name="questions"),
    path("marches/<int:pk>/questions/profil/", views.questions_publish, name="questions_publish"),
    path("marches/<int:pk>/questions/reponses.docx", views.questions_paper, name="questions_paper"),
    path("questions/<int:pk>/reponse/", views.question_answer, name="question_answer"),
    path("referents/", views.referent_list, name="referents"),
    path("referents/transfert/", views.portfolio_transfer, name="portfolio"),
    path("lots/<int:pk>/referent/", views.referent_assign, name="referent"),
    path("alertes/", views.alert_list, name="alerts"),
    path("alertes/<int:pk>/clore/", views.alert_close, name="alert_close"),
    path("a-instruire/", views.queue, name="queue"),
    path("imports/", views.import_list, name="imports"),
    path("imports/<int:pk>/", views.import_detail, name="import"),
    path("imports/<int:pk>/avancement/", views.import_progress, name="import_progress"),
    path("imports/<int:pk>/appliquer/", views.import_apply, name="import_apply"),
]
