"""DECP (données essentielles de la commande publique): what buyers publish, in every shape it comes in."""

from markets.importers.decp.grouping import DecpLot, DecpMarket, group_markets
from markets.importers.decp.identity import Identity, identity_of
from markets.importers.decp.reader import read_decp
from markets.importers.decp.records import (
    Concession,
    DecpRecord,
    Holder,
    Modification,
    Reading,
    Refusal,
    Subcontract,
    UnreadableFile,
)

__all__ = [
    "Concession",
    "DecpLot",
    "DecpMarket",
    "DecpRecord",
    "Holder",
    "Identity",
    "Modification",
    "Reading",
    "Refusal",
    "Subcontract",
    "UnreadableFile",
    "group_markets",
    "identity_of",
    "read_decp",
]
