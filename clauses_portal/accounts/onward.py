"""Where one was going when the portal asked for something first."""

from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse


def next_of(request):
    """The page of the portal that the request says to go to next, « » without one; never an address elsewhere."""
    return get_next_redirect_url(request) or ""


def with_next(request, route):
    """Address of a route, where one was going kept along."""
    onward = next_of(request)
    return f"{reverse(route)}?{urlencode({REDIRECT_FIELD_NAME: onward})}" if onward else reverse(route)
