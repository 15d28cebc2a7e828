"""Indicators of the FSE+, on the operations that declare participants (regulation 2021/1057, annex I; domain.md §7).

A participant is a person whose first contract on a declared operation starts in the period. What she was is what she
was at entry. Refusing to answer and not having been asked are counted apart from « no ».
"""

from datetime import timedelta

from django.db.models import Count, F, Func, IntegerField, Min, OuterRef, Q, Subquery

from participants.enums import EducationLevel, EntrySituation, ExitGroup, ExitHorizon, ExitSituationKind, FseAnswer
from participants.models import EuropeanAnswers, Participant
from reporting.indicators.definition import Breakdown, Family, Indicator, Unit
from reporting.indicators.exits import UNKNOWN, kinds_of

SOURCE = "Règlement (UE) 2021/1057, annexe I"
AT_ENTRY = "À l’entrée dans l’opération"
IN_TIME = timedelta(days=28)
E, K, L = EntrySituation, ExitSituationKind, EducationLevel

SEEKING = (E.SEEKING_SHORT, E.SEEKING_LONG, E.SEEKING_VERY_LONG)
INACTIVE = (E.INACTIVE, E.TRAINING)
EMPLOYED = (E.EMPLOYED, E.INSERTION)
AT_WORK = [*kinds_of(ExitGroup.LASTING, ExitGroup.TRANSITION), K.OTHER_SIAE, K.STILL_WORKING]
IN_TRAINING = [K.TRAINING, K.ALTERNANCE, K.STUDIES]
# (code, field of the questionnaire, label)
QUESTIONS = (
    ("eeco12", "disability", "Participants en situation de handicap"),
    ("eeco13", "third_country", "Ressortissants de pays tiers"),
    ("eeco14", "foreign_origin", "Participants d’origine étrangère"),
    ("eeco15", "minority", "Participants issus de minorités"),
    ("eeco16", "homeless", "Sans-abri ou personnes touchées par l’exclusion du logement"),
    ("eeco17", "rural", "Participants venant de zones rurales"),
)


def _declared(rows):
    return rows.filter(market__operation__declares_participants=True)


def participants(scope, period):
    """Rows: participants, each with her `age` on the first day of her first contract."""
    contracts = _declared(scope.contracts()).filter(already_in_post=False).order_by()
    firsts = contracts.values("participant").annotate(first=Min("starts_on"))
    entered = firsts.filter(first__range=(period.start, period.end)).values("participant")
    first = contracts.filter(participant=OuterRef("pk")).order_by("starts_on").values("starts_on")[:1]
    years = Func(
        *(Subquery(first), F("birth_date")),
        template="date_part('year', age(%(expressions)s))::int",
        output_field=IntegerField(),
    )
    return Participant.objects.filter(pk__in=entered).annotate(age=years)


def with_answers(scope, period):
    """Rows: participants, each with the answers of her questionnaire, under the name of the question; None without."""
    signed = EuropeanAnswers.objects.filter(participant=OuterRef("pk"), signed_on__isnull=False)
    signed = signed.filter(operation__declares_participants=True)
    if scope.operation_id is not None:
        signed = signed.filter(operation=scope.operation_id)
    signed = signed.order_by("-signed_on", "-pk")
    return participants(scope, period).annotate(
        **{f"answer_{field}": Subquery(signed.values(field)[:1]) for _, field, _ in QUESTIONS},
        answer_qualified=Subquery(signed.values("qualified")[:1]),
    )


def leavers(horizon):
    """Rows: situations at this horizon of those who left in the period: one a person, that of her last contract.

    A function of a scope and a period, as every figure wants it.
    """

    def rows(scope, period):
        exits = _declared(scope.exits()).filter(horizon=horizon, due_on__range=(period.start, period.end))
        last = exits.order_by("participant_id", "-due_on", "-pk").distinct("participant_id")
        return scope.exits().filter(pk__in=last.values("pk")).annotate(entered_as=F("participant__entry_situation"))

    return rows


LEFT, SIX_MONTHS_LATER = leavers(ExitHorizon.END), leavers(ExitHorizon.SIX_MONTHS)
KNOWN_IN_TIME = ~UNKNOWN & Q(observed_on__lte=F("due_on") + IN_TIME)


def _figure(code, label, definition, rows, condition=None, moment=AT_ENTRY):
    measure = Count("pk", filter=condition) if condition is not None else Count("pk")
    label = f"{code.upper()} – {label}" if code.startswith("eec") else label
    return Indicator(code, label, Unit.PERSONS, Family.EUROPEAN, definition, moment, SOURCE, rows, measure)


def _common(number, label, definition, condition=None):
    return _figure(f"eeco{number:02d}", label, definition, participants, condition)


