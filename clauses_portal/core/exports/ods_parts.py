"""The parts of an ODS that do not depend on its lines."""

from xml.sax.saxutils import escape, quoteattr

from clauses_portal.core.files import ODS

PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = {
    "office": f"{OASIS}office:1.0",
    "table": f"{OASIS}table:1.0",
    "text": f"{OASIS}text:1.0",
    "style": f"{OASIS}style:1.0",
    "number": f"{OASIS}datastyle:1.0",
    "fo": f"{OASIS}xsl-fo-compatible:1.0",
    "meta": f"{OASIS}meta:1.0",
    "config": f"{OASIS}config:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
SPACES = " ".join(f'xmlns:{name}="{address}"' for name, address in NAMES.items())
OPENING = f'{SPACES} office:version="1.3"'
CONTENT_HEAD = f"{PROLOGUE}<office:document-content {OPENING}>"

ENTRIES = {
    "/": ODS.mime,
    "content.xml": "text/xml",
    "styles.xml": "text/xml",
    "meta.xml": "text/xml",
    "settings.xml": "text/xml",
}
MANIFEST = "".join(
    [
        f'{PROLOGUE}<manifest:manifest xmlns:manifest="{OASIS}manifest:1.0" manifest:version="1.3">',
        *(
            f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{mime}"/>'
            for path, mime in ENTRIES.items()
        ),
        "</manifest:manifest>",
    ]
)

DAY = (
    '<number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/>'
    '<number:text>/</number:text><number:year number:style="long"/>'
)
CLOCK = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/>'
)
GROUPED = 'number:min-integer-digits="1" number:grouping="true"'


def _numbers(name, decimals, tag="number-style", after=""):
    digits = f'<number:number number:decimal-places="{decimals}" number:min-decimal-places="{decimals}" {GROUPED}/>'
    return f'<number:{tag} style:name="n-{name}">{digits}{after}</number:{tag}>'


def _cell(name, *, data="", paragraph="", text="", wrap=False):
    data = f' style:data-style-name="{data}"' if data else ""
    parts = '<style:table-cell-properties style:vertical-align="top"'
    parts += ' fo:wrap-option="wrap"/>' if wrap else "/>"
    parts += f'<style:paragraph-properties fo:text-align="{paragraph}"/>' if paragraph else ""
    parts += f"<style:text-properties {text}/>" if text else ""
    opening = f'style:name="{name}" style:family="table-cell" style:parent-style-name="Default"'
    return f"<style:style {opening}{data}>{parts}</style:style>"


FONT = 'fo:font-family="Arial" fo:font-size="10pt" fo:language="fr" fo:country="FR"'
STYLES = "".join(
    [
        f"{PROLOGUE}<office:document-styles {OPENING}><office:styles>",
        f'<style:default-style style:family="table-cell"><style:text-properties {FONT}/></style:default-style>',
        _numbers("integer", 0),
        _numbers("hours", 2),
        _numbers("percent", 0, "percentage-style", "<number:text>\u00a0%</number:text>"),
        f'<number:date-style style:name="n-date">{DAY}</number:date-style>',
        f'<number:date-style style:name="n-moment">{DAY}{CLOCK}</number:date-style>',
        '<style:style style:name="Default" style:family="table-cell"/>',
        _cell("text", wrap=True),
        _cell("flag"),
        _cell("integer", data="n-integer"),
        _cell("hours", data="n-hours"),
        _cell("number"),
        _cell("percent", data="n-percent"),
        _cell("date", data="n-date", paragraph="start"),
        _cell("moment", data="n-moment", paragraph="start"),
        _cell("head", text='fo:font-weight="bold"', wrap=True),
        "</office:styles></office:document-styles>",
    ]
)


def meta(title, made_at):
    """meta.xml: title, language, moment (local time, without zone)."""
    return (
        f"{PROLOGUE}<office:document-meta {OPENING}><office:meta><dc:title>{escape(title)}</dc:title>"
        f"<dc:language>fr-FR</dc:language><meta:creation-date>{made_at:%Y-%m-%dT%H:%M:%S}</meta:creation-date>"
        "</office:meta></office:document-meta>"
    )


def settings(table):
    """settings.xml: the first line of this table stays in sight."""
    frozen = {
        ("VerticalSplitMode", "short"): 2,
        ("VerticalSplitPosition", "int"): 1,
        ("ActiveSplitRange", "short"): 2,
        ("PositionTop", "int"): 0,
        ("PositionBottom", "int"): 1,
    }
    items = "".join(_item(name, kind, value) for (name, kind), value in frozen.items())
    entry = f"<config:config-item-map-entry config:name={quoteattr(table)}>{items}</config:config-item-map-entry>"
    tables = f'<config:config-item-map-named config:name="Tables">{entry}</config:config-item-map-named>'
    view = f"<config:config-item-map-entry>{_item('ViewId', 'string', 'view1')}{tables}</config:config-item-map-entry>"
    views = f'<config:config-item-map-indexed config:name="Views">{view}</config:config-item-map-indexed>'
    named = f'<config:config-item-set config:name="ooo:view-settings">{views}</config:config-item-set>'
    return (
        f'{PROLOGUE}<office:document-settings {OPENING} xmlns:ooo="http://openoffice.org/2004/office">'
        f"<office:settings>{named}</office:settings></office:document-settings>"
    )


def _item(name, kind, value):
    return f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
