"""Only what a closed portal needs of django-allauth: no sign-up, no address change."""

from allauth.account import views
from django.urls import path, re_path

from clauses_portal.accounts import account_views, proconnect_views, second_factor_views, session_views
from clauses_portal.accounts.recent import recently_authenticated
from clauses_portal.accounts.views import sign_in

urlpatterns = [
    path("", account_views.account, name="account"),
    path("charte/", account_views.charter, name="charter"),
    path("second-facteur/", second_factor_views.show_second_factor, name="mfa_authenticate"),
    path("second-facteur/application/", second_factor_views.app_set_up, name="second_factor_app"),
    path("second-facteur/codes-de-secours/", second_factor_views.recovery_codes, name="recovery_codes"),
    path(
        "second-facteur/codes-de-secours/nouveaux/",
        second_factor_views.recovery_codes_renew,
        name="recovery_codes_renew",
    ),
    path("second-facteur/cles/nouvelle/", second_factor_views.passkey_add, name="passkey_add"),
    path("second-facteur/<int:pk>/supprimer/", second_factor_views.factor_remove, name="factor_remove"),
    path("connexion/cle/", second_factor_views.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("confirmation/", second_factor_views.confirm_by_password, name="account_reauthenticate"),
    path("confirmation/code/", second_factor_views.confirm_by_code, name="mfa_reauthenticate"),
    path("confirmation/cle/", second_factor_views.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("proconnect/", proconnect_views.proconnect_sign_in, name="proconnect_sign_in"),
    path("proconnect/retour/", proconnect_views.proconnect_return, name="proconnect_return"),
    path("proconnect/relier/", proconnect_views.proconnect_link, name="proconnect_link"),
    path("proconnect/confirmer/", proconnect_views.proconnect_confirm, name="proconnect_confirm"),
    path("proconnect/delier/", proconnect_views.proconnect_unlink, name="proconnect_unlink"),
    path("connexion/", sign_in, name="account_login"),
    path("sessions/", session_views.session_list, name="sessions"),
    path("sessions/autres/fin/", session_views.session_end_others, name="sessions_end_others"),
    path("sessions/<int:pk>/fin/", session_views.session_end, name="session_end"),
    path("deconnexion/", views.logout, name="account_logout"),
    path("mot-de-passe/", views.password_change, name="account_change_password"),
    path("mot-de-passe/premier/", recently_authenticated(views.password_set), name="account_set_password"),
    path("mot-de-passe/oubli/", views.password_reset, name="account_reset_password"),
    path("mot-de-passe/oubli/envoye/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/oubli/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/oubli/fait/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
