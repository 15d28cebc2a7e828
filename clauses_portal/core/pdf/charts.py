"""Figures drawn on the server as SVG, the same on screen and on paper, readable in grey.

Presentation attributes only: the content security policy refuses inline styles. A figure never goes without the table
of its values, so its title says what it shows and the table says how much.
"""

import math
import textwrap

from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from clauses_portal.core import french

DARK, PALE, INK, GREY, GRID = "#24507A", "#DCE6EF", "#1F2A33", "#55606B", "#D3DAE1"
SHADES = (DARK, "#8FB0CC", PALE, "#FFFFFF")  # far enough from one another in grey
WIDTH = 640
TEXT_WIDTH = 0.56  # mean width of a character of Public Sans, in ems; digits and capitals are wider than the rest
SIZE = 12

BAR, BAR_GAP, GROUP_GAP = 12, 2, 12
LABELS_WIDTH = 200
VALUES_WIDTH = 80

COLUMNS_HEIGHT = 150
TOP, AXIS_WIDTH, LABELS_HEIGHT = 26, 56, 26


def bar_chart(title, rows, *, series=("Objectif", "Réalisé")):
    """Return horizontal bars in pairs, one pair per row, as safe SVG markup.

    `rows` is a sequence of (label, hours of the first series, hours of the second); `series` names both. Widths
    share one scale beginning at zero. Raises ValueError on no row, or hours that are negative or not finite.
    """
    pairs = [(label, (_positive(first), _positive(second))) for label, first, second in rows]
    if not pairs:
        raise ValueError("A chart needs at least one row.")
    scale = (WIDTH - LABELS_WIDTH - VALUES_WIDTH) / (max(max(values) for _, values in pairs) or 1)
    step = 2 * BAR + BAR_GAP + GROUP_GAP
    groups = [_bar_group(label, values, scale, row * step) for row, (label, values) in enumerate(pairs)]
    bottom = len(pairs) * step
    axis = _line(LABELS_WIDTH, 0, LABELS_WIDTH, bottom - GROUP_GAP / 2, INK)
    return _svg(title, bottom + 24, [*groups, axis, _legend(series, bottom + 8)])


def _bar_group(label, values, scale, top):
    parts = [_label(label, top + BAR + BAR_GAP / 2 + 4)]
    for rank, value in enumerate(values):
        y, width = top + rank * (BAR + BAR_GAP), value * scale
        parts.append(_rect(LABELS_WIDTH, y, width, BAR, PALE if rank == 0 else DARK))
        parts.append(_text(LABELS_WIDTH + width + 6, y + BAR - 2, french.hours(value), size=11))
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


def value_bars(title, rows):
    """Return one horizontal bar per row, as safe SVG markup.

    `rows` is a sequence of (label, value, text): the text is written at the end of the bar; a value of None, kept
    secret, has no bar but its text. Widths share one scale beginning at zero. Raises ValueError on no row, or values
    that are negative or not finite.
    """
    bars = [(label, None if value is None else _positive(value), text) for label, value, text in rows]
    if not bars:
        raise ValueError("A chart needs at least one row.")
    scale = (WIDTH - LABELS_WIDTH - VALUES_WIDTH) / (max(value or 0 for _, value, _ in bars) or 1)
    parts, step = [], 2 * BAR + GROUP_GAP
    for row, (label, value, text) in enumerate(bars):
        top, width = row * step, (value or 0) * scale
        parts.append(_label(label, top + BAR + 4))
        if value is not None:
            parts.append(_rect(LABELS_WIDTH, top + BAR / 2, width, BAR, DARK))
        parts.append(_text(LABELS_WIDTH + width + 6, top + BAR + 4, text, size=11))
    bottom = len(bars) * step - GROUP_GAP
    return _svg(title, bottom + 2, [*parts, _line(LABELS_WIDTH, 0, LABELS_WIDTH, bottom, INK)])


def _label(label, middle):
    """The label of a row on one line or two, at the left of the axis."""
    lines = _wrapped(label, LABELS_WIDTH - 12)
    first = middle - 7 * (len(lines) - 1)
    parts = [_text(LABELS_WIDTH - 8, first + 14 * i, line, anchor="end") for i, line in enumerate(lines)]
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


def share_bar(title, parts):
    """Return one bar cut in as many parts as there are shares of a whole, as safe SVG markup.

    `parts` is a sequence of (label, value, text), at most four; each is named under the bar with its text. Raises
    ValueError when there is nothing to share, or values that are negative or not finite.
    """
    shares = [(label, _positive(value), text) for label, value, text in parts]
    whole = sum(value for _, value, _ in shares)
    if not whole or len(shares) > len(SHADES):
        raise ValueError("A chart of shares needs a whole, and four parts at most.")
    drawn, x = [], 0
    for rank, (label, value, text) in enumerate(shares):
        width, y = value / whole * WIDTH, 2 * BAR + 12 + rank * 18
        drawn.append(_rect(x, 1, width, 2 * BAR, SHADES[rank]))
        drawn += [_rect(1, y, BAR, BAR, SHADES[rank]), _text(BAR + 8, y + BAR - 2, f"{label}{french.NBSP}: {text}")]
        x += width
    return _svg(title, 2 * BAR + 12 + 18 * len(shares), drawn)


