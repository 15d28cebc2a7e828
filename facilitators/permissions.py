"""Who may do what, where and when. The only module that calls guardian, and the only reader of rights.

The truth is `Membership`; guardian's object permissions on Territory and Directorate are its projection,
written only by `grant` and `revoke`. A right counts when the projection has it, a membership gives it today,
the account is active and, for a facilitator who writes, a convention is in force on the territory (C28).
The account of an access key has no membership: its rights are those of the key, where a convention of its structure
is in force today (C22).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import wraps

from django.contrib.auth.models import Permission as AuthPermission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone
from guardian.shortcuts import remove_perm

from clauses_portal.accounts.sessions import end_sessions
from facilitators.enums import KeyScope, Permission, Role
from facilitators.models import (
    AccessKey,
    Convention,
    Directorate,
    DirectorateUserObjectPermission,
    Membership,
    Structure,
    Territory,
    TerritoryUserObjectPermission,
)
from facilitators.role_permissions import ROLE_PERMISSIONS, permissions_of, permissions_of_scopes

NOT_FOUND = "Cet élément n’existe pas ou vous n’y avez pas accès."
FORBIDDEN = "Vous n’avez pas le droit d’effectuer cette action."
CONVENTION_OVER = "La convention de ce territoire n’est plus en vigueur."

PROJECTIONS = {Territory: TerritoryUserObjectPermission, Directorate: DirectorateUserObjectPermission}


def _places(membership):
    """Where a membership is projected: one territory, one directorate, or every territory."""
    if membership.territory_id:
        return [membership.territory]
    if membership.directorate_id:
        return [membership.directorate]
    return list(Territory.objects.all())


def expected_grants(memberships):
    """Return {(user id, codename, "territory" or "directorate", place id)} that guardian should hold."""
    return {
        (membership.user_id, permission.value, place._meta.model_name, place.pk)
        for membership in memberships
        for place in _places(membership)
        for permission in ROLE_PERMISSIONS[membership.role]
    }


@transaction.atomic
def grant(*, user, role, by, territory=None, directorate=None, valid_from=None, valid_until=None):
    """Give a role somewhere and project it on guardian; open sessions end. Raises ValidationError on a wrong place.

    `by` is the account that grants, None only for the very first accounts of an installation.
    """
    membership = Membership(
        user=user,
        role=role,
        territory=territory,
        directorate=directorate,
        valid_from=valid_from or timezone.localdate(),
        valid_until=valid_until,
        granted_by=by,
        granted_at=timezone.now() if by else None,
    )
    membership.full_clean()
    membership.save()
    _project(user, role, _places(membership))
    forget_scope(user)
    end_sessions(user)
    return membership


def _project(user, role, places):
    """Write guardian's rows of a role on these places (all of one kind), those already there left alone.

    In one insertion: row by row, a role on every territory costs some five hundred queries.
    """
    if not places:
        return
    kind = type(places[0])
    content_type = ContentType.objects.get_for_model(kind)
    codenames = [permission.value for permission in ROLE_PERMISSIONS[role]]
    permissions = list(AuthPermission.objects.filter(content_type=content_type, codename__in=codenames))
    projection = PROJECTIONS[kind]
    rows = [projection(user=user, permission=given, content_object=place) for place in places for given in permissions]
    projection.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def revoke(*, membership, by):
    """End a membership and the open sessions now; withdraw from guardian what no other membership gives."""
    membership = Membership.objects.select_for_update(of=("self",)).get(pk=membership.pk)
    before = expected_grants([membership])
    membership.revoked_at, membership.revoked_by = timezone.now(), by
    membership.save()
    kept = expected_grants(Membership.objects.filter(user=membership.user, revoked_at=None))
    for _, codename, kind, pk in before - kept:
        model = Territory if kind == "territory" else Directorate
        remove_perm(codename, membership.user, model.objects.get(pk=pk))
    forget_scope(membership.user)
    end_sessions(membership.user)


def project_again():
    """Write what guardian lacks and withdraw what it has too much; returns (added, withdrawn). For new permissions."""
    memberships = Membership.objects.filter(revoked_at=None).select_related("user", "territory", "directorate")
    missing = expected_grants(memberships) - actual_grants()
    for membership in memberships:
        _project(membership.user, membership.role, _places(membership))
    extra = actual_grants() - expected_grants(memberships)
    for user_pk, codename, kind, place in extra:
        projection = TerritoryUserObjectPermission if kind == "territory" else DirectorateUserObjectPermission
        projection.objects.filter(user=user_pk, permission__codename=codename, content_object=place).delete()
    return len(missing), len(extra)


def project_on_new_territory(territory):
    """Extend every Département-wide membership to a territory that has just been created."""
    wide = Membership.objects.filter(revoked_at=None, territory=None, directorate=None)
    for membership in wide.select_related("user"):
        _project(membership.user, membership.role, [territory])


def actual_grants():
    """Return what guardian holds, in the shape of `expected_grants`."""
    rows = set()
    for model, kind in (
        (TerritoryUserObjectPermission, "territory"),
        (DirectorateUserObjectPermission, "directorate"),
    ):
        values = model.objects.values_list("user_id", "permission__codename", "content_object_id")
        rows |= {(user, codename, kind, place) for user, codename, place in values}
    return rows


@dataclass(frozen=True)
class Scope:
    """Where an account may do each thing today: {permission: place ids}. Fetched once a request."""

    territories: dict = field(default_factory=dict)
    directorates: dict = field(default_factory=dict)
    everywhere: frozenset = frozenset()
    suspended: frozenset = frozenset()

    def allows(self, permission):
        """True when the permission is held somewhere."""
        return bool(self.territories.get(permission) or self.directorates.get(permission))


def scope_of(user):
    """Return the account's Scope, read once (two to four queries) and kept on the instance."""
    if not getattr(user, "is_active", False):
        return Scope()
    today = timezone.localdate()
    day, scope = getattr(user, "_scope", (None, None))
    if day != today:
        scope = _read_scope(user, today)
        user._scope = (today, scope)
    return scope


