"""The key in the Authorization header, and nowhere else (security.md §3, A13 and A20)."""

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, Throttled

from clauses_portal.core.throttle import MINUTE, address_of, is_one_too_many, is_over, note_failure
from facilitators.access_keys import read_key
from facilitators.permissions import scope_of
from facilitators.second_lock import act_for

WRONG = "access-key"
# Where a key must not be: such a request is refused even with a good one, so that nobody takes the habit.
IN_THE_ADDRESS = frozenset({"cle", "clé", "key", "api_key", "apikey", "access_key", "token", "authorization"})


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer csk_…`. Wrong keys are counted here: throttles come too late to see them."""

    def authenticate(self, request):
        if is_over(request, WRONG, settings.WRONG_KEYS_PER_MINUTE, within=MINUTE):
            raise Throttled(wait=MINUTE)
        header = get_authorization_header(request).split()
        in_the_address = IN_THE_ADDRESS & {name.lower() for name in request.GET}
        if not header and not in_the_address:
            raise NotAuthenticated
        address = address_of(request)
        key = None
        if len(header) == 2 and header[0].lower() == b"bearer" and not in_the_address:
            key = read_key(header[1].decode("latin-1"), address=address)
        # a key whose convention is over opens nothing (A22)
        if key is None or not scope_of(key.account).territories:
            note_failure(request, WRONG, within=MINUTE)
            raise AuthenticationFailed
        if is_one_too_many(key.account, "api", most=settings.API_REQUESTS_PER_MINUTE):
            raise Throttled(wait=MINUTE)
        request._request.used_key = key, address  # KeyUseMiddleware notes it
        act_for(key.account)
        return key.account, key

    def authenticate_header(self, request):
        return "Bearer"


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = KeyAuthentication
    name = "cleAcces"

    def get_security_definition(self, auto_schema):
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "Clé d’accès de la structure : « Authorization: Bearer csk_… », jamais dans l’adresse.",
        }
