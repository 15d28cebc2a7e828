"""A market that is over, counted by hand: every trap of a closing report, on one lot (domain.md §9.10, §12).

Alpha holds the lot, Beta works for Alpha, Gamma for Beta. It owes 1 000 h, + 200 (avenant), + 100 (received), - 50
(given), - 150 (neutralised): 1 100 h.

| person  | who | contract | hours counted |
| ines    | woman, here; also on another market | Alpha, CDD, 1 Dec. 2025 – 31 May | 50 + 100 + 20 corrected: 170 |
| revoked | man, here, validation revoked | Alpha, CDD, 1 Feb. – 31 March | none; 50 rejected |
| middle  | woman, here, validated from 16 March | Gamma, CDDI, 16 March – 30 June | 60 + 100: 160 |
| away    | man, of Pertuis (Vaucluse), RSA | Alpha, intérim, 1 – 30 April | 70 |
| taken   | woman, here, already in post | Alpha, CDI, 1 Feb. on | 140 |
"""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from markets.enums import AwardRole, ObjectiveKind, PenaltyBasis
from markets.services.awards import add_objective
from markets.services.penalties import propose_penalty
from participants.enums import ContractType, ExitHorizon, ExitSituationKind, ExitSource, Modality, Sex
from participants.models import ExitSituation
from participants.services.exits import record_exit, refresh_exits
from participants.services.hours import regularise
from reporting.services.statements import close_quarter
from tests.factories.accounts import author
from tests.factories.companies import HoursTransferFactory
from tests.factories.facilitators import CommuneFactory, TerritoryFactory
from tests.factories.markets import AlertFactory, AwardFactory, CompanyFactory, LotFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    EmploymentContractFactory,
    HoursEntryFactory,
    ParticipantFactory,
)

FIRST, LAST = date(2025, 12, 1), date(2026, 7, 31)


def closing_world():
    """Make it; returns its market, its awards, its persons."""
    territory = TerritoryFactory(code="AIX", name="Pays d’Aix", slug="pays-d-aix")
    here = CommuneFactory(name="Gardanne", territory=territory)
    pertuis = CommuneFactory(name="Pertuis", insee_code="84089", department="84", territory=territory)
    lot = LotFactory(territory=territory, calibrated=True, starts_on=FIRST, ends_on=LAST, number="1")
    alpha = AwardFactory(lot=lot, company=CompanyFactory(name="Alpha"), notified_on=date(2025, 11, 20))
    beta = subcontractor(alpha, "Beta")
    gamma = subcontractor(beta, "Gamma")
    other = AwardFactory(lot__territory=territory, lot__calibrated=True, company=CompanyFactory(name="Delta"))
    move_objective(alpha, other)
    persons = people(territory, here, pertuis, alpha=alpha, gamma=gamma, other=other)
    exits(persons, alpha, gamma)
    AlertFactory(lot=lot, category="A04", closed=True)
    AlertFactory(lot=lot, category="A04")
    propose_penalty(
        award=alpha,
        breach="Relevé manquant",
        facts="Deux mois.",
        found_on=date(2026, 6, 1),
        basis=PenaltyBasis.FIXED,
        tariff=Decimal(4321),
        units=1,
        by=author(),
    )
    return SimpleNamespace(
        territory=territory, market=lot.market, lot=lot, alpha=alpha, gamma=gamma, other=other, persons=persons
    )


def subcontractor(parent, name):
    return AwardFactory(
        lot=parent.lot,
        company=CompanyFactory(name=name),
        role=AwardRole.SUBCONTRACTOR,
        parent=parent,
        hours_minimum=None,
    )


def move_objective(alpha, other):
    for kind, hours, reason in (
        (ObjectiveKind.AMENDMENT, 200, "Avenant de 918273,64 euros"),
        (ObjectiveKind.NEUTRALISED, -150, "Intempéries"),
    ):
        add_objective(award=alpha, kind=kind, hours=hours, effective_on=date(2026, 3, 1), reason=reason, by=author())
    HoursTransferFactory(source=other, target=alpha, hours=100)
    HoursTransferFactory(source=alpha, target=other, hours=50)


