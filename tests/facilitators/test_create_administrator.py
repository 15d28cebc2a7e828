"""The first account of an installation."""

import pytest
from django.core.management import CommandError, call_command

from clauses_portal.accounts.models import User
from facilitators.enums import Permission
from facilitators.management.commands import create_administrator
from facilitators.permissions import scope_of

pytestmark = pytest.mark.django_db

LONG_ENOUGH = "calanque-tramontane-olivier"


@pytest.fixture
def types(monkeypatch):
    """types(first, second): what the person at the keyboard answers."""

    def answers(*passwords):
        remaining = iter(passwords)
        monkeypatch.setattr(create_administrator, "getpass", lambda prompt: next(remaining))

    return answers


def create():
    call_command("create_administrator", "Admin@Example.test", "Ada", "Martin")


def test_it_opens_an_account_that_gives_the_others_their_roles(territories, types):
    types(LONG_ENOUGH, LONG_ENOUGH)
    create()
    user = User.objects.get()
    assert user.email == "admin@example.test"
    assert user.check_password(LONG_ENOUGH)
    assert not user.is_superuser
    assert scope_of(user).allows(Permission.MANAGE_ACCOUNTS)


@pytest.mark.parametrize(
    ("passwords", "sentence"),
    [(("court", "court"), "trop court"), ((LONG_ENOUGH, "autre chose de long"), "Les deux saisies diffèrent.")],
)
def test_a_weak_or_mistyped_password_opens_nothing(territories, types, passwords, sentence):
    types(*passwords)
    with pytest.raises(CommandError, match=sentence):
        create()
    assert not User.objects.exists()


def test_an_address_already_used_is_told(territories, types):
    types(*[LONG_ENOUGH] * 4)
    create()
    with pytest.raises(CommandError, match="déjà utilisée"):
        create()
