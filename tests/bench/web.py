"""Whole requests, as a server would give them to the portal: WSGI, session, rights, page, every byte read."""

import io
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.wsgi import get_wsgi_application

from tests.support.gate import passed_gate


class Visitor:
    """Somebody signed in: `get(path)` returns the text of the page. Raises AssertionError unless it is a 200."""

    def __init__(self, user):
        self.application = get_wsgi_application()
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.update(passed_gate(user))
        session.save()
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def get(self, path, query=""):
        statuses = []
        answer = self.application(
            {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "SERVER_NAME": "localhost",
                "SERVER_PORT": "80",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "HTTP_HOST": "localhost",
                "HTTP_COOKIE": self.cookie,
                "wsgi.input": io.BytesIO(),
                "wsgi.errors": io.StringIO(),
                "wsgi.url_scheme": "http",
            },
            lambda status, headers: statuses.append(status),
        )
        try:
            body = b"".join(answer)
        finally:
            answer.close()
        if statuses != ["200 OK"]:
            raise AssertionError(f"{path}: {statuses}")
        return body.decode()
