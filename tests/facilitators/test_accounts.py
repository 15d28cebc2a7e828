"""What the administrator keeps: accounts (switched off rather than deleted), conventions, directorates."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from clauses_portal.accounts.models import User
from facilitators.enums import Role
from facilitators.models import Convention
from facilitators.permissions import grant
from facilitators.services import save_convention, save_directorate, switch_account
from tests.factories.accounts import PASSWORD, UserFactory, author
from tests.factories.facilitators import ConventionFactory, DirectorateFactory, StructureFactory
from tests.support.strictness import StrictClient

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = StrictClient()
    client.force_login(user)
    return client


def is_signed_in(client):
    return "_auth_user_id" in client.session


def test_an_address_is_one_account_whatever_its_letters():
    user = User.objects.create_user(" Zoe@Example.TEST ", PASSWORD, first_name="Zoé", last_name="Garcia")
    assert user.email == "zoe@example.test"
    assert User.objects.get_by_natural_key("ZOE@example.test") == user
    assert user.check_password(PASSWORD)
    with pytest.raises(ValueError, match="adresse"):
        User.objects.create_user("", PASSWORD)


def test_switching_an_account_off_ends_its_sessions_and_no_other():
    gone, stays = UserFactory.create_batch(2)
    clients = [signed_in(gone), signed_in(gone), signed_in(stays)]
    switch_account(user=gone, by=author())
    assert [is_signed_in(client) for client in clients] == [False, False, True]


def test_an_old_cookie_stays_dead_after_a_reactivation():
    user = UserFactory()
    client = signed_in(user)
    switch_account(user=user, by=author())
    assert switch_account(user=user, by=author()).is_active
    assert not is_signed_in(client)
    assert is_signed_in(signed_in(user))


def test_whoever_did_something_is_not_deleted(territory):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=author())
    for account in (user, author()):
        with pytest.raises(ProtectedError):
            account.delete()


def test_a_name_or_failing_that_an_address():
    assert str(UserFactory.build(first_name="Inès", last_name="Bérenger")) == "Inès Bérenger"
    assert str(User(email="x@example.test")) == "x@example.test"


def test_a_convention_is_recorded_with_its_territories(territories):
    convention = ConventionFactory.build(structure=StructureFactory())
    save_convention(convention=convention, territories=territories[:2], by=author())
    assert set(convention.territories.all()) == set(territories[:2])
    save_convention(convention=convention, territories=territories[2:], by=author())
    assert list(convention.territories.all()) == territories[2:]
    assert convention.history.count() == 2


def test_a_wrong_convention_leaves_nothing(territories):
    convention = ConventionFactory.build(structure=StructureFactory(), duration_months=0)
    with pytest.raises(ValidationError, match="entre 1 et 120 mois"):
        save_convention(convention=convention, territories=territories, by=author())
    assert not Convention.objects.exists()


def test_a_directorate_is_recorded_once():
    save_directorate(directorate=DirectorateFactory.build(code="DRT"))
    with pytest.raises(ValidationError):
        save_directorate(directorate=DirectorateFactory.build(code="DRT"))
