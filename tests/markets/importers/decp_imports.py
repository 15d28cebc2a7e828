"""What an import left behind it."""

from markets.models import Award, Company, Lot, LotFinancials, Market

MODELS = (Market, Lot, Company, Award, LotFinancials)


def sizes():
    """[(rows, history rows)] of everything an import may write."""
    return [(model.objects.count(), model.history.count()) for model in MODELS]


def outcomes(report):
    """What became of each record, in the order of the file."""
    return [line.outcome.value for line in report.lines]