def forget_scope(user):
    """Drop what `scope_of` remembered on this instance."""
    user.__dict__.pop("_scope", None)


def _read_scope(user, today):
    return _scope_of_key(user, today) if user.is_software else _scope_of_person(user, today)


def _scope_of_key(account, today):
    """What a key gives today: its permissions, on the territories of the conventions of its structure in force.

    A key of an ended convention gives nothing, and says so by `suspended` (M16).
    """
    key = AccessKey.objects.live(timezone.now()).filter(account=account).first()
    if key is None:
        return Scope()
    permissions = permissions_of_scopes(key.scopes)
    conventions = Convention.objects.in_force(today).filter(structure=key.structure_id)
    places = frozenset(Territory.objects.filter(conventions__in=conventions).values_list("pk", flat=True))
    if not places:
        return Scope(suspended=frozenset(permissions))
    return Scope(territories=dict.fromkeys(permissions, places))


def _scope_of_person(user, today):
    # plain columns, unordered: half the time of whole rows, on every page
    active = Membership.objects.active(today).filter(user=user).order_by()
    memberships = list(active.values_list("role", "territory_id", "directorate_id", named=True))
    territories, directorates = defaultdict(set), defaultdict(set)
    given = _given_by(memberships)
    suspended = set()
    if any(membership.directorate_id is None for membership in memberships):
        for codename, place, in_force in _territory_rows(user, today):
            for role in given.get((codename, "territory", place), set()) | given.get(
                (codename, "territory", None), set()
            ):
                if role == Role.FACILITATOR and Permission(codename).is_writing and not in_force:
                    suspended.add(codename)
                else:
                    territories[codename].add(place)
    if any(membership.directorate_id for membership in memberships):
        rows = DirectorateUserObjectPermission.objects.filter(user=user)
        for codename, place in rows.values_list("permission__codename", "content_object_id"):
            if given.get((codename, "directorate", place)):
                directorates[codename].add(place)
    wide = {codename for codename, kind, place in given if kind == "territory" and place is None}
    return Scope(
        territories={key: frozenset(value) for key, value in territories.items()},
        directorates={key: frozenset(value) for key, value in directorates.items()},
        everywhere=frozenset(wide & set(territories)),
        suspended=frozenset(suspended),
    )


def _given_by(memberships):
    """Return {(codename, kind, place id or None for everywhere): roles} that the memberships give today."""
    given = defaultdict(set)
    for membership in memberships:
        kind = "directorate" if membership.directorate_id else "territory"
        place = membership.directorate_id or membership.territory_id
        for permission in permissions_of(membership.role):
            given[permission.value, kind, place].add(membership.role)
    return given


