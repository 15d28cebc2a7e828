"""Which logos a document shows, and how big: the emblem is never smaller than another logo."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from clauses_portal.core.pdf import FundingPeriod, Logo, UnreadableLogo, letterhead
from clauses_portal.core.pdf.letterhead import LOGO_HEIGHT, LOGO_WIDTH
from tests.core.pdf_sample import picture, placeholder, png


def image_in(mode, kind, **options):
    content = io.BytesIO()
    Image.new(mode, (40, 20)).save(content, kind, **options)
    return content.getvalue()


@given(st.integers(1, 3000), st.integers(1, 400))
def test_the_emblem_is_at_least_as_high_and_wide_as_any_logo(width, height):
    head = letterhead([png("Département", width, height), png("Métropole", height, width)], FundingPeriod.CURRENT)
    for logo in head.logos:
        assert logo.width <= min(LOGO_WIDTH, head.europe.width)
        assert logo.height <= min(LOGO_HEIGHT, head.europe.height)
    assert head.europe.height >= 10
    assert head.europe.width == pytest.approx(1.5 * head.europe.height)


def test_a_logo_keeps_its_proportions():
    (wide, high) = letterhead([png("Département", 1500, 250), png("Métropole", 300, 600)], "none").logos
    assert (wide.width, wide.height) == (30, 5)
    assert (high.width, high.height) == (8, 16)
    assert 'alt="Logo Département"' in wide.markup
    assert "width:30mm;height:5mm" in wide.markup


def test_period_2021_2027_says_cofinanced_and_may_name_the_fund():
    europe = letterhead([placeholder("Département")], "2021-2027").europe
    assert (europe.mention, europe.fund, europe.sentence) == (
        *("Cofinancé par\nl’Union européenne", "Fonds social européen+", ""),
    )
    assert letterhead([], FundingPeriod.CURRENT, name_fund=False).europe.fund == ""


def test_period_2014_2020_has_its_own_mention_and_sentence():
    europe = letterhead([placeholder("Département")], FundingPeriod.EARLIER).europe
    assert (europe.mention, europe.fund) == ("Union européenne", "")
    assert "«\u00a0Emploi et Inclusion\u00a0» 2014-2020" in europe.sentence


def test_without_funding_there_is_no_european_block():
    assert letterhead([placeholder("Département")], FundingPeriod.NONE).europe is None


def test_an_unknown_period_is_refused():
    with pytest.raises(ValueError, match="2007-2013"):
        letterhead([], "2007-2013")


def test_a_logo_not_given_yet_leaves_a_named_frame():
    markup = letterhead([Logo("Métropole <AMP>", "Logo Métropole")], "none").logos[0].markup
    assert "Métropole &lt;AMP&gt;" in markup
    assert "<title>Logo Métropole</title>" in markup
    assert "stroke-dasharray" in markup


@pytest.mark.parametrize(
    ("image", "mime"),
    [
        (image_in("RGBA", "PNG"), "image/png"),
        (image_in("P", "PNG", transparency=0), "image/png"),
        (image_in("L", "PNG"), "image/png"),
        (image_in("CMYK", "JPEG"), "image/jpeg"),
    ],
)
def test_pictures_of_every_kind_of_colour_are_placed(image, mime):
    logo = letterhead([Logo("Département", "Logo", image, mime)], "none").logos[0]
    assert (logo.width, logo.height) == (30, 15)
    assert "data:image/png;base64," in logo.markup


def test_a_photograph_lying_on_its_side_is_put_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turned by a quarter
    logo = Logo("Département", "Logo", image_in("RGB", "JPEG", exif=exif), "image/jpeg")
    assert letterhead([logo], "none").logos[0].height > letterhead([logo], "none").logos[0].width


@pytest.mark.parametrize(
    ("image", "mime"),
    [
        (b"", "image/png"),
        (b"<svg onload='alert(1)'/>", "image/png"),
        (picture(400, 200)[:400], "image/png"),
        (picture(400, 200, "JPEG")[:-200], "image/jpeg"),
        (picture(40, 20, "JPEG"), "image/png"),
        (picture(40, 20), "image/svg+xml"),
        (picture(40, 20), None),
    ],
)
def test_an_image_that_cannot_be_drawn_is_refused_by_name(image, mime):
    with pytest.raises(UnreadableLogo, match="Département") as refusal:
        letterhead([Logo("Département", "Logo", image, mime)], "none")
    assert refusal.value.message.endswith("ne peut pas être lu.")


def test_an_enormous_image_is_refused_before_it_is_decoded():
    bomb = io.BytesIO()
    Image.new("1", (6000, 6000)).save(bomb, "PNG")
    with pytest.raises(UnreadableLogo):
        letterhead([Logo("Département", "Logo", bomb.getvalue(), "image/png")], "none")
