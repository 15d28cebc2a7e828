"""Each check finds the fault it is there for, in a document spoiled on purpose."""

import io
from dataclasses import replace

import pikepdf
import pytest
from pikepdf import Array, Name

from clauses_portal.core.pdf import checks, emblem
from clauses_portal.core.pdf.checks import MM_PER_POINT
from clauses_portal.core.pdf.structure import elements
from tests.core.pdf_sample import default_letterhead


def spoiled(content, spoil):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        spoil(pdf)
        changed = io.BytesIO()
        pdf.save(changed)
    return changed.getvalue()


def first(pdf, kind, alt=None):
    return next(e for e, _ in elements(pdf) if kind == e.S and alt in (None, str(e.get("/Alt", ""))))


def remove(*path):
    def spoil(pdf):
        holder = pdf.Root
        for name in path[:-1]:
            holder = holder[name]
        del holder[path[-1]]

    return spoil


def no_scope(pdf):
    del first(pdf, "/TH").A["/Scope"]


def no_alt(pdf):
    del first(pdf, "/Figure")["/Alt"]


def no_ua_mark(pdf):
    pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes().replace(b"pdfuaid:part>1", b"pdfuaid:part>9"))


def no_title(pdf):
    with pdf.open_metadata() as metadata:
        del metadata["dc:title"]


@pytest.mark.parametrize(
    ("spoil", "finding"),
    [
        (remove("/MarkInfo"), "n’est pas balisé"),
        (remove("/Lang"), "n’est pas le français"),
        (remove("/ViewerPreferences", "/DisplayDocTitle"), "n’affiche pas le titre"),
        (no_title, "n’a pas de titre"),
        (no_ua_mark, "PDF/UA-1"),
        (no_scope, "portée"),
        (no_alt, "texte de remplacement"),
    ],
)
def test_a_fault_of_accessibility_is_found(sample_pdf, spoil, finding):
    (found,) = checks.check_accessibility(spoiled(sample_pdf, spoil))
    assert finding in found


def no_archive_mark(pdf):
    pdf.Root.Metadata.write(pdf.Root.Metadata.read_bytes().replace(b'conformance="A"', b'conformance="B"'))


def no_font_file(pdf):
    described = next(item for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item)
    del described["/FontFile2"]


@pytest.mark.parametrize(("spoil", "finding"), [(no_archive_mark, "PDF/A-3a"), (no_font_file, "n’est pas incorporée")])
def test_a_fault_of_archiving_is_found(sample_pdf, spoil, finding):
    (found,) = checks.check_archiving(spoiled(sample_pdf, spoil))
    assert finding in found


def listed_twice(pdf):
    pdf.Root.AF.append(pdf.Root.AF[0])


def test_a_missing_or_repeated_attachment_is_found(sample_pdf):
    assert checks.check_attachments(sample_pdf, ["donnees.json", "lots.csv"]) == []
    assert checks.check_attachments(sample_pdf, ["autre.csv"])[0] == "La pièce jointe autre.csv manque."
    (found,) = checks.check_attachments(spoiled(sample_pdf, listed_twice), ["lots.csv"])
    assert "fichiers associés" in found


def resized(alt, width, height):
    """Spoil: give the figure of this alternative text another size, in millimetres."""

    def spoil(pdf):
        figure = first(pdf, "/Figure", alt)
        figure.A["/BBox"] = Array([0, 0, width / MM_PER_POINT, height / MM_PER_POINT])

    return spoil


def renamed(alt):
    def spoil(pdf):
        first(pdf, "/Figure", alt)["/Alt"] = pikepdf.String("Autre chose")

    return spoil


def other_font(pdf):
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "Ubuntu" in str(item.get("/FontName", "")):
            item["/FontName"] = Name("/ABCDEF+Other")


@pytest.mark.parametrize(
    ("spoil", "finding"),
    [
        (renamed(emblem.ALT), "L’emblème de l’Union européenne manque"),
        (renamed("Logo Métropole"), "Logo Métropole\u00a0» manque"),
        (resized(emblem.ALT, 45, 20), "déformé"),
        (resized("Logo Métropole", 31, 5), "plus petit qu’un autre logo"),
        (resized("Logo Département", 12, 21), "plus petit qu’un autre logo"),
        (other_font, "police permise"),
    ],
)
def test_a_fault_of_letterhead_is_found(sample_pdf, spoil, finding):
    (found,) = checks.check_letterhead(spoiled(sample_pdf, spoil), default_letterhead())
    assert finding in found


def test_an_emblem_under_one_centimetre_is_found(sample_pdf):
    findings = checks.check_letterhead(spoiled(sample_pdf, resized(emblem.ALT, 14.4, 9.6)), default_letterhead())
    assert "L’emblème européen fait moins d’un centimètre de haut." in findings


def test_a_document_without_funding_needs_no_emblem(sample_pdf):
    head = replace(default_letterhead(), europe=None)
    assert checks.check_letterhead(spoiled(sample_pdf, renamed(emblem.ALT)), head) == []


def drawn_sizes(content):
    """Sizes (mm) of the pictures drawn on page one, read in the drawing itself."""
    sizes, stack, matrix = [], [], pikepdf.Matrix()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pictures = pdf.pages[0].get_images()
        for operands, operator in pikepdf.parse_content_stream(pdf.pages[0], "q Q cm Do"):
            match str(operator):
                case "q":
                    stack.append(matrix)
                case "Q":
                    matrix = stack.pop()
                case "cm":
                    matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
                case "Do" if str(operands[0]) in pictures:
                    sizes.append(extent(matrix))
    return sizes


def extent(matrix):
    """(width, height) in millimetres of the unit square that a picture fills."""
    corners = [matrix.transform(corner) for corner in ((0, 0), (1, 1))]
    return tuple(round(abs(end - start) * MM_PER_POINT, 1) for start, end in zip(*corners, strict=True))


def test_the_sizes_checked_are_the_sizes_drawn(sample_pdf):
    declared = [(round(f.width, 1), round(f.height, 1)) for f in checks.figures(sample_pdf)[:3]]
    assert declared == [(11.4, 16.0), (30.0, 5.2), (30.0, 20.0)]
    assert drawn_sizes(sample_pdf) == declared[:2]


def test_figures_are_where_they_are_said_to_be(sample_pdf):
    with pikepdf.open(io.BytesIO(sample_pdf)) as pdf:
        box = [float(edge) for edge in first(pdf, "/Figure", "Logo Département").A.BBox]
        height = float(pdf.pages[0].MediaBox[3])
    assert box[0] == pytest.approx(18 / MM_PER_POINT, abs=0.1)
    assert height - 40 / MM_PER_POINT < box[1] < box[3] < height - 14 / MM_PER_POINT
