"""Situations at the end of the work, three and six months later (C20, C33): known and unknown told apart."""

from django.db.models import Count, F, Q

from participants.enums import EXIT_GROUPS, ExitGroup, ExitHorizon, ExitSituationKind
from reporting.indicators.definition import Breakdown, Family, Indicator, Share, Unit

SOURCE = "Convention, bilan (C20) ; catégories des tableaux de bord de l’État"
MOMENT = "Situations dont l’échéance tombe dans la période"
UNKNOWN = Q(situation="") | Q(situation=ExitSituationKind.UNKNOWN)
SUFFIXES = {ExitHorizon.END: "end", ExitHorizon.THREE_MONTHS: "3m", ExitHorizon.SIX_MONTHS: "6m"}
WHEN = {
    ExitHorizon.END: "à la fin du parcours",
    ExitHorizon.THREE_MONTHS: "trois mois après",
    ExitHorizon.SIX_MONTHS: "six mois après",
}


def kinds_of(*groups):
    """The situations of these groups."""
    return [kind for kind, group in EXIT_GROUPS.items() if group in groups]


LASTING = Q(situation__in=kinds_of(ExitGroup.LASTING))
EMPLOYED = Q(situation__in=kinds_of(ExitGroup.LASTING, ExitGroup.TRANSITION))
POSITIVE = Q(situation__in=kinds_of(ExitGroup.LASTING, ExitGroup.TRANSITION, ExitGroup.POSITIVE))


def _rows(horizon):
    def due(scope, period):
        """Rows: situations of this horizon that fall due in the period."""
        return scope.exits().filter(horizon=horizon, due_on__range=(period.start, period.end))

    return due


def _figures(horizon):
    """The figures of one horizon: {name: Indicator or Share}."""
    rows, suffix, when = _rows(horizon), SUFFIXES[horizon], WHEN[horizon]

    def number(name, label, definition, condition=None):
        measure = Count("pk", filter=condition) if condition is not None else Count("pk")
        code, label = f"exits_{suffix}_{name}", f"{label}, {when}"
        return Indicator(code, label, Unit.SITUATIONS, Family.EXITS, definition, MOMENT, SOURCE, rows, measure)

    def rate(name, label, definition, part, whole):
        return Share(
            f"exits_{suffix}_{name}", f"{label}, {when}", Family.EXITS, definition, MOMENT, SOURCE, part, whole
        )

    due = number("due", "Situations à connaître", "Parcours dont l’échéance est arrivée.")
    known = number("known", "Situations connues", "Situations renseignées, « inconnue » exclue.", ~UNKNOWN)
    unknown = number("unknown", "Situations inconnues", "Situations non renseignées ou « inconnue ».", UNKNOWN)
    lasting = number(
        "lasting", "Emploi durable", "CDI, CDD ou intérim de six mois ou plus, création, titularisation.", LASTING
    )
    employed = number("employed", "En emploi", "Emploi durable ou de transition.", EMPLOYED)
    positive = number("positive", "Sorties dynamiques", "Emploi durable, de transition, ou sortie positive.", POSITIVE)
    return {
        "due": due,
        "known": known,
        "unknown": unknown,
        "lasting": lasting,
        "employed": employed,
        "positive": positive,
        "unknown_share": rate(
            "unknown_share", "Part des situations inconnues", "Inconnues ÷ à connaître.", unknown, due
        ),
        "rate_known": rate(
            "rate_known", "Taux de sorties dynamiques, situations connues", "Dynamiques ÷ connues.", positive, known
        ),
        "rate_all": rate(
            "rate_all", "Taux de sorties dynamiques, toutes situations", "Dynamiques ÷ à connaître.", positive, due
        ),
        "by_situation": Breakdown(
            f"exits_{suffix}_by_situation",
            f"Situations {when}",
            Unit.SITUATIONS,
            Family.EXITS,
            "Situations selon leur nature ; celles que personne n’a encore renseignées sont à part.",
            MOMENT,
            SOURCE,
            rows,
            Count("pk"),
            F("situation"),
            dict(ExitSituationKind.choices),
            unknown="À renseigner",
        ),
    }


BY_HORIZON = {horizon: _figures(horizon) for horizon in ExitHorizon}
