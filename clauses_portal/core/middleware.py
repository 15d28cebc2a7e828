import logging

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from clauses_portal.celery import app as celery_app

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """`/sante/vivant`: the process answers. `/sante/pret`: it can work. Neither says more than « ok ».

    Before the host check and the sessions, so that a probe needs neither a name nor a database session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path == "/sante/vivant":
            return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")
        if request.path == "/sante/pret":
            ready = is_ready()
            return HttpResponse(
                "ok\n" if ready else "indisponible\n",
                status=200 if ready else 503,
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)


def is_ready():
    """True when the database answers with every migration applied, and the cache and the broker answer."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        cache.set("sante", "ok", 10)
        with celery_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
        return cache.get("sante") == "ok" and not cache.is_away
    except Exception:
        # a probe answers « indisponible » whatever broke: the cause goes to the log, never to the caller
        logger.exception("sonde de disponibilité")
        return False


class PrivatePagesMiddleware:
    """What a signed-in person sees is never kept by a cache (ASVS 14.3.2)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            patch_cache_control(response, no_store=True, private=True)
        return response
