"""The description of the interface: what drf-spectacular cannot guess."""

import re
from inspect import cleandoc

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import inline_serializer

from facilitators.enums import Permission
from facilitators.role_permissions import KEY_PERMISSIONS

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable : un programme peut s’y fier."},
        "detail": {"type": "string", "description": "La phrase à montrer à une personne."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "line": {"type": "integer", "minimum": 1},
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "reference": {"type": "string"},
        "existing": {"type": "integer"},
    },
}
REFUSALS = {
    "400": "Demande incorrecte",
    "401": "Clé absente, invalide ou expirée",
    "403": "La clé ne permet pas cette action",
    "404": "Inconnu, ou hors du périmètre de la clé",
    "406": "Seul le JSON est servi",
    "409": "Conflit : version, doublon, mois clôturé",
    "413": "Trop volumineux",
    "415": "Seul le JSON est reçu",
    "422": "Refusé par une règle",
    "429": "Trop de demandes",
    "503": "Momentanément indisponible",
}
REPEAT = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Une demande répétée avec la même clé n’est faite qu’une fois ; gardée 24 heures.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"},
}
IDENTIFIER = {
    "description": "Identifiant donné par le portail.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 10**18 - 1},
}
# What each resource knows how to do, said after its name.
SUMMARIES = {
    "list": "lister",
    "retrieve": "lire une ligne",
    "create": "déposer une ligne",
    "bulk": "déposer des lignes, toutes ou aucune",
    "partial_update": "modifier une ligne",
}
DONE = {"200": "Lu ou modifié", "201": "Enregistré", "202": "Demandé à un travailleur"}


class ResourceSchema(AutoSchema):
    """Adds to each operation the refusals it may answer, and to each writing the repetition key."""

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        for status, response in operation["responses"].items():
            response["description"] = response["description"] or DONE[status]
        for status in REFUSALS:
            operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Refusal{status}"})
        if method in {"POST", "PATCH"}:
            operation.setdefault("parameters", []).append(REPEAT)
        operation["x-scopes"] = self._scopes(method)
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path" and parameter["name"] == "id":
                parameter.update(IDENTIFIER)
        return operation

    def get_summary(self):
        """« Opérations : lister »; an action of its own says it by `extend_schema` or its first, French sentence."""
        done = SUMMARIES.get(getattr(self.view, "action", ""))
        return f"{self._title()} : {done}" if done else self._told().partition(".")[0]

    def get_description(self):
        """The French presentation of the resource, for what every resource does; else what `extend_schema` says."""
        return cleandoc(self.view.__doc__ or "") if getattr(self.view, "action", "") in SUMMARIES else ""

    def _scopes(self, method):
        """The scopes that open this operation, any of them; none when every key does."""
        wanted = self.view.read_permission if method == "GET" else self.view.write_permission
        opening = [scope.value for scope, rights in KEY_PERMISSIONS.items() if wanted in rights]
        return [] if wanted == Permission.EXCHANGE_DATA else opening

    def _told(self):
        return cleandoc(getattr(self.view, getattr(self.view, "action", ""), None).__doc__ or "").partition("\n")[0]

    def _title(self):
        return re.split(r"\s*[:.,]", self.view.__doc__ or "")[0].strip()

    def get_request_serializer(self):
        if self._is_bulk():
            return self._lines(self.view.get_serializer_class())
        return super().get_request_serializer()

    def get_response_serializers(self):
        if self._is_bulk():
            return {201: self._lines(self.view.serializer_class)}
        if getattr(self.view, "action", "") in getattr(self.view, "sent_classes", ()):
            return self.view.serializer_class
        return super().get_response_serializers()

    def _is_bulk(self):
        return getattr(self.view, "action", "") == "bulk"

    def _lines(self, serializer):
        name = f"{serializer.__name__.removesuffix('Serializer')}Lines"
        most = getattr(self.view, "most_lines", 1000)
        return inline_serializer(name, {"items": serializer(many=True, min_length=1, max_length=most)})

    def get_tags(self):
        return [getattr(self.view, "tag", "") or getattr(self.view, "resource", "") or "échange"]


def add_problem(result, generator, request, public):
    """Hook: the components the refusals refer to."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {
        f"Refusal{status}": {"description": description, "content": content} for status, description in REFUSALS.items()
    }
    return result
