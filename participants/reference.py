"""The categories of public a facilitator chooses from (domain.md §4.1, §4.2)."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from participants.models import EligibilityCategory

DATA = Path(__file__).parent / "data"
SOURCE = "CCAG 2021, article 16.1.1 ; référentiel de l’insertion par l’activité économique"


@transaction.atomic
def load():
    """Create the categories that are missing; those the office has changed are left as they are."""
    with (DATA / "eligibility_categories.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    known = set(EligibilityCategory.objects.values_list("code", flat=True))
    for row in rows:
        if row["code"] not in known:
            EligibilityCategory.objects.create(
                code=row["code"],
                label=row["label"],
                requirement=row["requirement"],
                evidence=row["evidence"],
                evidence_months=int(row["evidence_months"]) if row["evidence_months"] else None,
                valid_from=date(2021, 4, 1),
                source=SOURCE,
            )
    return len(rows)
