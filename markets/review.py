"""The criteria grid, as pure functions: score and recommendation of a lot from its answers (domain.md §2.6).

Nothing here knows an amount, a share or a rate: only whether a gate is passed and the grade of each criterion, so
that the reasons can be read by whoever may read the instruction.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from clauses_portal.core.french import NBSP
from markets.enums import CriterionKind, MarketKind, Recommendation

HIGHEST_GRADE = 4
STRONG, WEAK = 3, 1
SCORE_FOR_BOTH, SCORE_FOR_A_CLAUSE, SCORE_FOR_A_CRITERION = 75, 50, 30
VOLUME_GATES = ("amount", "duration", "computed_hours")
R = Recommendation


@dataclass(frozen=True)
class Answer:
    """What was answered to a line of the grid: `passed` for a gate, `grade` (0 to 4) otherwise; None: no answer."""

    code: str
    label: str
    kind: str
    weight: int = 0
    passed: bool | None = None
    grade: int | None = None

    @property
    def is_weighted(self):
        return self.kind == CriterionKind.WEIGHTED

    @property
    def is_given(self):
        return (self.grade if self.is_weighted else self.passed) is not None


@dataclass(frozen=True)
class Assessment:
    """Score (0 to 100, None without any grade), recommendation (« » when too little is known), why, what is missing."""

    score: Decimal | None
    recommendation: str
    reasons: tuple[str, ...]
    unanswered: tuple[str, ...]


@dataclass(frozen=True)
class _Case:
    score: Decimal
    gates: dict
    grades: dict
    kind: str

    def failed(self, *codes):
        return any(self.gates.get(code) is False for code in codes)

    def grade(self, code):
        """The grade, -1 when unknown: no rule rests on what nobody answered."""
        return -1 if self.grades.get(code) is None else self.grades[code]


# The first rule that applies: (when, recommendation, the same where the law wants a social condition of execution,
# why). A criterion alone is no condition of execution: it never answers the duty (L. 2112-2-1).
RULES = (
    (
        lambda case: case.failed("site_security"),
        R.CRITERION,
        R.TRAINING,
        "Le site ne peut pas accueillir de personnes en insertion.",
    ),
    (
        lambda case: case.kind == MarketKind.SOCIAL_SERVICES and case.grade("inclusive_supply") >= 2,
        R.QUALIFICATION,
        R.QUALIFICATION,
        "Service social et structures d’insertion présentes : l’insertion peut être l’objet même du marché.",
    ),
    (
        lambda case: case.grade("inclusive_supply") == HIGHEST_GRADE,
        R.RESERVED,
        R.RESERVED,
        "L’offre locale des structures inclusives est très étendue : le marché peut leur être réservé.",
    ),
    (
        lambda case: case.grade("inclusive_supply") == 3,
        R.RESERVED,
        R.RESERVED,
        "L’offre locale des structures inclusives permet de leur réserver ce lot.",
    ),
    (
        lambda case: 0 <= case.grade("qualification") <= WEAK,
        R.TRAINING,
        R.TRAINING,
        "La qualification requise est élevée : préférer l’apprentissage ou la formation.",
    ),
    (
        lambda case: case.failed(*VOLUME_GATES) and case.score >= SCORE_FOR_A_CLAUSE,
        R.CRITERION,
        R.TRAINING,
        "Le lot s’y prête, mais il est trop petit ou trop court pour des heures d’insertion.",
    ),
    (
        lambda case: case.failed(*VOLUME_GATES),
        R.NO_CLAUSE,
        R.TRAINING,
        "Le lot est trop petit ou trop court pour des heures d’insertion.",
    ),
    (
        lambda case: case.score >= SCORE_FOR_BOTH,
        R.EXECUTION_AND_CRITERION,
        R.EXECUTION_AND_CRITERION,
        "Le lot se prête très bien à une clause : un critère peut récompenser les offres qui vont au-delà.",
    ),
    (
        lambda case: case.score >= SCORE_FOR_A_CLAUSE,
        R.EXECUTION,
        R.EXECUTION,
        "Le lot se prête à une clause d’exécution.",
    ),
    (
        lambda case: case.score >= SCORE_FOR_A_CRITERION and case.grade("inclusive_supply") == 2,
        R.EXECUTION,
        R.EXECUTION,
        "Le lot s’y prête moyennement, mais plusieurs structures inclusives peuvent y prendre part.",
    ),
    (
        lambda case: case.score >= SCORE_FOR_A_CRITERION,
        R.CRITERION,
        R.EXECUTION,
        "Le lot s’y prête moyennement.",
    ),
    (
        lambda case: True,
        R.NO_CLAUSE,
        R.TRAINING,
        "Le lot se prête mal à des heures d’insertion.",
    ),
)
REMARKS_ON_GATES = {
    "amount": "Montant inférieur au plancher de la grille.",
    "duration": "Durée inférieure au plancher de la grille.",
    "computed_hours": "Volume d’heures inférieur au plancher de la grille.",
    "staff_takeover": "Personnel repris, heures à préciser : le calibrage se fait au prorata des heures à pourvoir.",
}
REMARKS_ON_WEAKNESS = {
    "saturation": "Beaucoup d’heures d’insertion sont déjà en cours dans ce métier et ce territoire.",
    "calendar": "La publication est trop proche pour attendre sereinement l’avis du facilitateur.",
    "adequacy": "Peu de publics disponibles dans ce territoire pour ces métiers.",
}


def score_of(answers):
    """Score of 0 to 100, to the hundredth: weights × grade ÷ 4 over what was graded; None without any grade."""
    graded = [answer for answer in answers if answer.is_weighted and answer.grade is not None]
    weights = sum(answer.weight for answer in graded)
    if not weights:
        return None
    points = sum(answer.weight * answer.grade for answer in graded)
    return (Decimal(100 * points) / (HIGHEST_GRADE * weights)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def assess(answers, *, kind, mandatory=False):
    """Assess the answers of a lot whose market is of this MarketKind; `mandatory`: the law wants a social condition.

    With less than half of the weights graded, nothing is recommended: the reasons say so.
    """
    answers = tuple(answers)
    score = score_of(answers)
    unanswered = tuple(answer.label for answer in answers if not answer.is_given)
    if not _enough(answers):
        return Assessment(score, "", ("Trop de critères sont sans réponse pour recommander.",), unanswered)
    case = _Case(
        score=score,
        gates={answer.code: answer.passed for answer in answers if not answer.is_weighted},
        grades={answer.code: answer.grade for answer in answers if answer.is_weighted},
        kind=kind,
    )
    _, usual, under_duty, why = next(rule for rule in RULES if rule[0](case))
    reasons = [why, *_duty(mandatory), *_remarks(answers)]
    return Assessment(score, under_duty if mandatory else usual, tuple(reasons), unanswered)


def _enough(answers):
    """True when at least half of the weights are graded."""
    weights = sum(answer.weight for answer in answers)
    graded = sum(answer.weight for answer in answers if answer.is_weighted and answer.grade is not None)
    return bool(graded) and 2 * graded >= weights


def _duty(mandatory):
    return ["La loi veut une condition d’exécution sociale : un critère seul n’y répond pas."] if mandatory else []


def _remarks(answers):
    """Sentences on what weighs most: gates that are not passed, strong points, weak points."""
    failed = [answer for answer in answers if answer.passed is False]
    graded = [answer for answer in answers if answer.is_weighted and answer.grade is not None]
    strong = [answer.label for answer in graded if answer.grade >= STRONG]
    weak = [answer for answer in graded if answer.grade <= WEAK]
    remarks = [REMARKS_ON_GATES.get(answer.code, f"Condition non remplie : {answer.label}.") for answer in failed]
    remarks += [REMARKS_ON_WEAKNESS[answer.code] for answer in weak if answer.code in REMARKS_ON_WEAKNESS]
    others = [answer.label for answer in weak if answer.code not in REMARKS_ON_WEAKNESS]
    return remarks + _listed("Points forts", strong) + _listed("Points faibles", others)


def _listed(title, labels):
    return [f"{title}{NBSP}: {', '.join(label[:1].lower() + label[1:] for label in labels)}."] if labels else []
