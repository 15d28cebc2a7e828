"""What the steps of the demonstration share."""

import random
from collections import Counter
from dataclasses import dataclass, field

from clauses_portal.accounts.models import User
from facilitators.models import Territory
from reporting.demo.calendar import DemoCalendar


@dataclass(frozen=True)
class Scale:
    """How much is made: contracts, persons, and which operations of the programme."""

    contracts: int
    persons: int
    whole_programme: bool


SCALES = {"full": Scale(246, 250, whole_programme=True), "small": Scale(44, 50, whole_programme=False)}


@dataclass
class World:
    """The day, the dice, the people who act and the places; `made` counts what was created."""

    calendar: DemoCalendar
    scale: Scale
    dice: random.Random
    officer: User
    legal_officer: User
    agent: User
    facilitators: dict[str, User]
    territories: dict[str, Territory]
    made: Counter = field(default_factory=Counter)
