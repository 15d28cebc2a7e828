"""Passwords: long, of any kind, and none of those that are tried first (CNIL 2022-100, ASVS 6.2)."""

import unicodedata

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse
from lxml import html

from clauses_portal.accounts.models import User
from clauses_portal.settings.base import PASSWORD_HASHERS
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.pages import words
from tests.support.strictness import StrictClient

INES = User(email="ines.berenger@ccas-gardanne.example", first_name="Inès", last_name="Bérenger")
EASY, SHORT, LONG = "password_guessable", "password_too_short", "password_too_long"
EXPECTED = "password_expected_word"


def refusals(password):
    """Codes of what is wrong with this password for Inès."""
    try:
        validate_password(password, INES)
    except ValidationError as error:
        return {refusal.code for refusal in error.error_list}
    return set()


@pytest.mark.parametrize(
    "password",
    [
        "8391047265518392",
        "mistral-garrigue-et-romarin",
        "un seau une pelle un mur",
        "seize caractères au moins",
        "SEPT pommes ROUGES",
        "日本語の長い合言葉を使うこと",
        "7 pommes rouges & 3 poires vertes, " * 3,
        "🌿" * 5 + " thym, sauge, fenouil",
    ],
)
def test_length_is_enough(password):
    assert refusals(password if len(password) >= 16 else password + " oui") == set()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("quinze lettres!", SHORT),
        ("a thym, sauge ! " * 9, LONG),
        ("aaaaaaaaaaaaaaaa", EASY),
        ("abababababababab", EASY),
        ("olaolaolaolaolaola", EASY),
        ("1234567890123456", EASY),
        ("6543210987654321", EASY),
        ("azertyuiopqsdfgh", EASY),
        ("qwertyuiopasdfghjkl", EASY),
        ("iloveyouprincess123", EASY),
        ("sunshinefootball12", EASY),
        ("motdepassemotdepasse1", EXPECTED),
        ("M0tDeP@sse-2026-ok!", EXPECTED),
        ("Les-Bouches-du-Rhône !", EXPECTED),
        ("departement13-2026!", EXPECTED),
        ("1nsert10n d’hiver bleu", EXPECTED),
        ("Metropole du soleil 4", EXPECTED),
        ("berenger et ses chats noirs", EXPECTED),
        ("à Gardanne il fait beau", EXPECTED),
    ],
)
def test_what_is_tried_first_is_refused(password, code):
    assert code in refusals(password)


def test_a_refusal_names_the_word():
    with pytest.raises(ValidationError, match="« marseille », un mot que l’on essaierait en premier ici"):
        validate_password("Marseille le vieux port", INES)
    with pytest.raises(ValidationError, match="« berenger », qui vient de votre nom"):
        validate_password("Bérenger et ses chats noirs", INES)


def test_short_words_of_a_name_are_no_reason():
    leo = User(email="le@ai.fr", first_name="Léo", last_name="Le Gal")
    validate_password("galet, leopard, paix du soir", leo)


def test_ten_megabytes_are_refused_at_once():
    assert LONG in refusals("ab" * 5_000_000)


@pytest.mark.django_db
def test_every_character_counts_and_accents_are_the_same_on_every_keyboard():
    user = UserFactory()
    user.set_password("é" * 3 + "x" * 70)
    assert user.check_password(unicodedata.normalize("NFD", "é" * 3 + "x" * 70))
    assert not user.check_password("é" * 3 + "x" * 69 + "y")
    user.set_password(None)
    assert not user.has_usable_password()


def test_passwords_are_kept_with_argon2(settings):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    user = User()
    user.set_password(PASSWORD)
    assert identify_hasher(user.password).algorithm == "argon2"


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["account_login", "account_change_password"])
def test_a_password_may_be_pasted_and_kept_by_the_browser(client, page):
    client.force_login(UserFactory()) if page != "account_login" else None
    fields = html.fromstring(client.get(reverse(page)).content.decode()).xpath("//input[@type='password']")
    assert {field.get("autocomplete") for field in fields} <= {"current-password", "new-password"}
    assert not [field for field in fields if field.get("maxlength") or field.get("onpaste")]


@pytest.mark.django_db
def test_changing_asks_for_the_present_password():
    user, client = UserFactory(), StrictClient()
    client.force_login(user)
    chosen = "calanque-tramontane-olivier"
    sent = {"oldpassword": "pas le sien, mais long", "password1": chosen, "password2": chosen}
    assert "votre mot de passe actuel" in words(client.post(reverse("account_change_password"), sent))
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    client.post(reverse("account_change_password"), sent | {"oldpassword": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(chosen)