def _legend(series, y):
    parts = []
    x = LABELS_WIDTH
    for name, colour in zip(series, (PALE, DARK), strict=True):
        parts += [_rect(x, y, BAR, BAR, colour), _text(x + BAR + 6, y + BAR - 2, name)]
        x += BAR + 30 + len(name) * SIZE * TEXT_WIDTH
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


def month_columns(title, labels, values):
    """Return one column per month with its hours above it and a rounded scale, as safe SVG markup.

    `labels` are short (« 07/26 »), `values` are hours. Hours above 100 are written without decimals: the table beside
    the figure has them all. Raises ValueError on unequal lengths, no month, negative or infinite hours.
    """
    heights = [_positive(value) for value in values]
    if not heights or len(labels) != len(heights):
        raise ValueError("A chart needs as many labels as values, and at least one.")
    top_mark, step = _scale(max(heights))
    unit = COLUMNS_HEIGHT / top_mark
    parts = [_mark(step * i, TOP + COLUMNS_HEIGHT - step * i * unit) for i in range(round(top_mark / step) + 1)]
    room = (WIDTH - AXIS_WIDTH) / len(heights)
    for rank, (label, value) in enumerate(zip(labels, heights, strict=True)):
        parts.append(_column(label, value, AXIS_WIDTH + rank * room, room, unit))
    parts.append(_line(AXIS_WIDTH, TOP + COLUMNS_HEIGHT, WIDTH, TOP + COLUMNS_HEIGHT, INK))
    return _svg(title, TOP + COLUMNS_HEIGHT + LABELS_HEIGHT, parts)


def _column(label, value, left, room, unit):
    width, height, middle = min(room * 0.6, 48), value * unit, left + room / 2
    base = TOP + COLUMNS_HEIGHT
    shown = french.number(value, 0 if value >= 100 else 1)
    shown_width = len(shown) * 11 * TEXT_WIDTH
    return mark_safe(  # noqa: S308 - each part is escaped
        _rect(middle - width / 2, base - height, width, height, DARK)
        # The lines of the grid stop around the value.
        + _rect(middle - shown_width / 2, base - height - 15, shown_width, 13, "#FFFFFF", "none")
        + _text(middle, base - height - 5, shown, anchor="middle", size=11)
        + _text(middle, base + 18, label, anchor="middle", size=11, fill=GREY)
    )


def _mark(value, y):
    """A line of the grid and its value."""
    text = _text(AXIS_WIDTH - 8, y + 4, french.hours(value), anchor="end", size=11, fill=GREY)
    return _line(AXIS_WIDTH, y, WIDTH, y, GRID) + text


def _scale(highest):
    """(top of the axis, step): four steps at most, of 1, 2, 2.5 or 5 times a power of ten."""
    wanted = (highest or 1) / 4
    power = 10 ** math.floor(math.log10(wanted))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= wanted * 0.9999)
    return step * math.ceil((highest or 1) / step * 0.9999), step


def progress_bar(title, done, expected=None):
    """Return a bar of 0 to 100 % with the done share filled and a tick at the expected share, as safe SVG markup.

    Shares are percentages; a done share above 100 fills the bar. Raises ValueError when negative or not finite.
    """
    parts = [_rect(0, 4, WIDTH, 14, PALE), _rect(0, 4, WIDTH * min(_positive(done), 100) / 100, 14, DARK)]
    if expected is not None:
        x = WIDTH * min(_positive(expected), 100) / 100
        parts += [_line(x, 0, x, 22, "#FFFFFF", 6), _line(x, 0, x, 22, INK, 2)]
    return _svg(title, 22, parts)


def _positive(value):
    value = float(value)
    if not math.isfinite(value) or value < 0:
        raise ValueError(f"Not a value of a chart: {value}")
    return value


def _wrapped(label, width):
    """The label on one line or two, cut with « … » beyond."""
    room = int(width / (SIZE * TEXT_WIDTH))
    return textwrap.wrap(str(label), room, max_lines=2, placeholder="…", break_on_hyphens=False)


def _svg(title, height, parts):
    # Public Sans by name: on paper, SVG text does not take the font of the page.
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {} {}" width="100%" '
        'font-family="Public Sans, sans-serif"><title>{}</title>{}</svg>',
        *(WIDTH, f"{height:g}", title, format_html_join("", "{}", ((part,) for part in parts))),
    )


def _rect(x, y, width, height, fill, stroke=DARK):
    # The outline keeps the pale bars visible on white, in grey as in colour.
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}" stroke-width="0.8"/>',
        *(_n(x), _n(y), _n(width), _n(height), fill, stroke),
    )


def _line(x1, y1, x2, y2, stroke, width=1):
    return format_html(
        '<line x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" stroke-width="{}"/>',
        *(_n(x1), _n(y1), _n(x2), _n(y2), stroke, _n(width)),
    )


def _text(x, y, text, *, anchor="start", size=SIZE, fill=INK):
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="{}">{}</text>',
        *(_n(x), _n(y), anchor, size, fill, text),
    )


def _n(number):
    """A coordinate: two decimals at most, decimal point whatever the language in force."""
    return f"{round(float(number), 2):g}"
