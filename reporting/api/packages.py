"""Packages by key: deposited and tried, then recorded; asked for, then taken away (C22, docs/paquet.md)."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from clauses_portal.accounts.journal import note
from clauses_portal.accounts.models import JournalAction
from clauses_portal.core.api.negotiation import AnyKindOfFile
from clauses_portal.core.api.serializers import StrictSerializer
from clauses_portal.core.files import ZIP, as_stream
from clauses_portal.core.jobs import JobState
from facilitators.api.views import ResourceViewSet, identifier
from facilitators.enums import KeyDirection, Permission
from facilitators.permissions import get_visible
from reporting.enums import ExchangeOutcome, ExchangeTable
from reporting.exchange.archive import LARGEST
from reporting.models import DataImport, PackageExport
from reporting.services import data_imports, packages

MOST_REFUSED = 500
UNNAMED = "paquet.zip"
NOT_AN_ARCHIVE = "Le corps de la demande est l’archive elle-même (application/zip)."


class PackageParser(BaseParser):
    """The archive itself, as the body of the request; one octet too many is enough to refuse it."""

    media_type = "application/zip"

    def parse(self, stream, media_type=None, parser_context=None):
        return {"content": stream.read(LARGEST + 1)}


class RefusedLineSerializer(StrictSerializer):
    table = serializers.ChoiceField(choices=ExchangeTable)
    line = serializers.IntegerField(source="row", help_text="Ligne du fichier, titres compris.")
    reference = serializers.CharField()
    message = serializers.CharField()


class ImportSerializer(StrictSerializer):
    """`phase`: trial, then recording. `counts`: lines by table and outcome. `refused`: the first 500, with why."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(choices=JobState)
    phase = serializers.SerializerMethodField()
    system = serializers.CharField()
    recorded_on = serializers.DateTimeField(allow_null=True)
    error = serializers.CharField()
    counts = serializers.SerializerMethodField()
    refused = serializers.SerializerMethodField()

    def get_phase(self, run) -> str:
        return "trial" if run.dry_run else "recording"

    def get_counts(self, run) -> dict[str, dict[str, int]]:
        return data_imports.counts_of(run)

    @extend_schema_field(RefusedLineSerializer(many=True))
    def get_refused(self, run):
        lines = run.lines.filter(outcome=ExchangeOutcome.REFUSED).order_by("pk")[:MOST_REFUSED]
        return RefusedLineSerializer(lines, many=True).data


class ExportSerializer(StrictSerializer):
    """`starts_on`, `ends_on`: months of the hours, all of them when absent. `sha256`: of the archive."""

    id = serializers.IntegerField(read_only=True)
    direction = serializers.ChoiceField(choices=KeyDirection)
    starts_on = serializers.DateField(allow_null=True, required=False)
    ends_on = serializers.DateField(allow_null=True, required=False)
    state = serializers.ChoiceField(choices=JobState, read_only=True)
    error = serializers.CharField(read_only=True)
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    sha256 = serializers.CharField(read_only=True)
    available = serializers.SerializerMethodField(help_text="Le paquet se télécharge pendant sept jours.")

    def get_available(self, asked) -> bool:
        return packages.is_available(asked)


class ExchangeMixin:
    """What a key asked for is its own: neither another key nor a person knows of it."""

    read_permission = write_permission = Permission.EXCHANGE_DATA
    has_history = False
    tag = "packages"

    def visible_row(self, pk):
        return get_visible(self.queryset.all(), self.request.user, pk=identifier(pk))

    def answer(self, row, status=200):
        return Response(self.get_serializer_class()(row).data, status=status)


def _archive(request):
    """The bytes of the body. Raises ParseError when it is said to be anything else."""
    try:
        return request.data["content"]
    except (UnsupportedMediaType, KeyError) as error:
        raise ParseError(NOT_AN_ARCHIVE) from error


ARCHIVE = {"application/zip": {"type": "string", "format": "binary"}}


@extend_schema_view(
    list=extend_schema(summary="Lister les paquets déposés"),
    retrieve=extend_schema(summary="Lire le compte rendu d’un paquet déposé"),
)
class PackageViewSet(ExchangeMixin, ResourceViewSet):
    """Paquets déposés : essayés d’abord, enregistrés ensuite."""

    queryset = DataImport.objects.select_related("structure").defer("content")
    serializer_class = ImportSerializer
    parser_classes = [PackageParser]

    @extend_schema(
        summary="Déposer un paquet et l’essayer",
        description="L’archive est le corps de la demande, 50 Mo au plus. Rien n’est écrit avant l’enregistrement.",
        request=ARCHIVE,
        responses={202: ImportSerializer},
    )
    def create(self, request):
        """Verify the archive at once, and have it tried by a worker."""
        run = data_imports.ask_package_import(
            by=request.user, structure=request.auth.structure, file_name=UNNAMED, content=_archive(request)
        )
        note(request, JournalAction.EXCHANGE, of=run)
        return self.answer(run, status=202)

    @extend_schema(summary="Enregistrer un paquet essayé", request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"])
    def record(self, request, pk=None):
        """Record what is ready; what contradicts the portal is left to people."""
        run = data_imports.ask_recording(run=self.visible_row(pk), by=request.user)
        note(request, JournalAction.EXCHANGE, of=run)
        return self.answer(run, status=202)


@extend_schema_view(
    list=extend_schema(summary="Lister les paquets demandés"),
    retrieve=extend_schema(summary="Lire l’état d’un paquet demandé"),
)
class PackageExportViewSet(ExchangeMixin, ResourceViewSet):
    """Paquets à emporter, dans le sens de la clé."""

    queryset = PackageExport.objects.select_related("structure")
    serializer_class = ExportSerializer

    @extend_schema(summary="Demander un paquet", request=ExportSerializer, responses={202: ExportSerializer})
    def create(self, request):
        """Ask a worker for a package of the structure of the key."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        structure = request.auth.structure
        asked = packages.ask_package(by=request.user, structure=structure, **serializer.validated_data)
        note(request, JournalAction.EXCHANGE, of=asked)
        return self.answer(asked, 202)

    @extend_schema(
        summary="Télécharger un paquet", responses={(200, "application/zip"): OpenApiTypes.BINARY}, request=None
    )
    @action(detail=True, content_negotiation_class=AnyKindOfFile)
    def download(self, request, pk=None):
        """The archive, for a week."""
        asked = self.visible_row(pk)
        return as_stream(packages.file_name_of(asked), ZIP.mime, packages.open_package(asked))
