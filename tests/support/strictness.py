"""What makes a test fail where production would only be wrong in silence."""

import ipaddress
import re
import socket
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connections
from django.template import engines
from django.template.base import Node
from django.test import Client

from tests.support.gate import endless, passed_gate

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# Reading a page may renew the visitor's session and leave a line in the journal: the trade's data do not change.
WRITABLE_BY_A_GET = frozenset({"django_session", "usersessions_usersession", "accounts_journalentry"})
WRITE = re.compile(r'\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+"(\w+)"', re.IGNORECASE)
TEMPLATES = Path(settings.BASE_DIR) / "templates"


class StrictClient(Client):
    """Django's test client, which fails when a page that only reads changes a table."""

    user = None
    writable = WRITABLE_BY_A_GET

    def force_login(self, user, backend=None):
        """Signed in, the gate passed (charter, second factor), who she is proved recently."""
        super().force_login(user, backend)
        session = self.session
        session.update(passed_gate(user) | endless())
        session.save()

    def request(self, **request):
        if request.get("REQUEST_METHOD", "GET") not in SAFE_METHODS:
            return super().request(**request)
        written = []
        with ExitStack() as stack:
            for connection in connections.all(initialized_only=True):
                stack.enter_context(connection.execute_wrapper(_recorder(written, self.writable)))
            response = super().request(**request)
        assert not written, f"{request['REQUEST_METHOD']} {request['PATH_INFO']} writes in {written}"
        return response


def _recorder(written, writable):
    """Execute wrapper that adds to `written` the name of each table a statement changes."""

    def record(execute, sql, params, many, context):
        written.extend(table for table in WRITE.findall(str(sql)) if table not in writable)
        return execute(sql, params, many, context)

    return record


class UnknownVariable(str):
    """`string_if_invalid` that fails the test when a template of ours names a variable that does not exist.

    `pytest.fail` is not an Exception: no « except Exception » of a view or of a job hides it. In a server's thread
    (browser journeys) it leaves the marker of settings.test in the page instead. Templates of others are spared.
    """

    __slots__ = ()

    def __mod__(self, variable):
        template = _template_being_rendered()
        if template is None or TEMPLATES not in template.parents:
            return ""
        if threading.current_thread() is threading.main_thread():
            pytest.fail(f"{template.relative_to(TEMPLATES)}: unknown variable « {variable} »", pytrace=False)
        return str.__mod__(self, variable)


def _template_being_rendered():
    """The file of the innermost template node on the stack, or None."""
    frame = sys._getframe(2)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return Path(str(node.origin))
        frame = frame.f_back
    return None


def refuse_unknown_variables(monkeypatch):
    """Put `UnknownVariable` in the template engine."""
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "string_if_invalid", UnknownVariable(engine.string_if_invalid))


def block_network(monkeypatch):
    """Refuse every connection that leaves this machine, the broker given by its address excepted."""
    allowed = {"localhost", urlsplit(settings.CELERY_BROKER_URL).hostname}
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked(function):
        def call(self, address):
            if self.family != socket.AF_UNIX and not _is_local(address[0], allowed):
                pytest.fail(f"a test tried to reach {address[0]}", pytrace=False)
            return function(self, address)

        return call

    monkeypatch.setattr(socket.socket, "connect", checked(connect))
    monkeypatch.setattr(socket.socket, "connect_ex", checked(connect_ex))


def _is_local(host, allowed):
    if host in allowed:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
