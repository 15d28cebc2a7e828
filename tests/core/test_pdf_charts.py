"""Charts are drawn on the server, true to their figures, without a style the security policy would refuse."""

from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from clauses_portal.core.french import NBSP
from clauses_portal.core.pdf import charts

SVG = "{http://www.w3.org/2000/svg}"
ROWS = [("Voirie", 400, 100), ("Collège Lou Garlaban, réhabilitation et extension du gymnase", 800, 1600.5)]
MONTHS = [0, 250, 1000]


def drawn(markup):
    return ElementTree.fromstring(markup)  # noqa: S314 - our own drawing


def bars(svg, fill):
    return [float(bar.get("width")) for bar in svg.iter(f"{SVG}rect") if bar.get("fill") == fill]


def texts(svg):
    return [text.text for text in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize(
    "chart",
    [
        charts.bar_chart("Heures <par lot>", ROWS),
        charts.month_columns("Heures <par mois>", ["01/26", "02/26", "03/26"], MONTHS),
        charts.progress_bar("Réalisé <62 %>", 62, 70),
        charts.value_bars("Personnes <par niveau>", [("Niveau <3>", 12, "12"), ("Niveau 4", None, "< 5")]),
        charts.share_bar("Personnes <par sexe>", [("Femmes", 12, "12"), ("Hommes", 8, "8")]),
    ],
)
def test_a_chart_is_safe_titled_and_has_no_inline_style(chart):
    svg = drawn(chart)
    assert isinstance(chart, SafeString)
    assert svg.get("role") == "img"
    assert svg[0].tag == f"{SVG}title"
    assert "<" in svg[0].text
    assert "style" not in chart
    assert "{" not in chart


def test_bars_share_one_scale_from_zero():
    svg = drawn(charts.bar_chart("Heures", ROWS))
    expected, done = bars(svg, charts.PALE)[:2], bars(svg, charts.DARK)[:2]
    longest = charts.WIDTH - charts.LABELS_WIDTH - charts.VALUES_WIDTH
    assert done[1] == pytest.approx(longest)
    assert expected == pytest.approx([longest * 400 / 1600.5, longest * 800 / 1600.5], abs=0.01)
    assert f"1{NBSP}600,5{NBSP}h" in texts(svg)
    assert {"Objectif", "Réalisé"} < set(texts(svg))


def test_a_secret_value_has_its_words_and_no_bar():
    svg = drawn(
        charts.value_bars("Personnes", [("Niveau 3", 12, "12"), ("Niveau 4", None, "< 5"), ("Niveau 5", 6, "6")])
    )
    longest = charts.WIDTH - charts.LABELS_WIDTH - charts.VALUES_WIDTH
    assert bars(svg, charts.DARK) == pytest.approx([longest, longest / 2])
    assert {"12", "< 5", "6"} < set(texts(svg))


def test_shares_fill_the_whole_width():
    svg = drawn(charts.share_bar("Personnes", [("Femmes", 30, "30"), ("Hommes", 10, "10")]))
    assert bars(svg, charts.DARK)[0] + bars(svg, charts.SHADES[1])[0] == pytest.approx(charts.WIDTH)
    assert bars(svg, charts.DARK)[0] == pytest.approx(charts.WIDTH * 0.75)
    assert texts(svg) == [f"Femmes{NBSP}: 30", f"Hommes{NBSP}: 10"]


def test_a_long_label_takes_two_lines_inside_its_column():
    svg = drawn(charts.bar_chart("Heures", ROWS))
    labels = [text for text in svg.iter(f"{SVG}text") if text.get("text-anchor") == "end"]
    assert [label.text for label in labels] == ["Voirie", "Collège Lou Garlaban,", "réhabilitation et…"]


def test_columns_are_as_high_as_their_hours_under_a_round_scale():
    svg = drawn(charts.month_columns("Heures", ["01/26", "02/26", "03/26"], MONTHS))
    heights = [float(column.get("height")) for column in svg.iter(f"{SVG}rect") if column.get("fill") == charts.DARK]
    assert heights == [0, charts.COLUMNS_HEIGHT / 4, charts.COLUMNS_HEIGHT]
    marks = [text.text.replace(NBSP, " ") for text in svg.iter(f"{SVG}text") if text.get("text-anchor") == "end"]
    assert marks == ["0 h", "250 h", "500 h", "750 h", "1 000 h"]
    assert {"01/26", "02/26", "03/26"} < set(texts(svg))


@pytest.mark.parametrize("highest", [0, 0.07, 3, 9.99, 10, 11, 999, 1_000_000.5])
def test_the_scale_always_holds_the_highest_column(highest):
    svg = drawn(charts.month_columns("Heures", ["01/26"], [highest]))
    column = next(bar for bar in svg.iter(f"{SVG}rect") if bar.get("fill") == charts.DARK)
    assert float(column.get("height")) <= charts.COLUMNS_HEIGHT
    assert 2 <= len([text for text in svg.iter(f"{SVG}text") if text.get("text-anchor") == "end"]) <= 6


def test_progress_fills_its_share_and_never_overflows():
    svg = drawn(charts.progress_bar("Réalisé", 62, 70))
    assert bars(svg, charts.DARK) == pytest.approx([charts.WIDTH * 0.62])
    assert [float(line.get("x1")) for line in svg.iter(f"{SVG}line")] == pytest.approx([charts.WIDTH * 0.7] * 2)
    assert bars(drawn(charts.progress_bar("Réalisé", 140)), charts.DARK) == [charts.WIDTH]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.bar_chart("Heures", []),
        lambda: charts.bar_chart("Heures", [("Lot", 1, -1)]),
        lambda: charts.bar_chart("Heures", [("Lot", float("nan"), 1)]),
        lambda: charts.month_columns("Heures", [], []),
        lambda: charts.month_columns("Heures", ["01/26"], [1, 2]),
        lambda: charts.progress_bar("Réalisé", float("inf")),
        lambda: charts.value_bars("Personnes", []),
        lambda: charts.value_bars("Personnes", [("Niveau", -1, "-1")]),
        lambda: charts.share_bar("Personnes", [("Femmes", 0, "0")]),
    ],
)
def test_nonsense_is_not_drawn(draw):
    with pytest.raises(ValueError, match="chart"):
        draw()


def test_labels_given_by_people_are_escaped():
    assert "<script>" not in charts.bar_chart("Heures", [("<script>", 1, 1)])
