"""Persons: each counts once, however many contracts; what she was is what she was at entry (domain.md §12 n° 39)."""

from django.db.models import Case, Count, F, Func, IntegerField, Min, OuterRef, Q, Subquery, Sum, Value, When

from participants.enums import EducationLevel, Sex
from participants.models import EligibilityValidation, Participant
from reporting.indicators.definition import Breakdown, Family, Indicator, Share, Unit
from reporting.indicators.scope import running_between

HIRED = "Personnes embauchées"
DURING = "Sur la période"
LAST_DAY = "Au dernier jour de la période"
AT_ENTRY = "À l’entrée dans le dispositif"
C20 = "Convention, bilan (C20)"
AGES = {0: "Moins de 26 ans", 26: "26 à 44 ans", 45: "45 à 49 ans", 50: "50 ans et plus"}


def hired(scope, period):
    """Rows: persons whose first contract within the scope starts in the period.

    Staff taken over with the market were in post already: they are not hires (domain.md §12 n° 17).
    """
    firsts = scope.contracts().filter(already_in_post=False).order_by().values("participant")
    firsts = firsts.annotate(first=Min("starts_on")).filter(first__range=(period.start, period.end))
    return Participant.objects.filter(pk__in=firsts.values("participant"))


def at_work(scope, period):
    """Rows: persons with hours counted in the period, its régularisations added: what a correction only takes away
    makes nobody work."""
    worked = scope.hours().of_period(period).order_by().values("participant")
    worked = worked.annotate(total=Sum("counted")).filter(total__gt=0)
    return Participant.objects.filter(pk__in=worked.values("participant"))


def in_post(scope, period):
    """Rows: persons under contract on the last day of the period."""
    running = scope.contracts().filter(running_between(period.end, period.end))
    return Participant.objects.filter(pk__in=running.values("participant"))


def _persons(code, label, definition, rows=hired, condition=None, moment=DURING, source=C20):
    measure = Count("pk", filter=condition) if condition is not None else Count("pk")
    return Indicator(code, label, Unit.PERSONS, Family.PERSONS, definition, moment, source, rows, measure)


TOTAL = _persons(
    "persons_hired",
    HIRED,
    "Personnes distinctes dont le premier contrat du périmètre commence dans la période. Une personne employée sur "
    "deux marchés compte une fois dans le total du territoire : les totaux ne s’additionnent pas. Le personnel "
    "repris n’est pas une embauche.",
)
WOMEN = _persons("persons_women", "Femmes", "Personnes embauchées, sexe : femme.", condition=Q(sex=Sex.FEMALE))
MEN = _persons("persons_men", "Hommes", "Personnes embauchées, sexe : homme.", condition=Q(sex=Sex.MALE))
QPV = _persons(
    "persons_qpv",
    "Résidents de quartiers prioritaires",
    "Personnes embauchées qui résidaient en quartier prioritaire de la politique de la ville.",
    condition=Q(lives_in_qpv=True),
    moment=AT_ENTRY,
)
QPV_UNKNOWN = _persons(
    "persons_qpv_unknown",
    "Quartier prioritaire non renseigné",
    "Personnes embauchées dont la résidence en quartier prioritaire n’est pas renseignée.",
    condition=Q(lives_in_qpv__isnull=True),
    moment=AT_ENTRY,
)
RSA = _persons(
    "persons_rsa",
    "Bénéficiaires du RSA",
    "Personnes embauchées qui percevaient le RSA.",
    condition=Q(receives_rsa=True),
    moment=AT_ENTRY,
    source="Convention, listes nominatives (C21)",
)
RSA_UNKNOWN = _persons(
    "persons_rsa_unknown",
    "RSA non renseigné",
    "Personnes embauchées dont la situation au regard du RSA n’est pas renseignée.",
    condition=Q(receives_rsa__isnull=True),
    moment=AT_ENTRY,
)
AT_WORK = _persons(
    "persons_at_work",
    "Personnes ayant travaillé",
    "Personnes distinctes dont des heures sont comptabilisées dans la période, régularisations comprises.",
    at_work,
)
IN_POST = _persons(
    "persons_in_post",
    "Personnes en poste",
    "Personnes distinctes sous contrat.",
    in_post,
    moment=LAST_DAY,
)
PROFILE = (TOTAL, WOMEN, MEN, QPV, QPV_UNKNOWN, RSA, RSA_UNKNOWN)


