"""Is it the same person? Names and birth dates compared as a facilitator would, with the reasons in French.

Pure: nothing of the database. `match_keys` finds candidates by an index, `likely_duplicates` sorts them out. Nobody is
merged on a score: a person decides.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

LIKELY = 60  # score from which two files are shown side by side
CERTAIN = 100  # score of the same names and the same birth date, accents, case and blanks set aside
PARTICLES = frozenset(
    ["de", "d", "du", "des", "da", "das", "do", "dos", "di", "del", "della", "la", "le", "les", "van", "von", "der"]
    + ["el", "al", "ul", "ben", "bin", "bint", "ibn", "ould"]
)
# Letters that no accent explains.
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
TYPO_FROM = 4  # letters of a name in which a wrong one is a slip: « Ali » and « Eli » are two names
PART_FROM = 3  # letters of a word that two compound names may share

# How much evidence is left, from 0 to 1: a score is the product of all that differs.
SAME, OTHER_NAME, INVERTED = 1.0, 0.97, 0.95
SWAPPED_DAY, ONE_DIGIT, UNKNOWN_DATE = 0.9, 0.8, 0.6
# Of two names: (evidence, what is told after « même nom » or « même prénom »).
EXACT = (SAME, "")
PARTICLE = (0.97, " à une particule près")
REORDERED = (0.96, " dans un autre ordre")
TYPO = (0.9, " à une lettre près")
PART = (0.85, " en partie")
DIFFERENT = (0, "")


@dataclass(frozen=True)
class Identity:
    """Who a person says she is. `birth_date` may be unknown (None), as in the statement of a company."""

    first_name: str
    last_name: str
    birth_date: date | None
    birth_name: str = ""


@dataclass(frozen=True)
class Match:
    """How alike two persons are: a score from 0 to 100, and why, in French."""

    score: int
    reasons: tuple[str, ...] = ()

    def __str__(self):
        return ", ".join(self.reasons)


NO_MATCH = Match(0)


def same_person_score(a, b):
    """The `Match` of two persons, objects with the attributes of `Identity`; which comes first does not matter.

    100: same names, same birth date. 0: the names or the birth dates are those of two persons. A birth date that is
    missing, or wrong by one digit, is forgiven to names without a slip.
    """
    name, reasons = max(_straight(a, b), _inverted(a, b), key=lambda found: found[0])
    when, told = _compare_dates(a.birth_date, b.birth_date)
    if not name or not when or (when < SWAPPED_DAY and not _name_keys(a) & _name_keys(b)):
        return NO_MATCH
    return Match(round(100 * name * when), (*reasons, told))


def likely_duplicates(candidate, others, *, at_least=LIKELY):
    """[(other, Match)] of those who may be the same person, the likeliest first."""
    found = [(other, same_person_score(candidate, other)) for other in others]
    return sorted((pair for pair in found if pair[1].score >= at_least), key=lambda pair: -pair[1].score)


def match_keys(person):
    """A set of keys of 9 or 17 characters, for an indexed column: two persons whose score is above 0 share one.

    « d » and the birth date, the same when day and month are swapped. « n » and a digest of the first name with each
    last name, whatever their order, their blanks and their particles: nobody reads a name in it.
    """
    keys = _name_keys(person)
    if person.birth_date:
        low, high = sorted((person.birth_date.day, person.birth_date.month))
        keys.add(f"d{person.birth_date.year:04}{low:02}{high:02}")
    return keys


def _name_keys(person):
    first_name = _join(person.first_name)
    return {_digest(first_name + spelled) for surname in _surnames(person) for spelled in _spellings(surname)}


def _digest(letters):
    """In the order of the alphabet, « Jean Pierre » and « Pierre-Jean » are the same letters."""
    return f"n{blake2b(''.join(sorted(letters)).encode(), digest_size=8).hexdigest()}"


def _words(name):
    """Lower-case words without accents; the letters of other alphabets stay: « 李雷 » is a name."""
    text = unicodedata.normalize("NFKD", (name or "").casefold().translate(LETTERS))
    plain = "".join(character for character in text if not unicodedata.combining(character))
    return re.findall(r"[^\W\d_]+", plain)


def _join(name):
    return "".join(_words(name))


def _core(name):
    """The words of a name without its particles, unless it is made of them."""
    words = _words(name)
    return [word for word in words if word not in PARTICLES] or words


def _spellings(name):
    """« El Mansouri » may be written « elmansouri », or « mansouri » alone."""
    return {_join(name), "".join(_core(name))}


def _surnames(person):
    """{last name or birth name: True for the birth name}, when known."""
    names = {person.last_name: False}
    names.setdefault(person.birth_name, True)
    return {name: is_birth_name for name, is_birth_name in names.items() if _join(name)}


def _straight(a, b):
    """(evidence, reasons) when first names are where first names go."""
    surname, told = _compare_surnames(a, b)
    first_name, how = _compare_names(a.first_name, b.first_name)
    reason = "prénoms inversés" if how == REORDERED[1] else f"même prénom{how}"
    return surname * first_name, (told, reason)


def _inverted(a, b):
    """(evidence, reasons) when one of the two has her last name where the first name goes."""
    found = [
        _compare_names(x, b.first_name)[0] * _compare_names(y, a.first_name)[0]
        for x in _surnames(a)
        for y in _surnames(b)
    ]
    return INVERTED * max(found, default=0), ("nom et prénom inversés",)


def _compare_surnames(a, b):
    """(evidence, reason) of the best pair among last names and birth names."""
    found = [_compare_pair(x, y) for x in _surnames(a).items() for y in _surnames(b).items()]
    return max(found, default=DIFFERENT, key=lambda pair: pair[0])


def _compare_pair(x, y):
    (name, is_birth_name), (other, is_other_birth_name) = x, y
    evidence, how = _compare_names(name, other)
    if is_birth_name != is_other_birth_name:
        return evidence * OTHER_NAME, f"nom de naissance de l’une, nom d’usage de l’autre{how}"
    return evidence, f"même nom{' de naissance' if is_birth_name else ''}{how}"


def _compare_names(x, y):
    """One of the pairs above, from `EXACT` to `DIFFERENT`."""
    joined, words = (_join(x), _join(y)), (sorted(_core(x)), sorted(_core(y)))
    shorter, longer = sorted(map(set, words), key=len)
    if not all(joined):
        return DIFFERENT
    if joined[0] == joined[1]:
        return EXACT
    if _spellings(x) & _spellings(y):
        return PARTICLE
    if words[0] == words[1]:
        return REORDERED
    if min(map(len, joined)) >= TYPO_FROM and one_letter_apart(*joined):
        return TYPO
    return PART if shorter < longer and max(map(len, shorter)) >= PART_FROM else DIFFERENT


def one_letter_apart(x, y):
    """One letter added, left out, replaced, or swapped with the next."""
    start = next((n for n, (left, right) in enumerate(zip(x, y, strict=False)) if left != right), min(len(x), len(y)))
    x, y = x[start:], y[start:]
    while x and y and x[-1] == y[-1]:
        x, y = x[:-1], y[:-1]
    return max(len(x), len(y)) == 1 or (len(x) == 2 and x == y[::-1])


def _compare_dates(x, y):
    """(evidence, reason) of two birth dates."""
    if x is None or y is None:
        return UNKNOWN_DATE, "date de naissance non renseignée"
    if x == y:
        return SAME, "même date de naissance"
    if (x.year, x.month, x.day) == (y.year, y.day, y.month):
        return SWAPPED_DAY, "jour et mois de naissance inversés"
    if sum(left != right for left, right in zip(x.isoformat(), y.isoformat(), strict=True)) == 1:
        return ONE_DIGIT, "date de naissance à un chiffre près"
    return 0, ""
