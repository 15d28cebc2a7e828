"""Reference tables: what the codes of the other resources mean (C22). Any key reads them."""

from django.utils import timezone
from drf_spectacular.helpers import forced_singular_serializer
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from clauses_portal.core.api.pagination import read_number
from clauses_portal.core.api.serializers import StrictSerializer
from clauses_portal.core.text import is_writable
from facilitators.api.filters import NOT_A_TEXT, refuse_unknown
from facilitators.api.views import KeyMay
from facilitators.enums import Permission
from facilitators.models import Commune, Directorate, Territory
from markets import enums as market_enums
from markets.models import CpvCode, RomeCode, Trade
from operations.enums import FundingPeriod
from participants import enums as person_enums
from participants.models import EligibilityCategory
from reporting.enums import FileKind, StatementKind

USUAL, MOST = 20, 100
LONGEST_QUESTION = 80
# {name of the table: its values}, by the side that writes them
CHOICES = {
    "funding_periods": FundingPeriod,
    "market_kinds": market_enums.MarketKind,
    "procedures": market_enums.Procedure,
    "techniques": market_enums.Technique,
    "legal_bases": market_enums.LegalBasis,
    "lot_states": market_enums.LotState,
    "award_roles": market_enums.AwardRole,
    "grouping_kinds": market_enums.GroupingKind,
    "award_ends": market_enums.AwardEnd,
    "employer_kinds": market_enums.EmployerKind,
    "company_sizes": market_enums.CompanySize,
    "alert_categories": market_enums.AlertCategory,
    "alert_severities": market_enums.AlertSeverity,
    "sexes": person_enums.Sex,
    "education_levels": person_enums.EducationLevel,
    "entry_situations": person_enums.EntrySituation,
    "prescriber_kinds": person_enums.PrescriberKind,
    "information_means": person_enums.InformationMeans,
    "validation_states": person_enums.ValidationState,
    "contract_types": person_enums.ContractType,
    "modalities": person_enums.Modality,
    "end_reasons": person_enums.EndReason,
    "hours_natures": person_enums.HoursNature,
    "rejection_reasons": person_enums.RejectionReason,
    "exit_horizons": person_enums.ExitHorizon,
    "exit_situations": person_enums.ExitSituationKind,
    "exit_sources": person_enums.ExitSource,
    "statement_kinds": StatementKind,
    "file_kinds": FileKind,
}


class ValueSerializer(StrictSerializer):
    """What is sent, and what it means."""

    value = serializers.CharField(help_text="Ce qui s’envoie et se lit.")
    label = serializers.CharField(help_text="Ce qui se montre à une personne.")


class CategorySerializer(ValueSerializer):
    """An eligibility category, and the evidence it asks for."""

    id = serializers.IntegerField()
    requirement = serializers.ChoiceField(person_enums.CategoryRequirement)
    evidence = serializers.CharField()
    evidence_months = serializers.IntegerField(allow_null=True, help_text="Fraîcheur du justificatif, en mois.")


class PlaceSerializer(ValueSerializer):
    id = serializers.IntegerField()


class TablesSerializer(StrictSerializer):
    """Every small table; its values are {value, label}."""

    territories = PlaceSerializer(many=True)
    directorates = PlaceSerializer(many=True)
    trades = PlaceSerializer(many=True)
    eligibility_categories = CategorySerializer(many=True)

    def get_fields(self):
        return super().get_fields() | {name: ValueSerializer(many=True) for name in CHOICES}


class FoundSerializer(StrictSerializer):
    items = ValueSerializer(many=True)


SEARCH = [
    OpenApiParameter(
        "q", {"type": "string", "maxLength": LONGEST_QUESTION}, description="Début du code, ou mots du libellé."
    ),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST}, description="Nombre de lignes."),
]


class ReferenceViewSet(ViewSet):
    """Nomenclatures : ce que disent les codes des autres ressources."""

    tag = "references"
    permission_classes = [KeyMay]
    read_permission = write_permission = Permission.EXCHANGE_DATA

    @extend_schema(
        summary="Lire toutes les petites nomenclatures",
        operation_id="references_retrieve",
        responses={200: forced_singular_serializer(TablesSerializer)},
    )
    def list(self, request):
        refuse_unknown(request, ())
        tables = {name: [_value(*choice) for choice in kind.choices] for name, kind in CHOICES.items()}
        return Response(_rows() | tables)

    @extend_schema(summary="Chercher un métier (ROME)", parameters=SEARCH, responses={200: FoundSerializer})
    @action(detail=False)
    def rome(self, request):
        """Occupations, by code or words."""
        return self._found(RomeCode.objects)

    @extend_schema(summary="Chercher un code CPV", parameters=SEARCH, responses={200: FoundSerializer})
    @action(detail=False)
    def cpv(self, request):
        """Codes of the Common Procurement Vocabulary, by code or words."""
        return self._found(CpvCode.objects)

    @extend_schema(summary="Chercher une commune (code Insee)", parameters=SEARCH, responses={200: FoundSerializer})
    @action(detail=False)
    def communes(self, request):
        """Communes, by Insee code, postal code or words."""
        return self._found(Commune.objects)

    def _found(self, rows):
        refuse_unknown(self.request, ("q", "limit"))
        text = self.request.query_params.get("q", "")
        if len(text) > LONGEST_QUESTION or not is_writable(text):
            raise ValidationError({"q": [NOT_A_TEXT]})
        found = rows.matching(text).order_by("pk")[: read_number(self.request, "limit", USUAL, MOST)]
        return Response({"items": [_value(row.pk, _label(row)) for row in found]})


def _rows():
    categories = EligibilityCategory.objects.in_use(timezone.localdate()).order_by("code")
    return {
        "territories": [_place(row) for row in Territory.objects.order_by("code")],
        "directorates": [_place(row) for row in Directorate.objects.order_by("code")],
        "trades": [_place(row) for row in Trade.objects.order_by("code")],
        "eligibility_categories": [_category(row) for row in categories],
    }


def _place(row):
    return {"id": row.pk, **_value(row.code, _label(row))}


def _category(row):
    more = {name: getattr(row, name) for name in ("requirement", "evidence", "evidence_months")}
    return _place(row) | more


def _value(value, label):
    return {"value": value, "label": label}


def _label(row):
    return row.name if hasattr(row, "name") else row.label
