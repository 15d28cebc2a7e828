import pytest
from django.conf import settings as django_settings
from django.test import override_settings

from tests.core import pdf_sample


@pytest.fixture(scope="session")
def sample_pdf():
    """Bytes of the sample document, made once."""
    with override_settings(TEMPLATES=pdf_sample.templates(django_settings.TEMPLATES)):
        return pdf_sample.sample()


@pytest.fixture
def sample_templates(settings):
    """Let Django find the sample's template beside the product's."""
    settings.TEMPLATES = pdf_sample.templates(settings.TEMPLATES)
