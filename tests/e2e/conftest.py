"""A real browser on the real server: Chromium of the system, never downloaded."""

import os
import shutil

import pytest
from celery.contrib.testing.worker import start_worker

from clauses_portal.celery import app

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once. Its absence skips the journeys, and says so."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("Chromium is not on this machine.")
    sync_api = pytest.importorskip("playwright.sync_api")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, where Django would refuse its synchronous queries.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_api.sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
            yield chromium
            chromium.close()


@pytest.fixture(autouse=True)
def _password_alone(settings):
    """The journeys sign in by password; test_first_sign_in.py walks through the second factor."""
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def visit(browser, live_server):
    """visit(client, path, **options) opens a page with the session of a signed-in test client."""
    contexts = []

    def open_page(client, path, **options):
        options = {"viewport": {"width": 1280, "height": 900}} | options
        context = browser.new_context(locale="fr-FR", **options)
        contexts.append(context)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        page.script_errors = []
        page.on("pageerror", lambda error: page.script_errors.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def worker():
    """A Celery worker on the real broker, in a thread of this process."""
    with app.connection_for_write() as connection:
        connection.default_channel.client.flushdb()
    with start_worker(app, perform_ping_check=False, pool="solo", queues=["default", "pdf", "imports"]):
        yield
