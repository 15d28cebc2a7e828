"""A calendar that moved, in one sentence for those who plan with it. Never an amount in it (C5, C27)."""

from clauses_portal.core import french
from clauses_portal.core.french import NBSP
from facilitators.enums import Role
from facilitators.notifications import members

LONGEST = 300  # what a notification holds


def moved(name, before, after, *, feminine=True):
    """« publication avancée du 01/03/2027 au 15/02/2027 », or nothing when the date is the same.

    `name` is the step, `before` and `after` are dates or None; `feminine` is its gender.
    """
    if before == after:
        return ""
    ending = "e" if feminine else ""
    if before is None:
        return f"{name} fixé{ending} au {french.date(after)}"
    if after is None:
        return f"{name} retiré{ending}, prévu{ending} le {french.date(before)}"
    verb = "avancé" if after < before else "repoussé"
    return f"{name} {verb}{ending} du {french.date(before)} au {french.date(after)}"


def sentence(reference, changes):
    """« Calendrier de 2027-014 : … ; … », the changes that do not fit counted at the end."""
    opening = f"Calendrier de {reference}{NBSP}: "
    for kept in range(len(changes), -1, -1):
        told = list(changes[:kept])
        if kept < len(changes):
            told.append(_others(len(changes) - kept, alone=kept == 0))
        text = opening + f"{NBSP}; ".join(told)
        if len(text) <= LONGEST:
            return text
    raise ValueError(f"A reference of {len(reference)} characters does not fit in a notification.")


def _others(number, *, alone):
    if alone:
        return f"{number} dates modifiées" if number > 1 else "une date modifiée"
    return f"{number} autres dates" if number > 1 else "une autre date"


def people_concerned(territory_ids):
    """Accounts to tell: the facilitators of these territories and the chargées de mission, each once."""
    people = [*members(Role.MISSION_OFFICER), *members(Role.FACILITATOR, territory__in=territory_ids)]
    return list({person.pk: person for person in people}.values())
