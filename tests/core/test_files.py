"""What may be deposited: extension and content agree, nothing hides in it, and it goes out as a file to save."""

import contextlib
import hashlib
import struct
import zipfile

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clauses_portal.core import archives, files
from clauses_portal.core.errors import DomainError
from clauses_portal.core.files import DOCUMENTS, DOCX, PDF, as_download, check_upload, clean_name
from clauses_portal.core.french import NBSP
from tests.core import made_files
from tests.core.made_files import PAGE, PROGRAM, TEXT, excel, image, members_of, open_document, word, zipped

MEGABYTE = 1024 * 1024
CSV = "Intitulé;Durée\r\nVoirie;12\r\n"
SHEET = excel({"Programme": [["Intitulé", "Durée"], ["Voirie", 12]]})
GOOD = {
    "CCAP.pdf": (made_files.PDF, "application/pdf"),
    "CCTP.DOCX": (word(), DOCX.mime),
    "DPGF.xlsx": (SHEET, files.XLSX.mime),
    "note.odt": (open_document(TEXT), TEXT),
    "DPGF.ods": (made_files.calc([["Intitulé", "Durée"]]), files.ODS.mime),
    "programme.csv": (CSV.encode(), "text/csv"),
    "ancien.csv": (CSV.encode("cp1252"), "text/csv"),
    "photo.png": (image("PNG"), "image/png"),
    "photo.jpeg": (image("JPEG"), "image/jpeg"),
    "DCE.zip": (zipped({"Lot 1/CCAP.pdf": made_files.PDF, "Lot 2/": ""}), "application/zip"),
}


def refusal(name, content, allowed=DOCUMENTS, **limits):
    """The sentence of the refusal."""
    with pytest.raises(DomainError) as refused:
        check_upload(name, content, allowed=allowed, **limits)
    return refused.value.message.replace(NBSP, " ")


@pytest.mark.parametrize("name", GOOD)
def test_a_right_file_is_accepted(name):
    content, mime = GOOD[name]
    checked = check_upload(name, content, allowed=DOCUMENTS)
    assert checked == files.CheckedFile(name, mime, hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.parametrize("name", GOOD)
def test_a_content_under_another_extension_is_refused(name):
    """Whatever the pair, except a ZIP: DOCX and ODS are zips, and may be deposited as such."""
    content, mime = GOOD[name]
    for kind in DOCUMENTS:
        if kind.mime != mime and kind is not files.ZIP:
            assert refusal(f"faux{kind.extensions[0]}", content).startswith("Type de fichier refusé")


@pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.label)
@pytest.mark.parametrize("content", [PROGRAM, PAGE, PROGRAM + b"%%EOF", PROGRAM + b"\xff\xd9"])
def test_a_program_or_a_page_is_refused_under_any_name(kind, content):
    assert f"n’est pas celui d’un fichier {kind.label}" in refusal(f"CCAP{kind.extensions[0]}", content)


def test_an_empty_file_is_refused():
    assert refusal("CCAP.pdf", b"").startswith("Ce fichier est vide : ")


def test_ten_megabytes_are_accepted_and_one_byte_more_is_refused():
    content = made_files.PDF.ljust(10 * MEGABYTE, b" ")
    assert check_upload("CCAP.pdf", content, allowed=[PDF]).size == 10 * MEGABYTE
    assert refusal("CCAP.pdf", content + b" ").startswith("Ce fichier pèse 10,1 Mo : la limite est de 10 Mo.")
    heavy = made_files.PDF.ljust(int(12.3 * MEGABYTE))
    assert refusal("CCAP.pdf", heavy).startswith("Ce fichier pèse 12,3 Mo : la limite est de 10 Mo.")
    assert "la limite est de 1 Mo" in refusal("CCAP.pdf", heavy, max_bytes=MEGABYTE)


