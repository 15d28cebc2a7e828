"""Persons: an invented identity that agrees with the reason of their eligibility."""

from dataclasses import dataclass
from datetime import date

from facilitators.models import Commune
from participants.enums import EducationLevel, EntrySituation, InformationMeans, PrescriberKind, Sex
from participants.models import Participant
from participants.services.persons import save_person
from reporting.demo.calendar import at
from reporting.demo.history import backdate
from reporting.demo.names import FAMILIES, MEN, STREETS, WOMEN

P = PrescriberKind
L = EducationLevel
# category of public: (weight, youngest and oldest age at entry, who sent the person)
PUBLICS = {
    "RSA": (34, 23, 57, [P.DEPARTMENT, P.DEPARTMENT, P.FRANCE_TRAVAIL, P.PLIE]),
    "DELD": (15, 25, 58, [P.FRANCE_TRAVAIL, P.FRANCE_TRAVAIL, P.PLIE, P.SPONTANEOUS]),
    "DETLD": (9, 27, 59, [P.FRANCE_TRAVAIL, P.PLIE, P.CCAS]),
    "JEUNE": (12, 18, 24, [P.MISSION_LOCALE, P.MISSION_LOCALE, P.FRANCE_TRAVAIL]),
    "CEJ": (4, 18, 24, [P.MISSION_LOCALE]),
    "SENIOR": (7, 51, 60, [P.FRANCE_TRAVAIL, P.PLIE]),
    "TH": (6, 24, 58, [P.CAP_EMPLOI, P.CAP_EMPLOI, P.FRANCE_TRAVAIL]),
    "ASS": (2, 35, 58, [P.FRANCE_TRAVAIL]),
    "AAH": (2, 24, 55, [P.CAP_EMPLOI]),
    "QPV": (5, 22, 50, [P.CCAS, P.FRANCE_TRAVAIL, P.COMPANY]),
    "REF": (2, 21, 45, [P.OTHER, P.CCAS]),
    "PI": (2, 24, 45, [P.DEPARTMENT, P.CCAS]),
    "AVIS": (1, 26, 48, [P.PLIE]),
}
IN_A_STRUCTURE = "IAE"
SITUATIONS = {
    "DELD": EntrySituation.SEEKING_LONG,
    "DETLD": EntrySituation.SEEKING_VERY_LONG,
    "ASS": EntrySituation.SEEKING_VERY_LONG,
    "RSA": EntrySituation.SEEKING_LONG,
    "CEJ": EntrySituation.INACTIVE,
    IN_A_STRUCTURE: EntrySituation.INSERTION,
}
LEVELS = [L.NONE, L.NONE, L.LEVEL_1, L.LEVEL_2, L.LEVEL_2, L.LEVEL_3, L.LEVEL_3, L.LEVEL_3, L.LEVEL_4, L.LEVEL_4]
LEVELS += [L.LEVEL_5, L.UNKNOWN]


@dataclass(frozen=True)
class Profile:
    """What the person must be like: where, from when, among whom, and with which chance (%) a woman."""

    territory: str
    entry: date
    women: int
    in_a_structure: bool = False
    npnru: bool = False


class PersonMaker:
    """Makes persons one after the other, never twice the same."""

    def __init__(self, world):
        self.world, self.dice, self.used = world, world.dice, set()
        in_department = Commune.objects.filter(department="13").order_by("insee_code")
        self.communes = {
            code: list(in_department.filter(territory=territory)) for code, territory in world.territories.items()
        }

    def make(self, profile):
        """Create a person. Returns (Participant, code of the category of public)."""
        category, (_, youngest, oldest, prescribers) = self._public(profile)
        sex = Sex.FEMALE if self.dice.random() * 100 < profile.women else Sex.MALE
        first, last = self._names(sex)
        person = Participant(
            territory=self.world.territories[profile.territory],
            first_name=first,
            last_name=last,
            birth_date=self._birth(profile.entry, youngest, oldest),
            sex=sex,
            commune=self.dice.choice(self.communes[profile.territory]),
            address=f"{self.dice.randint(1, 140)} rue des {self.dice.choice(STREETS)}",
            lives_in_qpv=category == "QPV" or self._yes_no_unknown(60 if profile.npnru else 28),
            receives_rsa=category == "RSA" or self._yes_no_unknown(6),
            education_level=self.dice.choice(LEVELS),
            prescriber=self.dice.choice(prescribers),
            entered_on=profile.entry,
            entry_situation=SITUATIONS.get(category, EntrySituation.SEEKING_SHORT),
            phone=self._phone(),
            informed_how=InformationMeans.PAPER,
            informed_at=at(profile.entry),
            informed_by=self.world.facilitators[profile.territory],
        )
        save_person(person=person, by=self.world.facilitators[profile.territory])
        backdate(person, profile.entry)
        self.world.made["personnes"] += 1
        return person, category

    def _public(self, profile):
        if profile.in_a_structure and self.dice.random() < 0.6:
            return IN_A_STRUCTURE, (0, 22, 57, [P.SIAE])
        category = self.dice.choices(list(PUBLICS), [public[0] for public in PUBLICS.values()])[0]
        return category, PUBLICS[category]

    def _names(self, sex):
        while True:
            names = self.dice.choice(WOMEN if sex == Sex.FEMALE else MEN), self.dice.choice(FAMILIES)
            if names not in self.used:
                self.used.add(names)
                return names

    def _birth(self, entry, youngest, oldest):
        year = entry.year - self.dice.randint(youngest + 1, oldest)
        return date(year, self.dice.randint(1, 12), self.dice.randint(1, 28))

    def _phone(self):
        """A number of the range kept for fiction (06 39 98)."""
        rank = len(self.used) % 10_000
        return f"06 39 98 {rank // 100:02} {rank % 100:02}"

    def _yes_no_unknown(self, percent):
        """True with this chance (%); otherwise no, and now and then not known."""
        if self.dice.random() * 100 < percent:
            return True
        return None if self.dice.random() < 0.08 else False
