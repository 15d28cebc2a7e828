"""Every operation under invented requests, well-formed and ill-formed: never a 5xx, always what the document says.

A few examples of each here; `SCHEMATHESIS=300` asks for many more (docs/api.md).
"""

import os

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from clauses_portal.api_docs.document import document

EXAMPLES = int(os.environ.get("SCHEMATHESIS", "2"))
