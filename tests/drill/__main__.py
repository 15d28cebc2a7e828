"""`make drill`: races, faults, backup and mutated requests on a portal of its own; one table; exit 1 on a FAIL.

make drill                                   a few turns of everything
make drill ARGS="--full"                     the numbers of security.md §4.7
make drill ARGS="--races 50 --only races"    one part (races, faults or a fault's name, backup, fuzz)
"""

import argparse
import sys

from tests.drill import parts
from tests.drill.outcome import head, row
from tests.drill.site import own_site

RACES, FULL_RACES = 20, 200


def options():
    about = "Éprouve la fiabilité du portail (docs/reliability.md)."
    parser = argparse.ArgumentParser(prog="make drill", description=about)
    parser.add_argument("--full", action="store_true", help="les nombres de tours exigés, en une heure ou deux")
    parser.add_argument("--races", type=int, help="tours de chaque course")
    parser.add_argument("--faults", type=int, help="tours de chaque panne")
    parser.add_argument("--only", help=f"des parties parmi : {', '.join(parts.NAMES)}")
    asked = parser.parse_args()
    asked.races = asked.races or (FULL_RACES if asked.full else RACES)
    asked.names = asked.only.split(",") if asked.only else list(parts.DEFAULT)
    if unknown := set(asked.names) - set(parts.NAMES):
        parser.error(f"parties inconnues : {', '.join(sorted(unknown))}")
    return asked


def main():
    """Return the exit code: 0 when nothing was inconsistent, lost, doubled nor too long to come back."""
    asked, passed = options(), []
    print(head(), flush=True)
    with own_site() as site:
        for outcome in parts.outcomes(site, asked):
            passed.append(outcome.passed)
            print(row(outcome), flush=True)
    return 0 if passed and all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
