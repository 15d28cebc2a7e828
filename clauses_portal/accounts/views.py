from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.utils.module_loading import import_string

from clauses_portal.accounts.second_factor_views import RefusedStatus


class SignInView(RefusedStatus, LoginView):
    """allauth's sign-in; the demonstration shows its accounts, and only the demonstration."""

    def get_context_data(self, **kwargs):
        accounts = import_string(settings.DEMO_ACCOUNTS) if settings.DEMO else []
        return super().get_context_data(**kwargs) | {"demo_accounts": accounts}


sign_in = login_not_required(SignInView.as_view())
