"""Hours of contracts, month by month, read and deposited by a program; they count by the rules of the pages (C14)."""

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.response import Response

from clauses_portal.core.api.problems import LinesRefused, errors_of
from clauses_portal.core.errors import NOT_FOUND
from facilitators.api.filters import ALWAYS, parameter, read_moment, refuse_unknown
from facilitators.api.idempotency import repeatable
from facilitators.api.views import MOST_ERRORS, ResourceViewSet, identifier, lines_of
from facilitators.enums import Permission
from facilitators.permissions import get_actionable, territories_for
from participants.api import hours_lines as lines
from participants.enums import HoursSource
from participants.models import EmploymentContract, HoursEntry
from participants.services import hours
from participants.services.hours_deposits import DepositedMonth, LinesNotKept, deposit_month, deposit_months

P = Permission


class SinceFilter(BaseFilterBackend):
    """`since`: what was erased from this moment on."""

    def filter_queryset(self, request, queryset, view):
        refuse_unknown(request, {*ALWAYS, "since"})
        since = read_moment(request, "since")
        return queryset if since is None else queryset.filter(history_date__gte=since)

    def get_schema_operation_parameters(self, view):
        return [parameter("since", {"type": "string", "format": "date-time"})]


class HoursViewSet(ResourceViewSet):
    """Heures : déclarées, comptabilisées, rejetées, en attente. Une ligne porte sa version, un contrat son numéro."""

    queryset = HoursEntry.objects.all()
    about_persons = True
    serializer_class = lines.HoursLineSerializer
    read_permission, write_permission = P.VIEW_HOURS, P.ENTER_HOURS
    filters = {"contract": "contract", "participant": "participant", "lot": "lot", "market": "market", "month": "month"}

    def with_version(self, rows):
        """A line has a version of its own."""
        return rows

    @extend_schema(request=lines.DepositSerializer, responses=lines.OutcomeSerializer)
    @repeatable
    def create(self, request):
        """Record the hours of a month, in place of those that stand."""
        typed = self._read(lines.DepositSerializer, request.data)
        line = self._month(typed, known=lines.known_contracts(request, [typed["contract"]]))
        if line is None:
            raise ValidationError({"contract": [NOT_FOUND]})
        outcome = deposit_month(line=line, by=request.user)
        return Response(lines.OutcomeSerializer(outcome).data)

    @extend_schema(request=lines.DepositLinesSerializer, responses=lines.OutcomesSerializer)
    @action(detail=False, methods=["post"])
    @repeatable
    def bulk(self, request):
        """Record up to 1 000 months together, or none."""
        months = self._months(lines_of(request.data))
        try:
            outcomes = deposit_months(lines=months, by=request.user)
        except LinesNotKept as error:
            raise _refusal(error.refused) from error
        return Response({"items": lines.OutcomeSerializer(outcomes, many=True).data})

    @extend_schema(
        summary="Écarter des heures d’une ligne, avec un motif",
        request=lines.WithholdingSerializer,
        responses=lines.HoursLineSerializer,
    )
    @action(detail=True, methods=["post"])
    @repeatable
    def withhold(self, request, pk=None):
        """Set hours of a line aside, with a reason: they count no more, until they are given back."""
        entry = get_actionable(self.queryset.all(), request.user, self.write_permission, pk=identifier(pk))
        typed = self._read(lines.WithholdingSerializer, request.data)
        version, reason = int(typed["version"]), typed.get("reason", "")
        entry = hours.withhold(entry=entry, hours=typed["hours"], reason=reason, version=version, by=request.user)
        return self._line(entry)

    @extend_schema(
        summary="Régulariser un mois clôturé",
        description="L’écart est inscrit au premier mois ouvert.",
        request=lines.RegularisationSerializer,
        responses={201: lines.HoursLineSerializer},
    )
    @action(detail=False, methods=["post"])
    @repeatable
    def regularisations(self, request):
        """Bring a month that was sent to its right total: the difference is booked in the first open month."""
        typed = self._read(lines.RegularisationSerializer, request.data)
        contract = lines.known_contracts(request, [typed["contract"]]).get(typed["contract"])
        if contract is None:
            raise ValidationError({"contract": [NOT_FOUND]})
        entry = hours.regularise(
            contract=get_actionable(EmploymentContract.objects, request.user, self.write_permission, pk=contract),
            month=typed["month"],
            hours=typed["hours"],
            reason=typed["reason"],
            nature=typed.get("nature"),
            days=(typed["starts_on"], typed["ends_on"]) if "starts_on" in typed else None,
            version=_version(typed),
            source=HoursSource.API,
            by=request.user,
        )
        return self._line(entry, status=201)

    @extend_schema(summary="Lister les lignes effacées", responses=lines.ErasedLineSerializer(many=True))
    @action(detail=False, filter_backends=[SinceFilter])
    def erased(self, request):
        """Lines that were erased: which, of which contract and month, and when."""
        places = territories_for(request.user, self.read_permission)
        gone = HoursEntry.history.filter(history_type="-", territory__in=places)
        page = self.paginate_queryset(self.filter_queryset(gone))
        return self.get_paginated_response(lines.ErasedLineSerializer(page, many=True).data)

    def _read(self, kind, data):
        serializer = kind(data=data, context=self.get_serializer_context())
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    def _line(self, entry, status=200):
        return Response(self.represent([self.queryset.get(pk=entry.pk)])[0], status=status)

    def _months(self, data):
        """[DepositedMonth] of the lines that were sent. Raises LinesRefused with all that is wrong in their form."""
        serializer = lines.DepositSerializer(data=data, many=True, context=self.get_serializer_context())
        if not serializer.is_valid():
            raise _refusal((index, ValidationError(told)) for index, told in enumerate(serializer.errors) if told)
        typed = serializer.validated_data
        known = lines.known_contracts(self.request, {line["contract"] for line in typed})
        unknown = ValidationError({"contract": [NOT_FOUND]})
        refused = [(index, unknown) for index, line in enumerate(typed) if line["contract"] not in known]
        if refused:
            raise _refusal(refused)
        return [self._month(line, known) for line in typed]

    def _month(self, typed, known):
        """The DepositedMonth of a line, None when its contract is not known."""
        contract = known.get(typed["contract"])
        if contract is None:
            return None
        return DepositedMonth(contract, typed["month"], typed["declared"], _version(typed), typed.get("nature", ""))


def _version(typed):
    return int(typed["version"]) if "version" in typed else None


def _refusal(refused):
    """The LinesRefused of these [(index, error)], the first hundred of them."""
    told = [{"line": index + 1, **one} for index, error in refused for one in errors_of(error)]
    return LinesRefused(told[:MOST_ERRORS])
