"""What every resource of the interface is: scoped reading, writing by the services, answers that say the version."""

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as ModelError
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.http import Http404
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from clauses_portal.core.api.pagination import LARGEST_ID
from clauses_portal.core.api.problems import LinesRefused, errors_of
from clauses_portal.core.db_errors import refusals
from clauses_portal.core.errors import NOT_FOUND, DomainError
from facilitators import references
from facilitators.api.idempotency import repeatable
from facilitators.journal_marks import note_names
from facilitators.permissions import get_actionable, get_visible, refusal, scope_of

MOST_LINES = 1000
MOST_ERRORS = 100
NOT_LINES = 'Le corps de la demande est {{"items": [...]}}, avec 1 à {most} lignes.'
NO_VERSION = "Indiquez la version lue : elle dit sur quoi porte la modification."
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class KeyMay(BasePermission):
    """The key holds, somewhere, what this resource asks for (M2, M16)."""

    def has_permission(self, request, view):
        wanted = view.read_permission if request.method in READING else view.write_permission
        if wanted is not None and not scope_of(request.user).allows(wanted):
            raise PermissionDenied(refusal(request.user, wanted))
        return True


class ResourceViewSet(mixins.ListModelMixin, GenericViewSet):
    """Lists and shows the rows in sight of the key. A subclass names `resource`, `queryset`, `serializer_class`.

    `read_permission` and `write_permission`: what the key must hold; `filters`: {parameter: lookup};
    `sent_classes`: {action: serializer of what is sent}, where it is not what is read. `about_persons`: each answer is
    a nominative reading, and the journal keeps it.
    """

    permission_classes = [KeyMay]
    lookup_value_regex = "[0-9]{1,18}"
    resource = ""
    read_permission = write_permission = None
    filters = {}
    sent_classes = {}
    has_history = True
    about_persons = False

    def get_serializer_class(self):
        return self.sent_classes.get(self.action, self.serializer_class)

    def get_queryset(self):
        """Rows in sight, each with its version, and without any confidential column."""
        return self.with_version(self.queryset.all()).visible_to(self.request.user)

    def with_version(self, rows):
        """Annotate `api_version`, the last line of the history of each row."""
        if not self.has_history:
            return rows
        lines = rows.model.history.filter(id=OuterRef("pk")).order_by("-history_id")
        return rows.annotate(api_version=Subquery(lines.values("history_id")[:1]))

    def list(self, request, *args, **kwargs):
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.represent(rows))

    def retrieve(self, request, pk=None):
        return Response(self.represent([self.visible_row(pk)])[0])

    def visible_row(self, pk):
        """The row of this identifier. Raises Http404, the same for unknown and out of sight (A1)."""
        return get_visible(self.with_version(self.queryset.all()), self.request.user, pk=identifier(pk))

    def represent(self, rows):
        """The rows as data, with the caller's own references."""
        if self.about_persons:
            note_names(self.request, rows)
        names = {}
        if self.resource:
            names = references.names_of(self.request.auth.structure_id, self.resource, [row.pk for row in rows])
        context = self.get_serializer_context() | {"references": names}
        return self.serializer_class(rows, many=True, context=context).data

    def read_again(self, row):
        """A row that was just written, as the others read it."""
        return self.with_version(self.queryset.all()).get(pk=row.pk)


class CreateMixin:
    """POST: one row. A subclass gives `save_new(fields)`, which calls a service and returns the row."""

    @repeatable
    def create(self, request):
        row = self.create_row(request.data)
        return Response(self.represent([self.read_again(row)])[0], status=201)

    def create_row(self, data):
        """Write one row from what was sent. Raises what the serializer and the services refuse."""
        serializer = self.get_serializer(data=data)
        serializer.is_valid(raise_exception=True)
        fields = dict(serializer.validated_data)
        fields.pop("version", None)
        reference = fields.pop("external_reference", None)
        self.refuse_taken(reference)
        with refusals():
            row = self.save_new(fields)
            if reference:
                references.name_row(self.request.auth.structure, self.resource, reference, row.pk)
        return row

    def refuse_taken(self, reference):
        """Raise ReferenceTaken when it names a row already: the caller is told which."""
        existing = reference and references.find(self.request.auth.structure_id, self.resource, reference)
        if existing:
            raise references.ReferenceTaken(existing)


