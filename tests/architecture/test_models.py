"""What every table must obey, whoever writes it."""

import re

import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db.models import PROTECT, CheckConstraint, DateTimeField, ForeignKey, JSONField

from clauses_portal.core.constraints import both_or_none
from markets.models import CalibrationMethod, LotFinancials, MarketFinancials, PhaseFinancials, TradeParameters
from tests.support.source import histories, models

# Their columns are guardian's, made by its abstract classes.
GUARDIAN = {model for model in models("facilitators") if model.__name__.endswith("ObjectPermission")}
CONFIDENTIAL = {CalibrationMethod, LotFinancials, MarketFinancials, PhaseFinancials, TradeParameters}
CONFIDENTIAL_COLUMN = re.compile(
    r"(?:^|_)(?:amount|estimate|price|rate|cost|share|method|parameter|formula|raw_hour)s?(?:_|$)"
)
ACRONYM = re.compile(r"[A-Z]{2,}")
ours = pytest.mark.parametrize(
    "model", [model for model in models() if model not in GUARDIAN], ids=lambda model: model._meta.label
)


def own_fields(model):
    return [field for field in model._meta.local_fields if not field.auto_created]


@ours
def test_when_and_who_go_together(model):
    """Each `x_at` has its `x_by`, and a constraint that wants both or none."""
    names = {field.name for field in model._meta.get_fields() if not field.auto_created}
    at = {name[:-3] for name in names if name.endswith("_at")}
    by = {name[:-3] for name in names if name.endswith("_by")}
    assert at == by
    conditions = [c.condition for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    assert [stem for stem in at if both_or_none("", stem).condition not in conditions] == []


@ours
def test_a_moment_is_called_at_or_on(model):
    """`_at` is a moment with its author; `_on` a day, or a moment nobody signs; `at`, that of a line of a journal."""
    names = [field.name for field in own_fields(model) if isinstance(field, DateTimeField)]
    inherited = {"last_login", "date_joined", "at"}
    assert [name for name in names if name not in inherited and not name.endswith(("_at", "_on"))] == []


@ours
def test_names_shown_to_people_are_french_and_lower_case(model):
    named = {model._meta.label: model._meta.verbose_name, "plural": model._meta.verbose_name_plural}
    assert "verbose_name" in model._meta.original_attrs
    for field in own_fields(model):
        assert field._verbose_name is not None, f"{field} has no verbose name"
        named[str(field)] = field.verbose_name
    wrong = {key: str(name) for key, name in named.items() if not lower_case(str(name))}
    assert wrong == {}


def lower_case(name):
    return name[0].islower() or bool(ACRONYM.match(name))


@ours
def test_the_plural_is_french(model):
    """Django adds an « s » at the end: right for one word, wrong for « saisie d’heures »."""
    name = str(model._meta.verbose_name)
    if " " in name or name.endswith(("s", "x", "z", "al", "au", "eu")):
        assert "verbose_name_plural" in model._meta.original_attrs


@ours
def test_nothing_is_deleted_in_cascade(model):
    keys = [field for field in own_fields(model) if isinstance(field, ForeignKey)]
    assert [str(key) for key in keys if key.remote_field.on_delete is not PROTECT] == []


@ours
def test_a_constraint_speaks_french(model):
    """The default message shows the constraint's name to the person."""
    silent = [c.name for c in model._meta.constraints if c.violation_error_message == c.default_violation_error_message]
    composite_targets = {"lot_with_its_place", "award_with_its_lot", "contract_with_its_place"}
    composite_targets |= {"lot_in_its_territory", "transfer_with_its_hours"}
    internal = {"calibration_version_once", "market_total_once"}
    assert set(silent) <= composite_targets | internal


@pytest.mark.parametrize(
    "model", [model for model in models() if model not in CONFIDENTIAL], ids=lambda model: model._meta.label
)
def test_no_confidential_column_in_a_shared_table(model):
    assert confidential_columns(model) == []


@pytest.mark.parametrize("history", histories(), ids=lambda model: model._meta.label)
def test_no_confidential_column_in_a_shared_history(history):
    source = getattr(history, "instance_type", None)
    assert source in CONFIDENTIAL or confidential_columns(history) == []


def confidential_columns(model):
    return [field.name for field in model._meta.get_fields() if CONFIDENTIAL_COLUMN.search(field.name.lower())]


def test_the_confidential_tables_hold_what_they_must():
    assert confidential_columns(MarketFinancials) == ["estimated_amount", "awarded_amount"]
    assert confidential_columns(LotFinancials) == ["estimated_amount", "awarded_amount"]
    assert confidential_columns(CalibrationMethod) == ["method", "parameters", "raw_hours"]


def test_free_structures_are_few_and_known():
    """A JSON or array column can hide anything: each one is known."""
    free = {
        f"{model._meta.label}.{field.name}"
        for model in models()
        for field in own_fields(model)
        if isinstance(field, JSONField | ArrayField)
    }
    assert free == {
        "accounts.FormDraft.data",
        "facilitators.AccessKey.networks",
        "facilitators.AccessKey.scopes",
        "facilitators.Commune.postal_codes",
        "facilitators.RepeatableRequest.answer",
        "facilitators.Webhook.events",
        "markets.CalibrationMethod.explanation",
        "markets.CalibrationMethod.parameters",
        "markets.ClauseReview.reasons",
        "markets.ColumnMapping.mapping",
        "markets.FacilitatorOpinion.consulted",
        "markets.ImportRun.report",
        "markets.Market.execution_terms",
        "markets.Market.social_considerations",
        "markets.ProgrammeImport.mapping",
        "markets.ProgrammeImport.report",
        "markets.Trade.cpv_codes",
        "participants.HoursImport.mapping",
        "participants.HoursImport.report",
        "participants.Participant.match_keys",
        "participants.StatementMapping.mapping",
        "reporting.DataImport.manifest",
        "reporting.DataImport.report",
        "reporting.ExchangeLine.data",
        "reporting.PackageExport.counts",
        "reporting.SourceMapping.columns",
        "reporting.SourceMapping.values",
        "reporting.Statement.snapshot",
        "reporting.StatementRatios.data",
    }


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