COMMON = (
    _common(
        1,
        "Nombre total de participants",
        "Personnes distinctes dont le premier contrat sur une opération déclarée commence dans la période, personnel "
        "repris exclu.",
    ),
    _common(
        2,
        "Chômeurs, y compris de longue durée",
        "En recherche d’emploi à l’entrée, quelle qu’en soit la durée.",
        Q(entry_situation__in=SEEKING),
    ),
    _common(
        3,
        "Chômeurs de longue durée",
        "En recherche d’emploi depuis douze mois ou plus à l’entrée.",
        Q(entry_situation__in=SEEKING[1:]),
    ),
    _common(
        4,
        "Personnes inactives",
        "Sans activité et non inscrites, ou en formation, à l’entrée.",
        Q(entry_situation__in=INACTIVE),
    ),
    _common(
        5,
        "Personnes occupant un emploi",
        "En emploi à l’entrée, structures d’insertion comprises.",
        Q(entry_situation__in=EMPLOYED),
    ),
    _common(6, "Moins de 18 ans", "Âge révolu au premier jour du premier contrat.", Q(age__lt=18)),
    _common(7, "Jeunes de 18 à 29 ans", "Âge révolu au premier jour du premier contrat.", Q(age__range=(18, 29))),
    _common(8, "55 ans et plus", "Âge révolu au premier jour du premier contrat.", Q(age__gte=55)),
    _common(
        9,
        "Niveau CITE 0 à 2",
        "Sans diplôme, savoirs de base ou brevet.",
        Q(education_level__in=[L.NONE, L.LEVEL_1, L.LEVEL_2]),
    ),
    _common(
        10,
        "Niveau CITE 3 ou 4",
        "CAP, BEP ou baccalauréat.",
        Q(education_level__in=[L.LEVEL_3, L.LEVEL_4]),
    ),
    _common(
        11,
        "Niveau CITE 5 à 8",
        "Diplôme de l’enseignement supérieur.",
        Q(education_level__in=[L.LEVEL_5, L.LEVEL_6, L.LEVEL_7, L.LEVEL_8]),
    ),
    *(
        _figure(
            code,
            label,
            "Participants qui ont répondu « oui » au questionnaire signé. Refus et questions non posées sont à part.",
            with_answers,
            Q(**{f"answer_{field}": FseAnswer.YES}),
        )
        for code, field, label in QUESTIONS
    ),
)
NOT_TOLD = (
    _figure(
        "fse_situation_unknown",
        "Situation à l’entrée non renseignée",
        "Participants qu’aucun des indicateurs EECO02, EECO04 et EECO05 ne compte.",
        participants,
        Q(entry_situation=E.UNKNOWN),
    ),
    _figure(
        "fse_level_unknown",
        "Niveau de formation non communiqué",
        "Participants qu’aucun des indicateurs EECO09 à EECO11 ne compte.",
        participants,
        Q(education_level=L.UNKNOWN),
    ),
    _figure(
        "fse_without_questionnaire",
        "Questionnaire non signé",
        "Participants sans réponses saisies d’après un questionnaire signé.",
        with_answers,
        Q(answer_disability__isnull=True),
    ),
)
ANSWERS = tuple(
    Breakdown(
        f"{code}_answers",
        f"{code.upper()} – réponses",
        Unit.PERSONS,
        Family.EUROPEAN,
        "Participants selon leur réponse : oui, non, refus de répondre, question non posée ou questionnaire non signé.",
        AT_ENTRY,
        SOURCE,
        with_answers,
        Count("pk"),
        F(f"answer_{field}"),
        {answer: answer.label for answer in (FseAnswer.YES, FseAnswer.NO, FseAnswer.REFUSED, FseAnswer.NOT_ASKED)},
        unknown="Questionnaire non signé",
    )
    for code, field, _ in QUESTIONS
)
WITHIN = "Sorties de la période, situation constatée dans les quatre semaines"
AFTER = "Échéances à six mois de la période"
RESULTS = (
    _figure("fse_leavers", "Sorties", "Personnes dont le parcours sur l’opération s’achève.", LEFT, None, WITHIN),
    _figure(
        "fse_leavers_in_time",
        "dont situation connue à temps",
        "Situation constatée dans les quatre semaines qui suivent la fin du dernier contrat.",
        LEFT,
        KNOWN_IN_TIME,
        WITHIN,
    ),
    _figure(
        "fse_leavers_late",
        "dont situation connue après quatre semaines",
        "Situation connue, mais constatée trop tard pour le programme : elle n’entre pas dans EECR01 à EECR04.",
        LEFT,
        ~UNKNOWN & ~KNOWN_IN_TIME,
        WITHIN,
    ),
    _figure(
        "eecr01",
        "Inactifs engagés dans une recherche d’emploi",
        "Inactifs à l’entrée, en recherche d’emploi à la sortie.",
        LEFT,
        KNOWN_IN_TIME & Q(entered_as__in=INACTIVE, situation=K.SEEKING),
        WITHIN,
    ),
    _figure(
        "eecr02",
        "Participants suivant un enseignement ou une formation",
        "En formation, en alternance ou en reprise d’études à la sortie, et qui ne l’étaient pas à l’entrée.",
        LEFT,
        KNOWN_IN_TIME & Q(situation__in=IN_TRAINING) & ~Q(entered_as=E.TRAINING),
        WITHIN,
    ),
    _figure(
        "eecr03",
        "Participants obtenant une qualification",
        "Participants qui ont répondu « oui » à la question posée à leur sortie ; comptés à leur entrée.",
        with_answers,
        Q(answer_qualified=FseAnswer.YES),
        "Participants entrés dans la période",
    ),
    _figure(
        "eecr04",
        "Participants exerçant un emploi",
        "En emploi à la sortie, structures d’insertion et indépendants compris, et sans emploi à l’entrée.",
        LEFT,
        KNOWN_IN_TIME & Q(situation__in=AT_WORK) & ~Q(entered_as__in=EMPLOYED),
        WITHIN,
    ),
    _figure(
        "eecr05",
        "Participants exerçant un emploi six mois après",
        "En emploi six mois après la sortie, et sans emploi à l’entrée.",
        SIX_MONTHS_LATER,
        ~UNKNOWN & Q(situation__in=AT_WORK) & ~Q(entered_as__in=EMPLOYED),
        AFTER,
    ),
    _figure(
        "eecr06",
        "Participants dont la situation s’est améliorée six mois après",
        "En emploi à l’entrée et, six mois après la sortie, en emploi durable.",
        SIX_MONTHS_LATER,
        Q(situation__in=kinds_of(ExitGroup.LASTING), entered_as__in=EMPLOYED),
        AFTER,
    ),
)
