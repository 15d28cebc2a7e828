"""Published papers, their files and their frozen data (C19, C20, C22)."""

from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.reverse import reverse

from clauses_portal.core.api.negotiation import AnyKindOfFile
from clauses_portal.core.api.pagination import LARGEST_ID
from clauses_portal.core.api.serializers import ResourceSerializer, StrictSerializer
from clauses_portal.core.errors import NOT_FOUND
from clauses_portal.core.files import PDF, XLSX, as_download
from facilitators.api.views import ResourceViewSet, identifier
from facilitators.enums import Permission
from facilitators.permissions import get_visible
from reporting.models import Statement, StatementFile
from reporting.presenters import with_files

SUBJECTS = ("territory", "directorate", "market")
# The paper itself among its files: the others are named by their identifier.
DOCUMENT = "document"


class FileSerializer(StrictSerializer):
    """`kind`: « document », « annex » or « company »; `size` in bytes; `url` asks for the same key."""

    kind = serializers.CharField()
    name = serializers.CharField()
    format = serializers.CharField(help_text="« PDF », « XLSX »…")
    size = serializers.IntegerField(help_text="En octets.")
    sha256 = serializers.CharField(help_text="Empreinte du fichier, en hexadécimal.")
    url = serializers.URLField()


class StatementSerializer(ResourceSerializer):
    """A paper as it was published: what it is about, its place among its versions, its files."""

    number = serializers.CharField(read_only=True, help_text="Référence imprimée sur le document.")
    territory = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    directorate = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    replaced_by = serializers.SerializerMethodField(help_text="Version publiée qui remplace celle-ci.")
    published_on = serializers.DateTimeField(source="published_at", read_only=True)
    files = serializers.SerializerMethodField()

    class Meta:
        model = Statement
        fields = [
            "id",
            "kind",
            "number",
            "period_code",
            "starts_on",
            "ends_on",
            "territory",
            "directorate",
            "market",
            "version",
            "version_reason",
            "replaces",
            "replaced_by",
            "published_on",
            "sha256",
            "files",
        ]
        read_only_fields = fields

    @extend_schema_field({"type": ["integer", "null"]})
    def get_replaced_by(self, statement):
        later = statement.replacement
        return later.pk if later else None

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, statement):
        """The document first, then the files this key may take."""
        document = {"kind": DOCUMENT, "name": f"{statement.number}.pdf", "format": PDF.label}
        document |= {"size": statement.pdf_size, "sha256": statement.sha256, "url": self._url(statement, DOCUMENT)}
        return [document, *(self._file(statement, file) for file in statement.seen_files)]

    def _file(self, statement, file):
        told = {name: getattr(file, name) for name in ("kind", "name", "format", "size", "sha256")}
        return told | {"url": self._url(statement, file.pk)}

    def _url(self, statement, file):
        return reverse("api:statement-file", args=[statement.pk, file], request=self.context["request"])


FILE = OpenApiParameter(
    "file",
    {"type": "string", "pattern": "^(document|[0-9]{1,18})$"},
    "path",
    description="Lu dans l’adresse du fichier.",
)


@extend_schema_view(
    list=extend_schema(summary="Lister les états et bilans publiés"),
    retrieve=extend_schema(summary="Lire un état ou un bilan publié"),
)
class StatementViewSet(ResourceViewSet):
    """États trimestriels, bilans de fin de marché et bilans annuels, tels qu’ils ont été publiés.

    Ni les brouillons, ni les listes nominatives, ni la version restreinte d’un bilan annuel.
    """

    tag = "statements"
    queryset = Statement.objects.published().defer("snapshot").select_related(*SUBJECTS, "replaced_by")
    serializer_class = StatementSerializer
    read_permission = Permission.VIEW_STATEMENTS
    filters = {
        "kind": "kind",
        "period_code": "period_code",
        "territory_code": "territory__code",
        "directorate_code": "directorate__code",
        "market": "market",
    }

    def with_version(self, rows):
        """Papers never change: what they need beside is their files."""
        return with_files(rows, self.request.user)

    @extend_schema(
        summary="Lire les données figées d’un document",
        description="Les mêmes données que le fichier JSON joint au PDF : heures en texte, dates ISO.",
        responses={200: OpenApiTypes.OBJECT},
    )
    @action(detail=True)
    def data(self, request, pk=None):
        """The frozen data of the paper, as they are attached to its PDF."""
        return Response(self._paper(pk).snapshot)

    @extend_schema(
        summary="Télécharger un fichier",
        description="Les octets publiés ; leur empreinte est celle de la liste.",
        parameters=[FILE],
        responses={(200, kind.mime): OpenApiTypes.BINARY for kind in (PDF, XLSX)},
    )
    @action(
        detail=True,
        url_path="files/(?P<file>document|[0-9]{1,18})",
        url_name="file",
        content_negotiation_class=AnyKindOfFile,
    )
    def file(self, request, pk=None, file=None):
        """The bytes that were published; rights are checked at each download."""
        paper = self._paper(pk)
        if file == DOCUMENT:
            with paper.pdf.open() as content:
                return as_download(f"{paper.number}.pdf", PDF.mime, content.read())
        number = int(file)
        if not 0 < number <= LARGEST_ID:
            raise Http404(NOT_FOUND)
        row = get_visible(StatementFile.objects.filter(statement=paper), request.user, pk=number)
        return as_download(row.name, row.mime, bytes(row.content))

    def _paper(self, pk):
        rows = Statement.objects.published().select_related(*SUBJECTS)
        return get_visible(rows, self.request.user, pk=identifier(pk))
