"""Numbers that make sense, or a French sentence that says which does not. No sentence repeats a value: C27."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

# Below a millionth a number is a typing error, or an attack on the arithmetic.
SMALLEST = Decimal("0.000001")


class CalibrationError(ValueError):
    """The parameters make no sense: the message is the French sentence that says which."""


@dataclass(frozen=True)
class Parameter:
    """What a method asks: its French name, and the function `(value, name)` that reads it or refuses it."""

    label: str
    read: Callable

    def __call__(self, value):
        return self.read(value, self.label)


def as_decimal(value):
    """Read a finite number: a Decimal, an integer, a float, or the text of one. Raises ValueError on anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError("Indiquez un nombre.")
    try:
        # Through its text, the float 0.1 is the tenth that was meant.
        number = Decimal(str(value) if isinstance(value, float) else value)
    except InvalidOperation:
        raise ValueError("Indiquez un nombre.") from None
    if not number.is_finite():
        raise ValueError("Indiquez un nombre.")
    return number


def number(value, name, highest, lowest=SMALLEST):
    """A finite number: zero, or of a size from `lowest` to `highest`. Raises CalibrationError."""
    try:
        read = as_decimal(value)
    except ValueError:
        raise CalibrationError(f"{name} : indiquez un nombre.") from None
    # Comparisons are exact: no context rounds, traps or overflows, whatever was typed.
    if not (read == 0 or lowest <= read.copy_abs() <= highest):
        raise CalibrationError(f"{name} : ce nombre est hors de portée.")
    return read


def positive(highest, lowest=SMALLEST):
    """The reader of a number above zero."""

    def read(value, name):
        given = number(value, name, highest, lowest)
        if given <= 0:
            raise CalibrationError(f"{name} : la valeur doit être supérieure à zéro.")
        return given

    return read


def zero_or_more(highest):
    """The reader of a number that may be zero."""

    def read(value, name):
        given = number(value, name, highest)
        if given < 0:
            raise CalibrationError(f"{name} : la valeur ne peut pas être négative.")
        return given

    return read


def fraction(value, name):
    """A share or a rate in ]0; 1]: 5 % is written 0.05."""
    given = number(value, name, Decimal("Infinity"))
    if not 0 < given <= 1:
        raise CalibrationError(f"{name} : la valeur est comprise entre 0 (exclu) et 1, par exemple 0,05 pour 5 %.")
    return given


def yes_or_no(value, name):
    """True or False: neither 1, nor « oui »."""
    if not isinstance(value, bool):
        raise CalibrationError(f"{name} : répondez par oui ou par non.")
    return value