class BulkMixin(CreateMixin):
    """POST …/bulk: many rows, all or nothing; each refused line says why.

    `most_lines`: what is written in less than half a minute.
    """

    most_lines = MOST_LINES

    @action(detail=False, methods=["post"], url_path="bulk")
    @repeatable
    def bulk(self, request):
        rows = self.create_rows(lines_of(request.data, self.most_lines))
        kept = self.with_version(self.queryset.all()).in_bulk([row.pk for row in rows])
        # in the order of the lines: the caller finds each again
        return Response({"items": self.represent([kept[row.pk] for row in rows])}, status=201)

    def create_rows(self, lines):
        """Write these lines one by one, each in its savepoint. Raises LinesRefused with all that was refused."""
        rows, errors = [], []
        for number, data in enumerate(lines, start=1):
            try:
                with transaction.atomic():
                    rows.append(self.create_row(data))
            except (ValidationError, ModelError, DomainError, ParseError, PermissionDenied, Http404) as error:
                errors.extend({"line": number, **told} for told in errors_of(error))
            if len(errors) >= MOST_ERRORS:
                break
        if errors:
            raise LinesRefused(errors)
        return rows


class ChangeMixin:
    """PATCH: some fields of a row. A subclass gives `save_changed(row, fields, seen)`, which calls a service."""

    @repeatable
    def partial_update(self, request, pk=None):
        row = self.actionable_row(pk)
        serializer = self.get_serializer(row, data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        fields = dict(serializer.validated_data)
        seen = fields.pop("version", None)
        if seen is None:
            raise ValidationError({"version": [NO_VERSION]})
        reference = fields.pop("external_reference", None)
        with refusals():
            row = self.save_changed(row, fields, seen)
            if reference:
                references.name_row(request.auth.structure, self.resource, reference, row.pk)
        return Response(self.represent([self.read_again(row)])[0])

    def actionable_row(self, pk):
        """The row, when the key may write it. Raises Http404 or PermissionDenied."""
        rows = self.with_version(self.queryset.all())
        return get_actionable(rows, self.request.user, self.write_permission, pk=identifier(pk))


class ActMixin(ChangeMixin):
    """POST …/{id}/verb: what the services do to one row, with the version that was read."""

    def act(self, request, pk, kind, service):
        """Answer with the row after `service(row, fields, seen)`; `kind`: serializer of what is sent.

        `seen` is the version sent, None where `kind` takes none.
        """
        row = self.actionable_row(pk)
        fields = self.read(kind, request.data)
        with refusals():
            row = service(row, fields, fields.pop("version", None))
        return Response(self.represent([self.read_again(row)])[0])

    def read(self, kind, data):
        """What was sent, as this serializer reads it. Raises ValidationError."""
        serializer = kind(data=data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


def identifier(text):
    """The identifier of an address. Raises Http404 when no row could have it."""
    number = int(text)
    if not 0 < number <= LARGEST_ID:
        raise Http404(NOT_FOUND)
    return number


def lines_of(data, most=MOST_LINES):
    """The lines of a bulk body, `most` at most. Raises ParseError."""
    lines = data.get("items") if isinstance(data, dict) and set(data) == {"items"} else None
    if not isinstance(lines, list) or not 1 <= len(lines) <= most:
        raise ParseError(NOT_LINES.format(most=most))
    return lines


def put(row, fields):
    """Write these fields on the instance, for a service to save. Returns it."""
    for name, value in fields.items():
        setattr(row, name, value)
    return row
