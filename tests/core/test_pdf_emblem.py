"""The European emblem follows its official geometry."""

import math
import re
from xml.etree import ElementTree

from clauses_portal.core.pdf import emblem

SVG = "{http://www.w3.org/2000/svg}"
H = emblem.HEIGHT


def field_and_stars():
    return ElementTree.fromstring(emblem.emblem_svg(30, 20)).iter(f"{SVG}path")  # noqa: S314 - our own drawing


def points(path):
    return [tuple(map(float, pair.split())) for pair in re.findall(r"[-\d.]+ [-\d.]+", path)]


def test_it_is_a_blue_field_of_three_by_two_with_yellow_stars():
    field, stars = field_and_stars()
    assert (field.get("fill"), stars.get("fill")) == ("#003399", "#FFCC00")
    assert field.get("d") == "M0 0H810V540H0Z"
    assert 'width="30mm" height="20mm"' in emblem.emblem_svg(30, 20)
    assert "<title>Emblème de l’Union européenne</title>" in emblem.emblem_svg(30, 20)


def test_twelve_centres_are_at_the_hours_of_a_clock():
    centres = emblem.star_centres()
    assert len(centres) == 12
    assert centres[0] == (H * 0.75, H / 2 - H / 3)
    assert math.isclose(centres[3][0], H * 0.75 + H / 3)
    assert all(math.isclose(math.dist(centre, (H * 0.75, H / 2)), H / 3) for centre in centres)


def test_each_star_is_upright_with_five_points_in_a_circle_of_an_eighteenth():
    _, stars = field_and_stars()
    drawn = [points(star) for star in stars.get("d").split("Z") if star]
    assert len(drawn) == 12
    for star, centre in zip(drawn, emblem.star_centres(), strict=True):
        reaches = [math.dist(point, centre) for point in star]
        assert all(math.isclose(reach, H / 18, abs_tol=0.02) for reach in reaches[::2])
        assert all(math.isclose(reach, H / 18 * emblem.INNER, abs_tol=0.02) for reach in reaches[1::2])
        assert math.isclose(star[0][0], centre[0], abs_tol=0.02)
        assert star[0][1] < centre[1]


def test_the_arms_of_a_star_are_straight():
    """The first point, its inner neighbour and the third point lie on one line: a regular pentagram."""
    _, stars = field_and_stars()
    tip, inner, _, across = points(stars.get("d").split("Z")[0])[:4]
    turn = (inner[0] - tip[0]) * (across[1] - tip[1]) - (inner[1] - tip[1]) * (across[0] - tip[0])
    assert abs(turn) < 1
