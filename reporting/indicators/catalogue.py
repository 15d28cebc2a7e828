"""All the figures there are, whichever module declares them: what the page « Définitions » prints."""

from importlib import import_module
from pkgutil import iter_modules

from reporting import indicators
from reporting.indicators.definition import REGISTRY, Family


def every_figure():
    """{code: Indicator, Share or Breakdown}, every module that declares some being loaded."""
    for module in iter_modules(indicators.__path__):
        import_module(f"{indicators.__name__}.{module.name}")
    return REGISTRY


def by_family():
    """[(family, [figures])] in the order of the families, figures in that of their declaration."""
    figures = every_figure().values()
    groups = [(family, [figure for figure in figures if figure.family == family]) for family in Family]
    return [(family, found) for family, found in groups if found]
