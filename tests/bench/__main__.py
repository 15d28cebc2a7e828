"""`make bench`: prepare the database, measure each line in a process of its own, print the table, exit 1 on a FAIL.

make bench                                  every line, 60 000 rows of hours
make bench ARGS="--size M --only list,perm" two lines, 600 000 rows
"""

import argparse
import sys

from tests.bench.processes import LINES, alone, measured, prepare
from tests.bench.table import head, row


def options():
    parser = argparse.ArgumentParser(prog="make bench", description="Compare les pages et les états à leurs témoins.")
    parser.add_argument("--size", choices=["S", "M"], default="S", help="60 000 ou 600 000 lignes d’heures")
    parser.add_argument("--only", help=f"des lignes parmi : {', '.join(LINES)}")
    asked = parser.parse_args()
    asked.names = asked.only.split(",") if asked.only else list(LINES)
    if unknown := set(asked.names) - set(LINES):
        parser.error(f"lignes inconnues : {', '.join(sorted(unknown))}")
    return asked


def main():
    """Return the exit code: 0 when every goal is met."""
    asked = options()
    print(f"Taille {asked.size} ; {alone(prepare, asked.size)}.", flush=True)
    print(head(), flush=True)
    passed = []
    for name in asked.names:
        result = alone(measured, name)
        passed.append(result.passed)
        print(row(result), flush=True)
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
