"""Reading a PDF back: the text it draws, its metadata, the files it embeds. Without a tool of the system."""

import io
import re

import pikepdf

CODE = re.compile(r"<([0-9a-fA-F]+)>")


def parts_of(document):
    """{part: text} of a PDF (bytes): « text », « metadata », and each embedded file by its name."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        embedded = {name: file.get_file().read_bytes().decode("utf-8-sig") for name, file in pdf.attachments.items()}
        metadata = f"{dict(pdf.docinfo)} {pdf.open_metadata()}"
        text = "\n".join(_text_of_page(page) for page in pdf.pages)
    return embedded | {"metadata": metadata, "text": text}


def _text_of_page(page):
    """The text in the order of drawing, one line per string: each font says which letters its glyphs are."""
    fonts = {name: _letters(font) for name, font in page.Resources.Font.items() if "/ToUnicode" in font}
    lines, letters = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            letters = fonts.get(str(operands[0]), {})
        elif str(operator) in {"Tj", "TJ"}:
            strings = operands[0] if str(operator) == "TJ" else operands
            glyphs = [bytes(part) for part in strings if isinstance(part, pikepdf.String)]
            lines.append("".join(_decoded(part, letters) for part in glyphs))
    return "\n".join(lines)


def _decoded(glyphs, letters):
    codes = (int.from_bytes(glyphs[i : i + 2], "big") for i in range(0, len(glyphs), 2))
    return "".join(letters.get(code, "") for code in codes)


def _letters(font):
    """{glyph: letters} of the ToUnicode table of a font, pairs and ranges alike."""
    table, letters = font.ToUnicode.read_bytes().decode("latin-1"), {}
    for line in table.partition("endcodespacerange")[2].splitlines():
        codes = CODE.findall(line)
        if len(codes) < 2:
            continue
        first, last, text = int(codes[0], 16), int(codes[-2], 16), bytes.fromhex(codes[-1]).decode("utf-16-be")
        for glyph in range(first, last + 1):
            letters[glyph] = text[:-1] + chr(ord(text[-1]) + glyph - first)
    return letters
