"""Who may do what: the table of design.md §3, written a second time, from the text and not from the code."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from clauses_portal.accounts.models import User
from facilitators.enums import Permission, Role
from facilitators.permissions import (
    FORBIDDEN,
    directorates_for,
    grant,
    requires,
    scope_of,
    territories_for,
)
from facilitators.role_permissions import ROLE_PERMISSIONS, permissions_of
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import DirectorateFactory

pytestmark = pytest.mark.django_db

M, L, D, F, DIRECTOR, A, DPO = (
    Role.MISSION_OFFICER,
    Role.LEGAL_OFFICER,
    Role.DIRECTORATE_AGENT,
    Role.FACILITATOR,
    Role.DIRECTOR,
    Role.ADMINISTRATOR,
    Role.PRIVACY_OFFICER,
)
WHO_MAY = {
    Permission.VIEW_MARKETS: {M, L, D, F},
    Permission.MANAGE_MARKETS: {M, D},
    Permission.VIEW_AMOUNTS: {M, L, D, F},
    Permission.MANAGE_AMOUNTS: {M, D},
    Permission.VIEW_METHOD: {M, L, F},
    Permission.GIVE_OPINION: {F},
    Permission.DECIDE_CLAUSE: {M},
    Permission.GIVE_VISA: {L},
    Permission.PROPOSE_CALIBRATION: {F},
    Permission.RETAIN_CALIBRATION: {M},
    Permission.PRODUCE_DOCUMENTS: {M, F},
    Permission.MANAGE_TEMPLATES: {M},
    Permission.ANSWER_BIDDERS: {M, D, F},
    Permission.ASSIGN_REFERENTS: {M, F},
    Permission.MANAGE_AWARDS: {M, D},
    Permission.MANAGE_COMPANIES: {M, D, F},
    Permission.DECIDE_OBJECTIVES: {M},
    Permission.MANAGE_MEETINGS: {M, F},
    Permission.VIEW_PENALTIES: {M, L, D, F},
    Permission.PROPOSE_PENALTIES: {M, F},
    Permission.DECIDE_PENALTIES: {L},
    Permission.VIEW_PERSONS: {F},
    Permission.MANAGE_PERSONS: {F},
    Permission.VALIDATE_PERSONS: {F},
    Permission.VIEW_HOURS: {M, F},
    Permission.ENTER_HOURS: {F},
    Permission.VIEW_ALERTS: {M, L, D, F},
    Permission.MANAGE_ALERTS: {M, F},
    Permission.VIEW_STATEMENTS: {M, L, D, F, DIRECTOR},
    Permission.PUBLISH_STATEMENTS: {F},
    Permission.COMMENT_STATEMENTS: {M},
    Permission.PUBLISH_REPORTS: {M},
    Permission.LIST_BENEFICIARIES: {M, F},
    Permission.IMPORT_MARKETS: {M},
    Permission.MANAGE_REFERENCES: {A},
    Permission.MANAGE_ACCOUNTS: {A},
    Permission.MANAGE_KEYS: {F, A},
    Permission.REVOKE_KEYS: {M, F, A},
    Permission.EXCHANGE_DATA: {M, F},
    Permission.VIEW_JOURNAL: {A, DPO},
    Permission.RECORD_DATA_REQUESTS: {F, DPO},
    Permission.DECIDE_DATA_REQUESTS: {DPO},
}
WIDE = [M, L, DIRECTOR, A, DPO]


def held_by(user):
    """The permissions this account holds somewhere."""
    return {permission for permission in Permission if scope_of(user).allows(permission)}


def expected(role):
    return {permission for permission, roles in WHO_MAY.items() if role in roles}


def test_the_table_names_every_permission_and_role():
    assert set(WHO_MAY) == set(Permission)
    assert set(ROLE_PERMISSIONS) == set(Role)


@pytest.mark.parametrize("role", WIDE)
def test_a_departmental_role_holds_everywhere(role, territories):
    user = UserFactory()
    grant(user=user, role=role, by=None)
    assert held_by(user) == expected(role)
    for permission in expected(role):
        assert set(territories_for(user, permission)) == set(territories)
        assert permission in scope_of(user).everywhere


def test_a_facilitator_holds_on_her_territory(territory, convention):
    user = UserFactory()
    grant(user=user, role=F, territory=territory, by=None)
    assert held_by(user) == expected(F)
    for permission in expected(F):
        assert list(territories_for(user, permission)) == [territory]
    assert scope_of(user).everywhere == frozenset()


def test_an_agent_holds_on_her_directorate(territory):
    own, other = DirectorateFactory.create_batch(2)
    user = UserFactory()
    grant(user=user, role=D, directorate=own, by=None)
    assert held_by(user) == expected(D)
    for permission in expected(D):
        assert list(directorates_for(user, permission)) == [own]
        assert not territories_for(user, permission).exists()


def test_who_may_everywhere_may_for_every_directorate(territory):
    directorates = DirectorateFactory.create_batch(2)
    user = UserFactory()
    grant(user=user, role=M, by=None)
    assert set(directorates_for(user, Permission.MANAGE_MARKETS)) == set(directorates)
    assert not directorates_for(user, Permission.MANAGE_ACCOUNTS).exists()


def test_two_roles_add_up(territories, convention):
    user = UserFactory()
    grant(user=user, role=F, territory=territories[0], by=None)
    grant(user=user, role=DIRECTOR, by=None)
    assert held_by(user) == expected(F) | expected(DIRECTOR)
    assert list(territories_for(user, Permission.ENTER_HOURS)) == [territories[0]]
    assert territories_for(user, Permission.VIEW_STATEMENTS).count() == 3


def test_a_technical_account_holds_nothing(territory):
    superuser = User.objects.create_superuser("root@example.test", "seize caractères au moins")
    assert held_by(superuser) == set()


def test_a_visitor_holds_nothing():
    assert held_by(AnonymousUser()) == set()


def test_the_office_may_keep_the_method_from_the_facilitators(territory, convention, settings):
    user = UserFactory()
    grant(user=user, role=F, territory=territory, by=None)
    settings.FACILITATORS_SEE_METHOD = False
    kept = {Permission.VIEW_METHOD, Permission.PROPOSE_CALIBRATION}
    assert held_by(user) == expected(F) - kept
    assert permissions_of(M) == expected(M)


def test_a_view_without_an_object_asks_for_the_right(territory):
    request = RequestFactory().get("/")
    request.user = UserFactory()
    view = requires(Permission.VIEW_PERSONS)(lambda request: "page")
    with pytest.raises(PermissionDenied, match=FORBIDDEN):
        view(request)
    grant(user=request.user, role=F, territory=territory, by=None)
    assert view(request) == "page"
    assert view.required_permission == Permission.VIEW_PERSONS


def test_a_view_of_the_departement_asks_for_the_right_everywhere(territory, convention):
    request = RequestFactory().get("/")
    request.user = UserFactory()
    view = requires(Permission.LIST_BENEFICIARIES, everywhere=True)(lambda request: "page")
    grant(user=request.user, role=F, territory=territory, by=None)
    with pytest.raises(PermissionDenied, match=FORBIDDEN):
        view(request)
    grant(user=request.user, role=M, by=None)
    assert view(request) == "page"
