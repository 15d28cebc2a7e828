"""What the page of the interface shows, read in the OpenAPI document."""

import json
from dataclasses import dataclass, field

from clauses_portal.api_docs.document import operations

TYPES = {
    "string": "texte",
    "integer": "entier",
    "number": "nombre",
    "boolean": "true ou false",
    "object": "objet",
    "null": "null",
}
FORMATS = {
    "date": "date (AAAA-MM-JJ)",
    "date-time": "date et heure",
    "uri": "adresse",
    "email": "adresse électronique",
    "decimal": "nombre, en texte",
    "binary": "octets",
}
# Explained once, before the resources.
SHARED_PARAMETERS = frozenset({"after", "limit", "modified_since", "external_reference", "Idempotency-Key", "id"})
LONGEST_LIST = 60


@dataclass
class Field:
    """A field of a resource: `writing` is « obligatoire », « facultatif » or « lu seulement »."""

    name: str
    kind: str
    note: str
    writing: str
    values: list


@dataclass
class Call:
    """One operation, with the texts of its example."""

    summary: str
    description: str
    method: str
    path: str
    parameters: list
    scopes: list
    request: str = ""
    answer: str = ""


@dataclass
class Resource:
    tag: str
    calls: list = field(default_factory=list)
    fields: list = field(default_factory=list)

    @property
    def title(self):
        return self.tag.replace("-", " ").replace("_", " ")


def resources(schema):
    """The `Resource`s of a document, by the order of their addresses."""
    found = {}
    for path, method, operation in operations(schema):
        tag = operation["tags"][0]
        resource = found.setdefault(tag, Resource(tag))
        resource.calls.append(_call(path, method, operation))
        _add_fields(resource, schema, operation)
    return list(found.values())


def _call(path, method, operation):
    answers = [response for status, response in operation["responses"].items() if status.startswith("2")]
    return Call(
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        method=method.upper(),
        path=path,
        parameters=[
            (one["name"], kind_of(one["schema"], {}), one.get("description", ""))
            for one in operation.get("parameters", [])
            if one["name"] not in SHARED_PARAMETERS
        ],
        scopes=operation.get("x-scopes", []),
        request=_example(operation.get("requestBody", {})),
        answer=_example(answers[0]) if answers else "",
    )


def _example(body):
    """The example of a body as indented JSON, « » without one."""
    example = body.get("content", {}).get("application/json", {}).get("example")
    return "" if example is None else json.dumps(example, ensure_ascii=False, indent=2)


def _add_fields(resource, schema, operation):
    """Add what this operation reads and writes to the fields of its resource."""
    sent = _component(schema, operation.get("requestBody", {}))
    read = [_component(schema, answer) for status, answer in operation["responses"].items() if status.startswith("2")]
    known = {one.name for one in resource.fields}
    for component in [*read, sent]:
        for name, told in component.get("properties", {}).items():
            if name not in known:
                known.add(name)
                resource.fields.append(_field(schema, name, told))
    _mark_written(resource, sent)


def _mark_written(resource, sent):
    for one in resource.fields:
        if one.name in sent.get("required", ()):
            one.writing = "obligatoire"
        elif one.name in sent.get("properties", {}) and one.writing != "obligatoire":
            one.writing = "facultatif"


def _component(schema, body):
    """The object a body carries; that of its lines when it carries a list."""
    found = _resolved(schema, body.get("content", {}).get("application/json", {}).get("schema", {}))
    lines = found.get("properties", {}).get("items", {})
    return _resolved(schema, lines["items"]) if lines.get("type") == "array" else found


def _resolved(schema, told):
    while "$ref" in told or "allOf" in told:
        reference = told["$ref"] if "$ref" in told else told["allOf"][0].get("$ref")
        if reference is None:
            return told["allOf"][0]
        told = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return told


def _field(schema, name, told):
    inner = _resolved(schema, told.get("items", told) if told.get("type") == "array" else told)
    return Field(
        name=name,
        kind=kind_of(told, schema),
        note=told.get("title") or told.get("description", ""),
        writing="lu seulement",
        values=_values(inner),
    )


def _values(told):
    """[(value, label)] of a list of values, as drf-spectacular describes them: « * `value` - Label »."""
    if "enum" not in told or len(told["enum"]) > LONGEST_LIST:
        return []
    lines = [line[2:].split(" - ", 1) for line in told.get("description", "").splitlines() if line.startswith("* ")]
    return [(value.strip("`"), label) for value, label in (line for line in lines if len(line) == 2)]


def kind_of(told, schema):
    """The type of a value in French."""
    choices = told.get("oneOf") or told.get("anyOf")
    if choices:
        return " ou ".join(dict.fromkeys(kind_of(one, schema) for one in choices))
    told = _resolved(schema, told)
    kinds = told.get("type", "object")
    if isinstance(kinds, list):
        return " ou ".join(kind_of(told | {"type": kind}, schema) for kind in kinds)
    if kinds == "array":
        return f"liste : {kind_of(told.get('items', {}), schema)}"
    if "enum" in told:
        return "valeur de la liste"
    return FORMATS.get(told.get("format"), TYPES[kinds]) if kinds == "string" else TYPES[kinds]
