"""The fields a template may hold, and how each is written in Word."""

from dataclasses import dataclass

from markets.documents.fields import ALL, Kind

USES = {Kind.TEXT: "Texte", Kind.FLAG: "Condition", Kind.LIST: "Liste", Kind.IMAGE: "Image"}


@dataclass(frozen=True)
class FieldHelp:
    """A field: what it prints, and the lines to write in the template."""

    name: str
    description: str
    use: str
    lines: tuple[str, ...]


def field_helps():
    """[FieldHelp] of every field, in the order of the documents."""
    return [FieldHelp(item.name, item.description, USES[item.kind], _lines(item)) for item in ALL]


def _lines(item):
    if item.kind is Kind.FLAG:
        return (f"{{%p if {item.name} %}}", "… paragraphes …", "{%p endif %}")
    if item.kind is not Kind.LIST:
        return (f"{{{{ {item.name} }}}}",)
    tag = "tr" if item.items else "p"
    row = [f"{{{{ ligne.{column} }}}}" for column in item.items] or ["{{ ligne }}"]
    return (f"{{%{tag} for ligne in {item.name} %}}", " | ".join(row), f"{{%{tag} endfor %}}")
