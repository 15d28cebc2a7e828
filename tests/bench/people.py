"""The invented département, 3: persons, the facilitators' word on them, contracts, months of hours."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from clauses_portal.core.periods import month_end
from clauses_portal.core.text import search_key
from participants.counting import usual_period
from participants.enums import ContractType, Modality, Sex, ValidationState
from participants.models import EligibilityCategory, EligibilityValidation, EmploymentContract, Participant
from participants.services.eligibility import keys_of
from tests.bench.sizes import FIRST, MONTHS, month_at
from tests.factories.accounts import FIRST_NAMES, LAST_NAMES

GRID_PERSONS, GRID_MONTHS = 30, 6
REFUSED, MID_MONTH = 0.06, 0.08


@dataclass
class Life:
    """A person, when the first validation begins, whether it was granted, and [(award, month index, months)]."""

    person: Participant
    starts_on: date
    granted: bool
    jobs: list = field(default_factory=list)

    def granted_days(self):
        """[(first day, last day)] of the granted validation."""
        return [usual_period(self.starts_on)] if self.granted else []


class Population:
    """Draws lives on the awards until the hours asked are there: three contracts a person, four months each."""

    def __init__(self, places, awards, chance):
        self.communes, self.chance = places.communes, chance
        self.grid_award = awards[0]
        self.awards = [award for award in awards if award.lot_id != self.grid_award.lot_id]
        self.running = defaultdict(list)
        for award in self.awards:
            for month in months_of(award.lot):
                self.running[award.lot.territory_id, month].append(award)

    def lives(self, hours):
        """[Life] whose jobs last `hours` months in all, those of the measured grid first."""
        lives = [self._on_the_grid(n) for n in range(min(GRID_PERSONS, hours // GRID_MONTHS))]
        left = hours - sum(job[2] for life in lives for job in life.jobs)
        while left > 0:
            life = self._life(len(lives), left)
            left -= sum(months for _, _, months in life.jobs)
            lives.append(life)
        return lives

    def _on_the_grid(self, number):
        life = Life(self._person(number, self.grid_award.lot.territory), self.grid_award.lot.starts_on, granted=True)
        life.jobs.append((self.grid_award, months_of(self.grid_award.lot)[0], GRID_MONTHS))
        return life

    def _life(self, number, left):
        award = self.chance.choice(self.awards)
        first = self.chance.choice(months_of(award.lot))
        shift = 14 if self.chance.random() < MID_MONTH else 0
        granted = self.chance.random() > REFUSED
        life = Life(self._person(number, award.lot.territory), month_at(first) + timedelta(days=shift), granted)
        for later in (0, *sorted(self.chance.sample(range(1, 20), self.chance.randrange(5)))):
            choice = [award] if later == 0 else self.running[award.lot.territory_id, first + later]
            months = min(self.chance.randrange(1, 8), MONTHS - first - later, left)
            if choice and months > 0:
                life.jobs.append((self.chance.choice(choice), first + later, months))
                left -= months
        return life

    def _person(self, number, territory):
        """An invented person: the number in letters makes the name unique."""
        first_name, last_name = FIRST_NAMES[number % 6], f"{LAST_NAMES[number // 6 % 6]} {letters(number)}"
        person = Participant(
            territory=territory,
            first_name=first_name,
            last_name=last_name,
            birth_date=date(1965 + number % 40, 1 + number % 12, 1 + number % 28),
            sex=(Sex.FEMALE, Sex.MALE)[number % 2],
            commune=self.communes[territory.pk][number % len(self.communes[territory.pk])],
            lives_in_qpv=(True, False, None)[number % 3],
            receives_rsa=(True, False, True, None)[number % 4],
            search_name=search_key(last_name, first_name),
        )
        person.match_keys = keys_of(person)
        return person


def letters(number):
    """« A », « B », …, « Z », « AB »…: the number in base 26."""
    return (letters(number // 26) if number >= 26 else "") + chr(65 + number % 26)


def months_of(lot):
    """Indexes of the months of a lot, within the five years."""
    first = (lot.starts_on.year - FIRST.year) * 12 + lot.starts_on.month - FIRST.month
    last = (lot.ends_on.year - FIRST.year) * 12 + lot.ends_on.month - FIRST.month
    return range(first, min(last, MONTHS - 1) + 1)


def save_persons(lives, officer):
    """Write the persons and the decision taken on each."""
    Participant.objects.bulk_create([life.person for life in lives], batch_size=5000)
    categories = list(EligibilityCategory.objects.order_by("pk"))
    EligibilityValidation.objects.bulk_create(
        (validation(life, categories[rank % len(categories)], officer) for rank, life in enumerate(lives)),
        batch_size=5000,
    )


def validation(life, category, officer):
    first, last = usual_period(life.starts_on)
    return EligibilityValidation(
        participant=life.person,
        category=category,
        starts_on=first,
        ends_on=last,
        state=ValidationState.GRANTED if life.granted else ValidationState.REFUSED,
        reason="" if life.granted else "Justificatif absent.",
        decided_at=datetime.combine(first, datetime.min.time(), tzinfo=UTC),
        decided_by=officer,
    )


def save_contracts(lives):
    """Write a contract for each job; return [(contract, index of its first month, months, life)]."""
    jobs = [(life, *job) for life in lives for job in life.jobs]
    contracts = EmploymentContract.objects.bulk_create(
        (contract(life, award, first, months) for life, award, first, months in jobs), batch_size=5000
    )
    return [(made, first, months, life) for made, (life, _, first, months) in zip(contracts, jobs, strict=True)]


def contract(life, award, first, months):
    return EmploymentContract(
        participant=life.person,
        award=award,
        lot=award.lot,
        market_id=award.lot.market_id,
        territory_id=award.lot.territory_id,
        employer=award.company,
        modality=Modality.DIRECT,
        contract_type=ContractType.CDDI if award.pk % 3 else ContractType.CDD,
        job_title="Aide-maçon",
        rome_code="F1703",
        starts_on=month_at(first),
        # the contracts of the last month go on
        ends_on=None if first + months == MONTHS else month_end(month_at(first + months - 1)),
    )
