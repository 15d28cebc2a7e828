"""What a group of records tells of its market and of its companies, in the words of the models."""

import re

from markets.enums import AwardRole, MarketKind, SocialConsideration, Technique
from markets.importers.decp.values import fold

NO_NUMBER = "sans numéro"
_GUESSES = (
    (r"maitrisedoeuvre|maitriseduvre|assistanceamaitrise|etude|diagnostic", MarketKind.INTELLECTUAL),
    (r"travaux|construction|rehabilit|renovation|voirie|maconnerie|grosoeuvre|demolition", MarketKind.WORKS),
    (r"fourniture|acquisition|achat|livraison", MarketKind.SUPPLIES),
)


def market_values(records):
    """Fields of the market, each from the first record that tells it; the considerations of all the lots."""
    names = ("procedure", "technique", "cpv", "notified_on", "duration_months", "kind")
    told = {name: next((value for r in records if (value := getattr(r, name))), None) for name in names}
    social = {code for record in records for code in record.social_considerations}
    return {name: value for name, value in told.items() if value} | {"social_considerations": ordered(social)}


def ordered(considerations):
    """Considerations in the order of the schema; « none » only when alone."""
    codes = [code for code in SocialConsideration.values if code in considerations]
    return codes if len(codes) < 2 else [code for code in codes if code != SocialConsideration.NONE]


def guess_kind(title):
    """Nature of the purchase from the words of its title: the PES extract gives neither CPV nor CCAG."""
    words = fold(title)
    return next((kind for pattern, kind in _GUESSES if re.search(pattern, words)), MarketKind.SERVICES)


def principal_roles(record):
    """[(Holder, AwardRole, day of notification)] of the holders, then of those a modification brought in.

    The DECP never name the mandataire: the first one listed of a group is taken for it. Several holders
    without a group are the holders of one framework agreement.
    """
    grouped = record.group_type in {"joint", "solidary"}
    grouped |= record.group_type == "" and record.technique != Technique.FRAMEWORK
    several = grouped and len(record.holders) > 1
    listed = []
    for rank, holder in enumerate(record.holders):
        role = AwardRole.HOLDER if not several else AwardRole.MEMBER if rank else AwardRole.LEAD
        listed.append((holder, role, record.notified_on))
    later = AwardRole.MEMBER if several else AwardRole.HOLDER
    listed += [(h, later, change.notified_on) for change in record.modifications for h in change.holders]
    return listed


def remarks(contract):
    """What deserves a look in a contract, without any figure."""
    record = contract.record
    notes = [*record.warnings, *filter(None, [record.amount_warning]), *contract.notes]
    notes += [
        f"sous-traitant « {act.holder.name or act.holder.identifier} » : SIRET absent ou faux, non repris"
        for act in record.subcontracts
        if not act.siret
    ]
    if record.modifications:
        days = [change.notified_on for change in record.modifications if change.notified_on]
        last = f", la dernière notifiée le {max(days):%d/%m/%Y}" if days else ""
        notes.append(f"modifications publiées : {len(record.modifications)}{last}")
    return notes
