"""Run by itself, in a process that may take little memory and little time: says what a PDF given on its input holds.

Imports nothing of the portal. Answers one word: clean, active, attachment, protected, broken.
"""

import io
import re
import resource
import sys

MOST_SECONDS, MOST_MEMORY = 4, 256 * 1024 * 1024
# What makes a reader run, send or open something; keys and values of objects, as qpdf writes them.
ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|GoToE|RichMedia|Rendition|Movie|Sound|XFA)(?=[\s/<>()\[\]]|$)"
)
STRING = re.compile(rb"\((?:[^()\\]|\\.)*\)", re.DOTALL)
# qpdf goes on without the objects it could not decompress: what they hold is not known.
UNREAD = re.compile("bad_alloc|error decoding|unfilterable|object stream")
# Data that accompany a document (ours carry them); anything else goes out of a PDF to be run.
DATA = (".csv", ".json", ".xml", ".txt")


def main():
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
    try:
        word = look(sys.stdin.buffer.read())
    except Exception:  # whatever a broken file raises, out of memory included
        word = "broken"
    sys.stdout.write(word)


def look(content):
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return judge(pdf, pikepdf)
    except pikepdf.PasswordError:
        return "protected"


def judge(pdf, pikepdf):
    word = "clean"
    for one in pdf.objects:
        told = one.stream_dict if isinstance(one, pikepdf.Stream) else one
        text = STRING.sub(b"()", told.unparse(resolved=True) if hasattr(told, "unparse") else b"")
        if ACTIVE.search(text):
            return "active"
        if b"/EF" in text and not all(name.lower().endswith(DATA) for name in attached(told, pikepdf)):
            word = "attachment"
    return "broken" if any(UNREAD.search(warning) for warning in map(str, pdf.get_warnings())) else word


def attached(one, pikepdf):
    """The names of the files that this object, or one inside it, carries; « » for one without a name."""
    if isinstance(one, pikepdf.Dictionary):
        if "/EF" in one:
            yield from [str(one[key]) for key in ("/F", "/UF") if key in one] or [""]
        one = list(one.values())
    if isinstance(one, pikepdf.Array | list):
        for inner in one:
            if isinstance(inner, pikepdf.Dictionary | pikepdf.Array) and not inner.is_indirect:
                yield from attached(inner, pikepdf)


if __name__ == "__main__":
    main()