@pytest.mark.parametrize("name", ["plan.dwg", "CCAP.pdf.exe", "image.svg", "CCAP", ".pdf", "", None, "a.pdf/b.html"])
def test_another_type_is_refused_with_those_accepted(name):
    assert refusal(name, made_files.PDF, [PDF, DOCX]) == "Type de fichier refusé. Déposez un fichier PDF ou DOCX."


def test_an_old_office_format_says_how_to_save_it():
    assert "ancien format d’Office" in refusal("CCTP.doc", b"\xd0\xcf\x11\xe0")
    old = files.COMPOUND_FILE + b"\0" * 600
    assert "ancien format d’Office" in refusal("CCTP.docx", old)


def with_macros(content, **members):
    return zipped(members_of(content) | members)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("CCTP.docm", word()),
        ("CCTP.docx", with_macros(word(), **{"word/vbaProject.bin": "macro"})),
        ("DPGF.xlsx", with_macros(SHEET, **{"xl/macrosheets/sheet1.xml": "macro"})),
        (
            "CCTP.docx",
            with_macros(word(), **{"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled.main+xml"}),
        ),
        ("note.odt", open_document(TEXT, **{"Basic/Standard/Module1.xml": "macro"})),
    ],
)
def test_a_document_with_macros_is_refused(name, content):
    assert "contient des macros" in refusal(name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("CCTP.docx", files.COMPOUND_FILE + b"\0" * 600 + files.ENCRYPTED_PACKAGE),
        ("note.odt", open_document(TEXT, **{"META-INF/manifest.xml": "<manifest:encryption-data/>"})),
        (
            "DCE.zip",
            zipped({"CCAP.pdf": "secret"}).replace(b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1"),
        ),
    ],
)
def test_a_file_behind_a_password_is_refused(name, content):
    assert "protégé par un mot de passe" in refusal(name, content)


@pytest.mark.parametrize("length", [40, 400, -1])
def test_a_truncated_file_is_refused(length):
    assert "abîmé ou incomplet" in refusal("CCTP.docx", word()[:length])


def test_a_damaged_member_is_refused():
    content = bytearray(zipped({"CCAP.txt": "a" * 100}, zipfile.ZIP_STORED))
    content[60] = 0
    assert "abîmé ou incomplet" in refusal("DCE.zip", bytes(content))


def test_an_unusual_compression_is_refused():
    """zipfile would decompress it without any bound."""
    assert "abîmé ou incomplet" in refusal("DCE.zip", zipped({"a.txt": "a" * 9999}, zipfile.ZIP_BZIP2))


def test_a_zip_bomb_is_refused_by_what_it_declares():
    bomb = zipped({f"{number}.xml": b"\0" * 16 * MEGABYTE for number in range(4)})
    assert len(bomb) < MEGABYTE
    assert "60 Mo décompressés au plus" in refusal("CCTP.docx", bomb)
    assert check_upload("DCE.zip", bomb, allowed=[files.ZIP])
    assert "200 Mo" in refusal("DCE.zip", zipped({f"{number}": b"\0" * 26 * MEGABYTE for number in range(8)}))


@pytest.mark.parametrize("lie", [10, 0x2345678])
def test_a_zip_bomb_that_lies_about_its_size_is_refused(lie):
    bomb = zipped({"a.txt": b"\0" * 0x1234567})
    true, lie = struct.pack("<L", 0x1234567), struct.pack("<L", lie)
    assert bomb.count(true) == 2
    assert "abîmé ou incomplet" in refusal("DCE.zip", bomb.replace(true, lie))


