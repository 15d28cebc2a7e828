"""The logos of the institutions, wherever they are kept: the settings name the function (docs/adr/0009)."""

from django.conf import settings
from django.utils.module_loading import import_string


def logos_on(day):
    """Return the `core.pdf.Logo`s in use on `day`, in reading order, that of the Département first."""
    return import_string(settings.LOGOS)(day)
