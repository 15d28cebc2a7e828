"""What the routes of the penalties lead to."""

from tests.factories.penalties import PenaltyCaseFactory


def penalty_rows(award):
    """{target: row} of a penalty of this award, decided, with its last letter."""
    case = PenaltyCaseFactory(award=award, decided=True)
    return {"case": case, "letter": case.letters.first()}
