import re
import unicodedata

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siret as siret_key

from clauses_portal.core.nir import holds_nir


def validate_siret(value):
    """Refuse a SIRET whose length or key is wrong (Luhn, with La Poste's exception)."""
    if not re.fullmatch(r"[0-9]{14}", value or ""):
        raise ValidationError("Un SIRET compte 14 chiffres.", code="siret")
    try:
        siret_key.validate(value)
    except StdnumError as error:
        raise ValidationError("Ce SIRET est inexact : sa clé ne correspond pas.", code="siret") from error


def validate_plain_text(value):
    """Refuse control, direction and zero-width characters, which break every spreadsheet export, and any NIR."""
    for character in value:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} and character not in "\n\r\t":
            raise ValidationError("Ce texte contient un caractère invisible ou interdit.", code="plain_text")
    if holds_nir(value):
        raise ValidationError(
            "Ce texte contient un numéro de sécurité sociale : il n’a pas sa place ici, retirez-le.", code="nir"
        )


def validate_one_line(value):
    """As `validate_plain_text`, and on one line: names and titles."""
    validate_plain_text(value)
    if re.search(r"[\n\r\t]", value):
        raise ValidationError("Ce texte tient sur une seule ligne.", code="one_line")
