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
    for row in rows:
        months = row["evidence_months"]
        EligibilityCategory.objects.get_or_create(
            code=row["code"],
            defaults={
                "label": row["label"],
                "evidence": row["evidence"],
                "evidence_months": int(months) if months else None,
                "valid_from": date(2021, 4, 1),
                "source": SOURCE,
            },
        )
    return len(rows)
