"""What a password must be: long, and not one that is tried first (CNIL 2022-100, ASVS 6.2).

Sixteen characters at least, of any kind: sixteen digits are 53 bits, above the 50 that the CNIL asks where attempts are
counted. No class of characters, no expiry; spaces, accents and pasting are welcome, and nothing is cut off.
"""

import re
import unicodedata
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

SHORTEST, LONGEST = 16, 128
# Words of this portal, tried first by whoever knows what it is for (ASVS 6.1.2).
CONTEXT = (
    *("clause", "clauses", "insertion", "facilitateur", "facilitatrice", "departement", "metropole", "portail"),
    *("provence", "marseille", "aubagne", "martigues", "bouchesdurhone", "aixenprovence"),
    *("motdepasse", "password", "administrateur"),
)
# Names and addresses are refused from this many letters on: « Le », « Aix » are in too many words.
SHORTEST_OWN = 4
# What must remain once everything that is tried first is taken away.
LEAST_LEFT = 8
LEAST_DISTINCT = 5
ROWS = ("azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
ROWS = (*ROWS, "01234567890", "1234567890")
WALK = 4  # keys in a row
DISGUISES = str.maketrans("013457@$!", "oieastasi")

TOO_LONG = f"Ce mot de passe est trop long : {LONGEST} caractères au plus."
EXPECTED = "Ce mot de passe contient « {word} », un mot que l’on essaierait en premier ici : choisissez-en un autre."
OWN = "Ce mot de passe contient « {word} », qui vient de votre nom ou de votre adresse : choisissez-en un autre."
EASY = (
    "Ce mot de passe est trop facile à deviner : il est fait de répétitions, de suites ou de mots courants. "
    "Quatre ou cinq mots sans lien entre eux conviennent."
)


def normalised(password):
    """The same characters, whatever the keyboard composed them with (NFC)."""
    return unicodedata.normalize("NFC", password)


class LongestValidator:
    """Far above what anybody types: it only keeps the digest quick."""

    def validate(self, password, user=None):
        if len(password) > LONGEST:
            raise ValidationError(TOO_LONG, code="password_too_long")

    def get_help_text(self):
        return f"{LONGEST} caractères au plus."


class ExpectedWordsValidator:
    """No word of the portal, nor of the name and address of its owner."""

    def validate(self, password, user=None):
        text = _plain(password)
        disguised = text.translate(DISGUISES)
        for sentence, words in ((EXPECTED, CONTEXT), (OWN, _own_words(user))):
            word = next((word for word in words if word in text or word in disguised), None)
            if word:
                raise ValidationError(sentence.format(word=word), code="password_expected_word")

    def get_help_text(self):
        return "Ni votre nom, ni votre adresse, ni un mot du portail (« insertion », « marseille »…)."


class GuessableValidator:
    """Once repetitions, walks on the keyboard and common passwords are taken away, enough is left."""

    def validate(self, password, user=None):
        if len(password) < SHORTEST:
            return  # said once: too short
        text = normalised(password[: LONGEST + 1]).casefold()
        left = _without_common(_without_walks(_once(text)))
        letters = re.sub(r"[\W_]", "", left)
        if len(letters) < LEAST_LEFT or len(set(text)) < LEAST_DISTINCT:
            raise ValidationError(EASY, code="password_guessable")

    def get_help_text(self):
        return "Ni répétition, ni suite (« 1234 », « azerty »), ni mots de passe courants mis bout à bout."


def _plain(text):
    """Small letters and digits alone, accents taken away: « Bouches-du-Rhône » is « bouchesdurhone »."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in letters if character.isalnum() or character in "@$!")


def _own_words(user):
    """Words of the name and of the address of this account."""
    parts = [getattr(user, name, "") or "" for name in ("first_name", "last_name", "email")]
    words = [_plain(word) for part in parts for word in re.split(r"[\W_]+", part)]
    return [word for word in dict.fromkeys(words) if len(word) >= SHORTEST_OWN]


def _once(text):
    """A text that repeats itself, said once: « olaolaola » is « ola », « aaaa » is « a »."""
    text = re.sub(r"(.)\1{2,}", r"\1", text)
    found = re.fullmatch(r"(.+?)\1+", text)
    return found[1] if found else text


def _without_walks(text):
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        for length in range(len(row), WALK - 1, -1):
            for start in range(len(row) - length + 1):
                text = text.replace(row[start : start + length], "")
    return text


def _without_common(text):
    common = _common_passwords()
    for length in range(min(20, len(text)), WALK, -1):
        start = 0
        while start + length <= len(text):
            if text[start : start + length] in common:
                text = text[:start] + text[start + length :]
            else:
                start += 1
    return text


@cache
def _common_passwords():
    """The twenty thousand passwords most found in leaks (Django’s list), in small letters."""
    return CommonPasswordValidator().passwords
