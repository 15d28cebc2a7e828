"""Reading the structure tree of a tagged PDF with pikepdf."""

import pikepdf


def elements(pdf):
    """Yield (element, ancestors' types) for each structure element, in reading order; types like « /TH »."""
    if "/StructTreeRoot" in pdf.Root:
        yield from _walk(pdf.Root.StructTreeRoot.get("/K"), ())


def _walk(node, ancestors):
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from _walk(child, ancestors)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node, ancestors
        yield from _walk(node.get("/K"), (*ancestors, str(node.S)))


def text_attribute(element, name):
    """A text entry of an element, like « /Alt »; « » when absent."""
    return str(element.get(name, ""))
