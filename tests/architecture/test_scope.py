"""Every row is reached through the rights of who asks (design.md §3): no model, no query escapes by oversight."""

import pytest

from facilitators.enums import Permission, Role
from facilitators.models import Directorate, Territory
from facilitators.permissions import ScopedQuerySet, grant
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import DirectorateFactory
from tests.support.source import models

# Models that no territory bounds, each with its reason.
EXEMPT = {
    "accounts.CharterAcceptance": "belongs to the person who accepted: read for herself alone",
    "accounts.ProConnectIdentity": "belongs to the person it opens the account of: read for herself alone",
    "accounts.FormDraft": "belongs to the person who types it: `visible_to` is hers",
    "accounts.JournalEntry": "of the whole portal: for those who watch over it, under @requires",
    "accounts.User": "signs in; listed for the administrator alone",
    "facilitators.AccessKey": "belongs to a structure: `structures_for` says whose",
    "facilitators.Commune": "public reference",
    "facilitators.ExternalReference": "belongs to a structure: read with its key alone",
    "facilitators.KeyAddress": "goes with its key",
    "facilitators.RepeatableRequest": "belongs to a key: read by it alone",
    "facilitators.Webhook": "belongs to a structure: `structures_for` says whose",
    "facilitators.WebhookDelivery": "goes with its webhook",
    "facilitators.Territory": "the place itself: `territories_for` filters it",
    "facilitators.Directorate": "the place itself: `directorates_for` filters it",
    "facilitators.TerritoryUserObjectPermission": "the projection of rights, read by permissions.py",
    "facilitators.TerritoryGroupObjectPermission": "asked for by guardian, always empty",
    "facilitators.DirectorateUserObjectPermission": "the projection of rights, read by permissions.py",
    "facilitators.DirectorateGroupObjectPermission": "asked for by guardian, always empty",
    "facilitators.Invitation": "a role offered, shown to the administrator; its link opens it alone",
    "facilitators.Membership": "the truth of rights, shown to the administrator",
    "facilitators.Notification": "belongs to whoever is told: `visible_to` is hers",
    "facilitators.OutgoingMail": "the outbox of the worker: no page shows it, what sends it keeps its own row",
    "facilitators.Structure": "public institutions",
    "facilitators.Convention": "a public act, without personal nor confidential data",
    "markets.CalendarFeed": "belongs to the person who made it: `visible_to` is hers",
    "markets.ColumnMapping": "columns of a direction's files, reached through the direction",
    "markets.Company": "its places are to many: for those who follow one of its lots, or its people there",
    "markets.CompanyContact": "belongs to a company: for those who follow one of its lots",
    "markets.CompanyLink": "belongs to a company: for those who follow one of its lots",
    "markets.CompanyReminder": "belongs to a company: for those who follow one of its lots",
    "markets.CpvCode": "public reference",
    "markets.CriteriaGrid": "the criteria are public in the Département; the answers are not",
    "markets.Criterion": "line of a grid",
    "markets.DocumentTemplate": "templates of the office, without data: for those who edit them",
    "markets.DecpWatch": "published data of a buyer, bound to no territory",
    "markets.HourlyRate": "public law",
    "markets.ImportRun": "belongs to whoever asked it, not to a territory",
    "markets.LegalThreshold": "public law",
    "markets.PenaltyRule": "printed in every market",
    "markets.ProgrammeImport": "belongs to a direction, to no territory",
    "markets.RomeCode": "public reference",
    "markets.Trade": "public reference",
    "markets.TradeParameters": "no place: for those who may read the method anywhere",
    "participants.EligibilityCategory": "public reference",
    "participants.MonthlyDeclaration": "belongs to a company: for those who follow one of its lots",
    "participants.StatementMapping": "belongs to a company: for those who follow one of its lots",
    "reporting.BrandingLogo": "public logos",
    "reporting.DataImport": "belongs to whoever asked it, not to a territory",
    "reporting.ExchangeLine": "goes with its import",
    "reporting.PackageExport": "belongs to whoever asked it, not to a territory",
    "reporting.SourceMapping": "belongs to a structure: `structures_for` says whose",
    "reporting.ProductionBatch": "belongs to whoever asked it, not to a territory",
    "reporting.PublicationAgreement": "an act of the two parties of the convention, bound to no territory",
}
PLACES = {"territory_path": Territory, "directorate_path": Directorate}


def queryset(model):
    return model._default_manager.all()


def destination(model, path):
    """The model at the end of a path of relations."""
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model


def scoped():
    return [model for model in models() if model._meta.label not in EXEMPT]


def test_every_model_is_scoped_or_exempt():
    assert [model._meta.label for model in scoped() if not isinstance(queryset(model), ScopedQuerySet)] == []


def test_no_exemption_is_stale():
    labels = {model._meta.label for model in models()}
    own_scope = {
        "markets.ImportRun",
        "markets.ColumnMapping",
        "markets.Company",
        "markets.CompanyContact",
        "markets.CompanyLink",
        "markets.CompanyReminder",
        "markets.DecpWatch",
        "markets.DocumentTemplate",
        "markets.ProgrammeImport",
        "markets.TradeParameters",
        "participants.MonthlyDeclaration",
        "participants.StatementMapping",
        "reporting.DataImport",
        "reporting.PackageExport",
        "reporting.ProductionBatch",
        "reporting.PublicationAgreement",
    }
    still_needed = {
        model._meta.label
        for model in models()
        if not isinstance(queryset(model), ScopedQuerySet) or model._meta.label in own_scope
    }
    assert set(EXEMPT) - (labels & still_needed) == set()


@pytest.mark.parametrize("model", scoped(), ids=lambda model: model._meta.label)
@pytest.mark.parametrize("kind", PLACES)
def test_a_path_leads_to_its_place(model, kind):
    path = getattr(queryset(model), kind)
    if path is None:
        assert kind == "directorate_path"
        return
    assert destination(model, path) is PLACES[kind]
    # two joins at most to the territory (design.md §3), three to the directorate
    assert path.count("__") <= (2 if kind == "territory_path" else 4)


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_every_scope_is_a_query_that_runs(role, territory):
    """A path that does not exist is an error 500 for one role, unseen by the others."""
    user = UserFactory()
    place = {"territory": territory} if role == Role.FACILITATOR else {}
    if role == Role.DIRECTORATE_AGENT:
        place = {"directorate": DirectorateFactory()}
    grant(user=user, role=role, by=None, **place)
    for model in models():
        if isinstance(queryset(model), ScopedQuerySet):
            asked = [queryset(model).actionable_by(user, permission) for permission in Permission]
            assert [rows for rows in (*asked, queryset(model).visible_to(user)) if rows.exists()] == [], model
