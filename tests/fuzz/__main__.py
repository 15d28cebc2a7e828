"""`make fuzz`: the numbers of security.md §4.7 sent, counted and printed; exit code 1 when one of them broke something.

make fuzz                              2 000 requests per resource of the interface, 500 per form
make fuzz ARGS="--api 10000 --only api"
"""

import argparse
import logging
import os
import sys

import pytest

# Whatever the environment of who calls.
SETTINGS = "clauses_portal.settings.test"


class Printed:
    """What breaks, as it breaks; the table, once everything is sent."""

    def pytest_sessionstart(self):
        from tests.fuzz.counts import ANSWERED

        logging.disable(logging.CRITICAL)  # a refusal is not news here
        ANSWERED.append(lambda fault: sys.stdout.write(f"{fault}\n"))

    def pytest_terminal_summary(self, terminalreporter):
        from tests.fuzz.counts import table  # once Django is ready

        terminalreporter.write_line(table())


def options():
    parser = argparse.ArgumentParser(prog="make fuzz", description="Envoie des demandes faussées, compte les réponses.")
    parser.add_argument("--api", default="2000", help="demandes par ressource de l’interface")
    parser.add_argument("--forms", default="500", help="demandes par formulaire")
    parser.add_argument("--only", choices=["api", "forms"])
    return parser.parse_args()


def main():
    asked = options()
    os.environ |= {"FUZZ_API": asked.api, "FUZZ_FORMS": asked.forms, "DJANGO_SETTINGS_MODULE": SETTINGS}
    os.environ["TIMING"] = "200"
    where = [f"tests/fuzz/test_{asked.only}.py"] if asked.only else ["tests/fuzz", "tests/abuse/test_a01_timing.py"]
    quiet = ["-p", "no:randomly", "-q", "-s", "--no-header", "--show-capture=no", "--tb=short"]
    return pytest.main([*where, *quiet], plugins=[Printed()])


if __name__ == "__main__":
    sys.exit(main())