def _share(code, label, part, whole, definition):
    return Share(code, label, Family.PERSONS, definition, DURING, "Convention, impact (C33)", part, whole)


WOMEN_SHARE = _share("persons_women_share", "Part des femmes", WOMEN, TOTAL, "Femmes ÷ personnes embauchées.")
RSA_SHARE = _share(
    "persons_rsa_share",
    "Part des bénéficiaires du RSA",
    RSA,
    TOTAL,
    "Bénéficiaires du RSA ÷ personnes embauchées, non renseignés compris au dénominateur.",
)
QPV_SHARE = _share(
    "persons_qpv_share",
    "Part des résidents de quartiers prioritaires",
    QPV,
    TOTAL,
    "Résidents de quartiers prioritaires ÷ personnes embauchées, non renseignés compris au dénominateur.",
)


def _breakdown(code, label, definition, by, labels=None, rows=hired, **options):
    return Breakdown(
        code,
        label,
        Unit.PERSONS,
        Family.PERSONS,
        definition,
        options.pop("moment", AT_ENTRY),
        C20,
        rows,
        Count("pk", distinct=True),
        by,
        labels,
        **options,
    )


def with_age(scope, period):
    """Rows: persons hired, each with `age`, in years on the first day of her first contract within the scope."""
    first = scope.contracts().filter(participant=OuterRef("pk")).order_by("starts_on").values("starts_on")[:1]
    years = Func(Subquery(first), F("birth_date"), template="date_part('year', age(%(expressions)s))::int")
    return hired(scope, period).annotate(age=Func(years, template="%(expressions)s", output_field=IntegerField()))


def with_category(scope, period):
    """Rows: persons hired, each with the `category` of her latest granted validation."""
    latest = EligibilityValidation.objects.granted().filter(participant=OuterRef("pk")).order_by("-starts_on")
    return hired(scope, period).annotate(category=Subquery(latest.values("category__label")[:1]))


AGE_BAND = Case(
    When(age__gte=50, then=Value(50)),
    When(age__gte=45, then=Value(45)),
    When(age__gte=26, then=Value(26)),
    default=Value(0),
    output_field=IntegerField(),
)

BY_SEX = _breakdown(
    "persons_by_sex",
    "Personnes embauchées, par sexe",
    "Personnes embauchées selon le sexe.",
    F("sex"),
    dict(Sex.choices),
    moment=DURING,
)
BY_AGE = _breakdown(
    "persons_by_age",
    "Personnes embauchées, par tranche d’âge",
    "Âge en années révolues au premier jour du premier contrat du périmètre.",
    AGE_BAND,
    AGES,
    rows=with_age,
    moment="Au premier jour du premier contrat",
)
BY_LEVEL = _breakdown(
    "persons_by_level",
    "Personnes embauchées, par niveau de formation",
    "Niveau du cadre national des certifications (décret 2019-14).",
    F("education_level"),
    dict(EducationLevel.choices),
)
BY_CATEGORY = _breakdown(
    "persons_by_category",
    "Personnes embauchées, par catégorie de public",
    "Catégorie de la dernière validation accordée par le facilitateur.",
    F("category"),
    rows=with_category,
    unknown="Sans validation accordée",
)
BY_COMMUNE = _breakdown(
    "persons_by_commune",
    "Personnes embauchées, par commune de résidence",
    "Commune de résidence de la fiche.",
    F("commune__name"),
)
BY_HOME = _breakdown(
    "persons_by_home",
    "Personnes embauchées, par territoire de résidence",
    "Territoire de la commune de résidence ; hors des territoires du portail, « Autre territoire ».",
    F("commune__territory__name"),
    unknown="Autre territoire",
)