def people(territory, here, pertuis, *, alpha, gamma, other):
    place = {"territory": territory, "commune": here}
    category = EligibilityCategoryFactory(label="Bénéficiaire du RSA")
    ines = ParticipantFactory(birth_date=date(1976, 1, 1), sex=Sex.FEMALE, education_level="3", **place)
    revoked = ParticipantFactory(
        birth_date=date(2001, 1, 1), sex=Sex.MALE, lives_in_qpv=None, receives_rsa=None, education_level="nc", **place
    )
    middle = ParticipantFactory(
        birth_date=date(1990, 1, 1),
        sex=Sex.FEMALE,
        lives_in_qpv=False,
        receives_rsa=False,
        education_level="3",
        **place,
    )
    away = ParticipantFactory(
        territory=territory, commune=pertuis, birth_date=date(1970, 1, 1), sex=Sex.MALE, education_level="4"
    )
    taken = ParticipantFactory(birth_date=date(1980, 1, 1), sex=Sex.FEMALE, education_level="0", **place)
    for person, day in ((ines, FIRST), (middle, date(2026, 3, 16)), (away, date(2026, 1, 1)), (taken, FIRST)):
        EligibilityValidationFactory(participant=person, starts_on=day, granted=True, category=category)
    EligibilityValidationFactory(participant=revoked, revoked=True)
    first = hired(ines, alpha, FIRST, date(2026, 5, 31), {date(2025, 12, 1): 50, date(2026, 1, 1): 100})
    hired(ines, other, date(2026, 6, 1), date(2026, 6, 30), {date(2026, 6, 1): 30})
    hired(revoked, alpha, date(2026, 2, 1), date(2026, 3, 31), {date(2026, 2, 1): 50})
    hired(
        middle,
        gamma,
        date(2026, 3, 16),
        date(2026, 6, 30),
        {date(2026, 3, 1): 60, date(2026, 4, 1): 100},
        contract_type=ContractType.CDDI,
        modality=Modality.SUBCONTRACT,
    )
    hired(
        away,
        alpha,
        date(2026, 4, 1),
        date(2026, 4, 30),
        {date(2026, 4, 1): 70},
        contract_type=ContractType.TEMPORARY,
        modality=Modality.SECONDMENT,
        employer=CompanyFactory(name="Omega Intérim", is_siae=True, kind="etti"),
    )
    hired(
        taken,
        alpha,
        date(2026, 2, 1),
        None,
        {date(2026, 2, 1): 140},
        contract_type=ContractType.CDI,
        already_in_post=True,
    )
    for start in (date(2025, 10, 1), date(2026, 1, 1)):
        close_quarter(territory=territory, quarter=SimpleNamespace(start=start), by=author())
    regularise(contract=first, month=date(2026, 1, 1), hours=Decimal(120), reason="Oubli.", by=author())
    return SimpleNamespace(ines=ines, revoked=revoked, middle=middle, away=away, taken=taken)


def hired(person, award, starts_on, ends_on, hours, **terms):
    end = {"ends_on": ends_on, "end_reason": "term"} if ends_on else {}
    contract = EmploymentContractFactory(participant=person, award=award, starts_on=starts_on, **end, **terms)
    for month, declared in hours.items():
        HoursEntryFactory(contract=contract, month=month, declared=Decimal(declared))
    return contract


def exits(persons, alpha, gamma):
    """Ines: another CDI, then unknown; away: seeking, then a short CDD; middle: nobody has asked."""
    for person, award in ((persons.ines, alpha), (persons.away, alpha), (persons.middle, gamma)):
        refresh_exits(participant_id=person.pk, award_id=award.pk, by=author())
    K, H = ExitSituationKind, ExitHorizon
    ExitSituation.objects.filter(participant=persons.ines).update(attempts=3)
    for person, horizon, situation in (
        (persons.ines, H.END, K.CDI_OTHER),
        (persons.ines, H.THREE_MONTHS, K.UNKNOWN),
        (persons.away, H.END, K.SEEKING),
        (persons.away, H.THREE_MONTHS, K.CDD_SHORT),
    ):
        row = ExitSituation.objects.get(participant=person, award=alpha, horizon=horizon)
        record_exit(
            exit_row=row, situation=situation, source=ExitSource.PERSON, observed_on=date(2026, 9, 10), by=author()
        )
