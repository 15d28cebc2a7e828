"""What an import may write over what is there: what is told, and only until the instruction begins."""

from markets.enums import LotState

UNDER_WAY = {LotState.AWARDED, LotState.RUNNING, LotState.CLOSED}


def overlay(row, told):
    """Put the values that are told, and differ, on a row; returns the names written. A blank cell erases nothing."""
    written = [name for name, value in told.items() if value not in (None, "") and getattr(row, name) != value]
    for name in written:
        setattr(row, name, told[name])
    return written


def is_programmed(market):
    """Has nobody begun the instruction of this market?"""
    return not market.lots.exclude(state=LotState.PROGRAMMED).exists()


def is_settled(market):
    """Is the market notified, or one of its lots awarded? The programme has nothing to tell it any more."""
    return market.notified_on is not None or market.lots.filter(state__in=UNDER_WAY).exists()
