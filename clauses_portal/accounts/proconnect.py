"""ProConnect, the State's sign-in for its agents and those of local authorities (OpenID Connect). Off by default.

An identity is its issuer and its subject there; an address alone never opens an account. The answer of the provider is
believed when it is signed with its key, made for this portal, and answers the question this session asked.
"""

import json
import logging
from dataclasses import dataclass
from urllib.parse import urlencode

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.urls import reverse
from django.utils.module_loading import import_string
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.utils import import_from_settings

from clauses_portal.accounts.models import ProConnectIdentity
from clauses_portal.core.errors import DomainError
from clauses_portal.core.services import validated_save

logger = logging.getLogger(__name__)

ID_TOKEN = "proconnect_id_token"  # noqa: S105
ENDPOINTS = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": "/authorize",
    "OIDC_OP_TOKEN_ENDPOINT": "/token",
    "OIDC_OP_USER_ENDPOINT": "/userinfo",
    "OIDC_OP_JWKS_ENDPOINT": "/jwks",
}
# The provider lies, is broken or away: its answer proves nothing.
UNTRUSTED = (SuspiciousOperation, jwt.PyJWTError, requests.RequestException, KeyError, TypeError, ValueError)
ONLY_WAY_IN = "ProConnect est votre seul moyen de connexion : choisissez d’abord un mot de passe."


@dataclass(frozen=True)
class Identity:
    """What the provider vouches for. `second_factor`: she showed one there; `id_token`: needed to sign out there."""

    issuer: str
    subject: str
    email: str
    second_factor: bool
    id_token: str


def is_enabled():
    return bool(settings.PROCONNECT_ISSUER)


def setting(name, *default):
    """A setting of the library; those of the provider follow from its address."""
    if name in ENDPOINTS:
        return settings.PROCONNECT_ISSUER + ENDPOINTS[name]
    return import_from_settings(name, *default)


def asked_of_the_provider(*, again=False):
    """What the question says besides the usual: how she signs in there and, `again`, that she does so now."""
    claims = {"id_token": {"amr": {"essential": True}}}
    return {"acr_values": "eidas1", "claims": json.dumps(claims)} | ({"prompt": "login"} if again else {})


class ProviderBackend(OIDCAuthenticationBackend):
    """Reads the answers of the provider: `authenticate` gives an Identity, never an account."""

    get_settings = staticmethod(setting)
    verified = None

    def verify_token(self, token, **kwargs):
        """What a signed text of the provider says. Raises one of UNTRUSTED."""
        claims = super().verify_token(token, **kwargs)
        audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if claims["iss"] != settings.PROCONNECT_ISSUER or settings.OIDC_RP_CLIENT_ID not in audience:
            raise SuspiciousOperation("jeton d’un autre émetteur, ou pour un autre service")
        self.verified = claims
        return claims

    def get_or_create_user(self, access_token, id_token, payload):
        told = self.get_userinfo(access_token, id_token, payload)
        if told is not self.verified or told["sub"] != payload["sub"] or "exp" not in payload:
            raise SuspiciousOperation("identité non signée, d’une autre personne, ou sans fin")
        methods = payload.get("amr")
        return Identity(
            issuer=payload["iss"],
            subject=payload["sub"],
            email=str(told.get("email", "")),
            second_factor=isinstance(methods, list) and bool(settings.PROCONNECT_SECOND_FACTORS & set(methods)),
            id_token=id_token,
        )


def read_identity(request, nonce):
    """The Identity that the provider answers to this request, None when it proves nothing."""
    try:
        return ProviderBackend().authenticate(request, nonce=nonce)
    except UNTRUSTED as error:
        logger.warning("réponse de ProConnect refusée : %s", type(error).__name__)
        return None


def account_of(request, identity):
    """The account this identity opens: the one it is linked to, or that of an invitation just opened; None without."""
    link = ProConnectIdentity.objects.filter(issuer=identity.issuer, subject=identity.subject).select_related("user")
    known = link.first()
    return known.user if known else _newcomer(request, identity)


@transaction.atomic
def _newcomer(request, identity):
    user = import_string(settings.PROCONNECT_NEWCOMER)(request, identity.email)
    if user is not None:
        link(user=user, identity=identity)
    return user


@transaction.atomic
def link(*, user, identity):
    """This identity opens this account from now on. Raises ValidationError when either is linked already."""
    return validated_save(
        ProConnectIdentity(user=user, issuer=identity.issuer, subject=identity.subject),
        by=user,
    )


@transaction.atomic
def unlink(*, user):
    """Forget the identity of this account. Raises DomainError when nothing else opens it."""
    if not user.has_usable_password():
        raise DomainError(ONLY_WAY_IN)
    ProConnectIdentity.objects.filter(user=user).delete()


def identity_of(user):
    """The ProConnectIdentity of this account at the provider in use, or None."""
    return ProConnectIdentity.objects.filter(user=user, issuer=settings.PROCONNECT_ISSUER).first()


def end_session_url(request):
    """Where to sign out at the provider too, « » for who did not come from there."""
    token = request.session.get(ID_TOKEN)
    if not token or not is_enabled():
        return ""
    back = request.build_absolute_uri(reverse(settings.LOGIN_URL))
    return f"{settings.PROCONNECT_ISSUER}/session/end?" + urlencode(
        {"id_token_hint": token, "post_logout_redirect_uri": back}
    )