def _territory_rows(user, today):
    in_force = Convention.objects.in_force(today).filter(territories=OuterRef("content_object_id"))
    rows = TerritoryUserObjectPermission.objects.filter(user=user).annotate(in_force=Exists(in_force))
    return rows.values_list("permission__codename", "content_object_id", "in_force")


def territories_for(user, permission):
    """Return the territories where this account may do that today."""
    return Territory.objects.filter(pk__in=scope_of(user).territories.get(permission, ()))


def directorates_for(user, permission):
    """Return the directorates for which this account may do that today, all of them when it may everywhere."""
    scope = scope_of(user)
    if permission in scope.everywhere:
        return Directorate.objects.all()
    return Directorate.objects.filter(pk__in=scope.directorates.get(permission, ()))


def structures_for(user, permission):
    """Return the structures whose convention, in force or past, covers a territory where this account may do that.

    All of them for who may everywhere; for a key, its own.
    """
    if user.is_software:
        structures = Structure.objects.filter(keys__account=user)
        return structures if scope_of(user).allows(permission) else structures.none()
    scope = scope_of(user)
    rows = Structure.objects.filter(conventions__isnull=False)
    if permission not in scope.everywhere:
        rows = rows.filter(conventions__territories__in=scope.territories.get(permission, ()))
    return rows.distinct()


def keys_for(user, permission):
    """Return the keys of the structures where this account may do that today."""
    return AccessKey.objects.filter(structure__in=structures_for(user, permission))


def key_scopes_for(user, direction):
    """Return the KeyScope values this account may put in a key of this direction.

    Depositing markets speaks for the Département: such a key comes from its administrator alone (design.md §3).
    """
    kept = KeyScope.of(direction)
    if scope_of(user).allows(Permission.MANAGE_ACCOUNTS):
        return kept
    return [scope for scope in kept if scope != KeyScope.WRITE_MARKETS]


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows the way to its territory and, where there is one, to its directorate."""

    territory_path = "territory"
    directorate_path = None
    view_permission = Permission.VIEW_MARKETS

    def visible_to(self, user):
        """Rows this account may see."""
        return self.actionable_by(user, self.view_permission)

    def actionable_by(self, user, permission):
        """Rows on which this account may do that today."""
        scope = scope_of(user)
        if permission in scope.everywhere:
            return self
        condition = self.within(scope.territories.get(permission, frozenset()))
        directorates = scope.directorates.get(permission)
        if self.directorate_path and directorates:
            condition |= self.run_by(directorates)
        return self.filter(condition)

    def within(self, territory_ids):
        """Condition: belongs to one of these territories. Overridden where the path is to many."""
        return Q(**{f"{self.territory_path}__in": territory_ids})

    def run_by(self, directorate_ids):
        """Condition: belongs to one of these directorates. Overridden where there are several paths."""
        return Q(**{f"{self.directorate_path}__in": directorate_ids})


class OfficeQuerySet(ScopedQuerySet):
    """Rows bound to no place (settings, reference tables): for those who hold the permission somewhere."""

    territory_path = None

    def actionable_by(self, user, permission):
        return self if scope_of(user).allows(permission) else self.none()

    def within(self, territory_ids):
        return Q(pk__in=[])


def get_visible(queryset, user, **lookup):
    """Return the row, or raise Http404 (the same whether it is unknown or out of scope)."""
    row = queryset.visible_to(user).filter(**lookup).first()
    if row is None:
        raise Http404(NOT_FOUND)
    return row


def get_actionable(queryset, user, permission, **lookup):
    """Return the row. Out of sight: Http404. In sight without the right: PermissionDenied (M2 or M16)."""
    row = get_visible(queryset, user, **lookup)
    if not queryset.actionable_by(user, permission).filter(pk=row.pk).exists():
        raise PermissionDenied(refusal(user, permission))
    return row


def refusal(user, permission):
    """The sentence that says why: the convention is over, or the right is not there."""
    return CONVENTION_OVER if permission in scope_of(user).suspended else FORBIDDEN


def requires(permission, *, everywhere=False):
    """Decorate a view without an object: 403 unless the permission is held somewhere, or in every territory."""

    def decorator(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            scope = scope_of(request.user)
            allowed = permission in scope.everywhere if everywhere else scope.allows(permission)
            if not allowed:
                raise PermissionDenied(refusal(request.user, permission))
            return view(request, *args, **kwargs)

        wrapper.required_permission = permission
        return wrapper

    return decorator