def test_a_crowd_of_small_members_is_refused():
    members = {f"{number}.txt": "" for number in range(archives.MOST_ENTRIES + 1)}
    assert "2000 éléments" in refusal("DCE.zip", zipped(members))


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        ("Lot 1/setup.EXE", "un programme"),
        ("CCAP.pdf.lnk", "un programme"),
        ("virus.bat. .", "un programme"),
        ("DPGF.xlsm", "un programme"),
        ("lisez-moi.html", "une page active"),
        ("plans.zip", "une autre archive"),
        ("../CCAP.pdf", "chemins interdits"),
        ("..\\CCAP.pdf", "chemins interdits"),
        ("/etc/passwd", "chemins interdits"),
        ("C:/CCAP.pdf", "chemins interdits"),
    ],
)
def test_an_archive_holds_documents_only(listed, reason):
    assert reason in refusal("DCE.zip", zipped({"CCAP.pdf": made_files.PDF, listed: "x"}))


def test_an_empty_archive_is_refused():
    assert "est vide" in refusal("DCE.zip", zipped({}))


@given(content=st.binary(min_size=1, max_size=400), kind=st.sampled_from(DOCUMENTS), prefixed=st.booleans())
def test_junk_is_refused_or_accepted_but_never_an_error(content, kind, prefixed):
    """With the right first bytes or not."""
    starts = {".pdf": b"%PDF", ".png": b"\x89PNG\r\n\x1a\n", ".jpg": b"\xff\xd8\xff", ".zip": b"PK\x03\x04"}
    content = (starts.get(kind.signature, b"") if prefixed else b"") + content
    checked = outcome(f"x{kind.extensions[0]}", content)
    assert checked is None or (checked.mime, checked.size) == (kind.mime, len(content))


@given(position=st.integers(0, len(SHEET) - 1), byte=st.integers(0, 255), cut=st.integers(0, 40))
def test_a_spoiled_workbook_is_never_an_error(position, byte, cut):
    spoiled = SHEET[:position] + bytes([byte]) + SHEET[position + cut :]
    checked = outcome("DPGF.xlsx", spoiled)
    assert checked is None or checked.size == len(spoiled)


def outcome(name, content):
    """The checked file, or None when it is refused."""
    with contextlib.suppress(DomainError):
        return check_upload(name, content, allowed=DOCUMENTS)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("CCAP.pdf", "CCAP.pdf"),
        ("C:\\Users\\x\\CCAP.pdf", "CCAP.pdf"),
        ("../../etc/CCAP.pdf", "CCAP.pdf"),
        ("  Avant-projet  E\u0301te\u0301 . ", "Avant-projet Été"),
        ("fdp\u202e.exe\x00.pdf", "fdp .exe.pdf"),
        ('a"<b>|c?.pdf', "a__b__c_.pdf"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
        ("note.longue-extension-imaginaire", "note.longue-extension-imaginaire"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_name_is_made_clean(name, clean):
    assert clean_name(name) == clean


@given(st.text(max_size=400))
def test_a_clean_name_stays_as_it_is(name):
    clean = clean_name(name)
    assert clean_name(clean) == clean
    assert len(clean) <= files.LONGEST_NAME
    assert not set(clean) & set('/\\<>:"|?*\r\n\0')


def test_a_file_goes_out_to_be_saved_in_a_sandbox():
    response = as_download("Été « n° 1 ».pdf", "application/pdf", made_files.PDF)
    assert response.content == made_files.PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%C3%89t%C3%A9%20%C2%AB%20n%C2%B0%201%20%C2%BB.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox"


def test_a_hostile_name_cannot_write_a_header():
    response = as_download('a"\r\nSet-Cookie: x=1;.pdf', "application/pdf", b"")
    assert response["Content-Disposition"] == 'attachment; filename="a_ Set-Cookie_ x=1;.pdf"'


def test_a_pdf_that_carries_data_or_opens_at_a_page_is_accepted(sample_pdf):
    """Our own papers carry their figures; nothing runs."""
    for content in (
        sample_pdf,
        made_files.pdf(lambda document: document.attachments.update({"donnees.csv": b"a;b"})),
        made_files.pdf(lambda document: setattr(document.Root, "OpenAction", pikepdf.Array([0, pikepdf.Name.Fit]))),
    ):
        assert check_upload("bilan.pdf", content, allowed=[PDF]).mime == "application/pdf"
