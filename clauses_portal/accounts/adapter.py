from allauth.account.adapter import DefaultAccountAdapter


class ClosedSignupAdapter(DefaultAccountAdapter):
    """Nobody opens an account alone: accounts are made by the administrator."""

    def is_open_for_signup(self, request):
        return False
