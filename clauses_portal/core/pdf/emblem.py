"""The emblem of the European Union, drawn from its official geometry (interinstitutional style guide, annex A1).

A rectangle of 3 by 2; twelve upright five-pointed stars, their centres at the hours of a clock on a circle of one
third of the height, each within a circle of one eighteenth. Its colours and proportions are never changed.
"""

import math

from django.utils.safestring import mark_safe

BLUE = "#003399"
YELLOW = "#FFCC00"
RATIO = 3 / 2
ALT = "Emblème de l’Union européenne"
HEIGHT = 540
# The inner points of a regular five-pointed star, for an outer radius of 1.
INNER = math.sin(math.radians(18)) / math.sin(math.radians(54))


def star_centres(height=HEIGHT):
    """(x, y) of the twelve stars, from noon, clockwise; origin at the top left of the flag."""
    hours = [math.radians(30 * hour) for hour in range(12)]
    return [
        (height * RATIO / 2 + height / 3 * math.sin(angle), height / 2 - height / 3 * math.cos(angle))
        for angle in hours
    ]


def star_outlines(height=HEIGHT):
    """The ten points (x, y) of each star, from its upper tip, clockwise."""
    return [_star(x, y, height / 18) for x, y in star_centres(height)]


def _star(x, y, radius):
    points = []
    for i in range(10):
        angle = math.radians(36 * i)
        reach = radius if i % 2 == 0 else radius * INNER
        points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    return points


def _path(points):
    return f"M{'L'.join(f'{x:.2f} {y:.2f}' for x, y in points)}Z"


def emblem_svg(width_mm, height_mm):
    """Return the emblem as SVG markup of this size in millimetres (width must be 1.5 × height)."""
    stars = "".join(map(_path, star_outlines()))
    return mark_safe(  # noqa: S308 - numbers and constants only
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width_mm:g}mm" height="{height_mm:g}mm" '
        f'viewBox="0 0 {HEIGHT * RATIO:g} {HEIGHT}"><title>{ALT}</title>'
        f'<path fill="{BLUE}" d="M0 0H{HEIGHT * RATIO:g}V{HEIGHT}H0Z"/>'
        f'<path fill="{YELLOW}" d="{stars}"/></svg>'
    )
