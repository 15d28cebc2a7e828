"""A document brings in our own static files and nothing else (A11)."""

import base64
import io
import re

import pikepdf
import pytest
from django.template import engines

from clauses_portal.core.errors import DomainError
from clauses_portal.core.pdf import FontsMissing, RefusedResource
from clauses_portal.core.pdf.engine import FONTS, check_fonts, engine, lay_out
from clauses_portal.core.pdf.fetcher import static_path
from tests.core.pdf_sample import picture

SECRET = "/etc/hostname"
VECTORS = [
    f'<img alt="x" src="file://{SECRET}">',
    f'<img alt="x" src="{SECRET}">',
    '<img alt="x" src="logo.png">',
    '<img alt="x" src="http://127.0.0.1:9/x.png">',
    '<img alt="x" src="//127.0.0.1:9/x.png">',
    '<img alt="x" src="FILE:///etc/hostname">',
    '<img alt="x" src="ftp://127.0.0.1/x">',
    '<img alt="x" src="data:text/html,<p>x">',
    '<img alt="x" src="data:image/svg+xml,<svg/>">',
    '<img alt="x" src="static:../manage.py">',
    '<img alt="x" src="static:fonts/../../manage.py">',
    '<img alt="x" src="static:fonts/OFL.txt">',
    '<img alt="x" src="static:fonts/absent.ttf">',
    '<img alt="x" src="static:/etc/hostname.png">',
    f'<embed src="file://{SECRET}">',
    f'<object data="file://{SECRET}"></object>',
    f'<link rel="attachment" href="file://{SECRET}">',
    f'<a rel="attachment" href="file://{SECRET}">x</a>',
    '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
    '<style>@import "http://127.0.0.1:9/x.css";</style>',
    f"<style>@font-face{{font-family:x;src:url(file://{SECRET})}}</style>",
    f'<div style="background:url(file://{SECRET})">x</div>',
    f'<ul style="list-style-image:url(file://{SECRET})"><li>x</li></ul>',
    f"<style>p::before{{content:url(file://{SECRET})}}</style><p>x</p>",
    "<style>@page{background:url(http://127.0.0.1:9/x.png)}</style>",
    f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title><image width="9" height="9" '
    f'href="file://{SECRET}"/></svg>',
    '<base href="file:///etc/"><img alt="x" src="hostname">',
]


def page(body):
    return f'<!doctype html><html lang="fr"><head><title>Essai</title></head><body>{body}</body></html>'


def render(body):
    return lay_out(page(body), identifier="essai")


@pytest.mark.parametrize("vector", VECTORS)
def test_a_foreign_resource_fails_the_document(vector):
    with pytest.raises(RefusedResource) as refusal:
        render(vector)
    assert isinstance(refusal.value, DomainError)
    assert "127.0.0.1" not in refusal.value.message
    assert SECRET not in refusal.value.message
    assert refusal.value.resources


@pytest.mark.parametrize("vector", VECTORS)
def test_the_same_text_typed_by_a_person_is_printed_literally(vector):
    body = engines["django"].from_string("<p>{{ text }}</p>").render({"text": vector})
    assert render(body).startswith(b"%PDF-1.7")


def test_our_own_fonts_and_carried_pictures_are_allowed():
    encoded = base64.b64encode(picture(20, 10)).decode()
    own = "<style>@font-face{font-family:x;src:url(static:fonts/ubuntu-latin-500-normal.ttf)}</style>"
    assert b"/Subtype /Image" in render(f'{own}<img alt="x" src="data:image/png;base64,{encoded}">')


def test_a_link_to_a_site_is_no_resource():
    with pikepdf.open(io.BytesIO(render('<a href="https://exemple.fr/">site</a>'))) as pdf:
        (link,) = pdf.pages[0].Annots
        assert link.A.URI == "https://exemple.fr/"


def test_a_static_file_is_found_by_its_name_only():
    assert static_path("static:pdf/print.css").name == "print.css"
    assert static_path("static:css/theme.css") is None
    assert static_path("pdf/print.css") is None


def test_the_print_stylesheet_stays_small():
    assert static_path("static:pdf/print.css").stat().st_size <= 10_000


def test_without_our_fonts_a_clear_error_comes_before_any_layout(settings, tmp_path):
    settings.STATICFILES_DIRS = [tmp_path]
    with pytest.raises(FontsMissing, match="public-sans-latin-400-normal.ttf"):
        engine.__wrapped__()


def test_a_font_that_is_not_truetype_is_refused(settings, tmp_path):
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "public-sans-latin-400-normal.ttf").write_bytes(b"wOF2")
    settings.STATICFILES_DIRS = [tmp_path]
    with pytest.raises(FontsMissing):
        check_fonts()


def test_every_font_of_the_stylesheet_is_checked_beforehand():
    assert set(re.findall(r"static:fonts/[\w-]+\.ttf", static_path("static:pdf/print.css").read_text())) == set(FONTS)


def test_style_and_fonts_are_loaded_once():
    assert engine() is engine()
