"""Every kind of damage is found, and named; only the totals are ever rewritten."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models import F

from facilitators.enums import Role
from facilitators.models import TerritoryUserObjectPermission
from facilitators.permissions import grant
from markets.enums import ObjectiveKind
from markets.models import MarketTotal, ObjectiveEntry
from participants.models import ClosedPeriod, EligibilityValidation, EmploymentContract, HoursEntry
from participants.services.consistency import repair_totals
from reporting.consistency import differences, snapshot
from tests.factories.accounts import UserFactory
from tests.factories.facilitators import TerritoryFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    HoursEntryFactory,
    ParticipantFactory,
)
from tests.factories.reporting import StatementFactory
from tests.support.sql import execute
from tests.support.threads import race

PAPER = b"%PDF-1.7 invented"


@pytest.fixture
def entry(db):
    """100 hours of March 2026, counted."""
    return HoursEntryFactory()


def found():
    """The differences that are not empty, with plain spaces."""
    return {label: [plain(one) for one in sentences] for label, sentences in differences().items() if sentences}


def plain(sentence):
    return sentence.replace("\u00a0", " ")


def drop(table, *constraints):
    """Take away what would refuse the damage; the transaction of the test brings it back."""
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    for constraint in constraints:
        execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


def test_sound_data_shows_no_difference(entry, paper):
    grant(user=UserFactory(), role=Role.FACILITATOR, territory=entry.territory, by=None)
    assert found() == {}


def test_a_wrong_total_is_found_with_both_figures(entry):
    MarketTotal.objects.update(counted=F("counted") - 1, required=F("required") + 35)
    assert found() == {
        "totaux des marchés": [
            f"Totaux du marché n° {entry.market_id}, territoire n° {entry.territory_id} : "
            "1 035 h dues, 100 h déclarées, 99 h comptabilisées "
            "au lieu de 1 000 h dues, 100 h déclarées, 100 h comptabilisées."
        ]
    }


def test_a_missing_total_is_found(entry):
    MarketTotal.objects.all().delete()
    assert len(found()["totaux des marchés"]) == 1


def test_a_total_without_ground_is_found(entry):
    MarketTotal.objects.create(market=entry.market, territory=TerritoryFactory(), required=7)
    assert len(found()["totaux des marchés"]) == 1


def test_repairing_rewrites_the_totals(entry):
    MarketTotal.objects.update(counted=0, required=1)
    MarketTotal.objects.create(market=entry.market, territory=TerritoryFactory(), required=7)
    assert repair_totals() == 2
    assert found() == {}
    assert repair_totals() == 0


def test_repairing_leaves_the_hours_alone(entry):
    HoursEntry.objects.update(counted=0, rejected=100, rejection_reason="duplicate")
    repair_totals()
    entry.refresh_from_db()
    assert entry.rejected == 100
    assert list(found()) == ["sort des heures"]


def test_hours_that_do_not_add_up_are_found(entry):
    drop("participants_hoursentry", "hours_add_up")
    HoursEntry.objects.update(declared=Decimal("120.5"))
    repair_totals()
    assert found()["somme des heures"] == [
        f"Saisie d’heures n° {entry.pk} : 120,5 h déclarées, mais 100 h comptabilisées, rejetées ou en attente."
    ]


def test_counted_hours_without_a_validation_are_found(entry):
    drop("participants_hoursentry", "hours_need_a_validation")
    EligibilityValidation.objects.update(state="refused", reason="Justificatif absent.")
    assert found() == {
        "sort des heures": [
            f"Saisie d’heures n° {entry.pk} : 100 h comptabilisées, 0 h rejetées, 0 h en attente "
            "au lieu de 0 h comptabilisées, 100 h rejetées (« not_validated »), 0 h en attente."
        ]
    }


@pytest.mark.parametrize(
    "fate",
    [
        {"counted": 0, "pending": 100},
        {"counted": 40, "rejected": 60, "rejection_reason": "ceiling"},
    ],
)
def test_validated_hours_that_do_not_count_are_found(entry, fate):
    HoursEntry.objects.update(**fate)
    repair_totals()
    assert list(found()) == ["sort des heures"]


def test_a_closed_quarter_is_not_judged_again(entry):
    HoursEntry.objects.update(counted=0, pending=100)
    repair_totals()
    ClosedPeriod.objects.create(territory=entry.territory, quarter_start=date(2026, 1, 1))
    assert found() == {}


def test_hours_astray_from_their_contract_are_found(entry):
    drop("participants_hoursentry", "hours_follow_contract")
    HoursEntry.objects.update(territory=TerritoryFactory())
    repair_totals()
    assert found() == {
        "copies de lieu": [
            f"Saisie d’heures n° {entry.pk} : personne, territoire, marché ou lot différents de ceux "
            f"du contrat n° {entry.contract_id}."
        ]
    }


def test_a_contract_astray_from_its_lot_is_found(entry):
    drop("participants_hoursentry", "hours_follow_contract")
    drop("participants_employmentcontract", "contract_lot_in_place")
    elsewhere = TerritoryFactory()
    EmploymentContract.objects.update(territory=elsewhere)
    HoursEntry.objects.update(territory=elsewhere)
    repair_totals()
    assert len(found()["copies de lieu"]) == 1


def test_granted_validations_that_overlap_are_found(db):
    person = ParticipantFactory()
    EligibilityValidationFactory(participant=person, granted=True)
    late = EligibilityValidationFactory(
        participant=person,
        granted=True,
        category=EligibilityCategoryFactory(evidence_months=None),
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 3, 31),
    )
    drop("participants_hoursentry", "hours_need_a_validation")
    drop("participants_eligibilityvalidation", "validation_granted_once")
    EligibilityValidation.objects.filter(pk=late.pk).update(starts_on=date(2026, 12, 31))
    assert found() == {
        "validations sans recouvrement": [
            f"Validation n° {late.pk} : elle commence avant la fin d’une autre validation "
            f"de la personne n° {person.pk}."
        ]
    }


def test_an_objective_below_zero_on_any_day_is_found(entry):
    award = entry.contract.award
    for hours, kind, day in ((-1200, "neutralised", 1), (500, "option", 2)):
        ObjectiveEntry.objects.create(
            award=award,
            kind=ObjectiveKind(kind),
            hours=hours,
            effective_on=date(2026, 6, day),
            reason="Essai.",
        )
    repair_totals()
    assert found() == {"objectifs": [f"Attribution n° {award.pk} : objectif négatif (−200 h)."]}


@pytest.fixture
def paper(db):
    """A published statement whose document is stored under the hash it was sent with."""
    name = default_storage.save("statements/2026/consistency.pdf", ContentFile(PAPER))
    yield StatementFactory(published=True, pdf=name, sha256=hashlib.sha256(PAPER).hexdigest())
    default_storage.delete(name)


def test_a_document_that_changed_is_found(paper):
    with default_storage.open(paper.pdf.name, "wb") as file:
        file.write(PAPER + b" ")
    assert found() == {"documents publiés": [f"État {paper.number} : son document a changé depuis sa publication."]}


def test_a_document_that_is_gone_is_found(paper):
    default_storage.delete(paper.pdf.name)
    assert found() == {"documents publiés": [f"État {paper.number} : son document est introuvable."]}


def test_a_right_that_is_missing_is_found(territory):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    TerritoryUserObjectPermission.objects.filter(permission__codename="enter_hours").delete()
    assert found() == {
        "droits projetés": [f"Droit manquant : compte n° {user.pk}, « enter_hours », territoire n° {territory.pk}."]
    }


def test_a_right_nobody_granted_is_found(territory, elsewhere):
    user = UserFactory()
    grant(user=user, role=Role.FACILITATOR, territory=territory, by=None)
    right = TerritoryUserObjectPermission.objects.get(permission__codename="enter_hours")
    TerritoryUserObjectPermission.objects.create(user=user, permission=right.permission, content_object=elsewhere)
    assert found()["droits projetés"] == [
        f"Droit en trop : compte n° {user.pk}, « enter_hours », territoire n° {elsewhere.pk}."
    ]


def test_the_command_fails_when_something_differs(entry, capsys):
    MarketTotal.objects.update(counted=99)
    with pytest.raises(CommandError, match="1 différence"):
        call_command("check_consistency")
    printed = capsys.readouterr()
    assert "totaux des marchés : 1 différence(s)" in printed.out
    assert "99 h comptabilisées" in plain(printed.err)


def test_the_command_repairs_when_asked(entry, capsys):
    MarketTotal.objects.update(counted=99)
    call_command("check_consistency", "--repair")
    assert "1 ligne(s) de totaux réécrite(s)." in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_does_not_see_what_is_written_meanwhile():
    entry = HoursEntryFactory()

    def delete():
        return HoursEntry.objects.filter(pk=entry.pk).delete()[0]

    with snapshot():
        assert HoursEntry.objects.count() == 1
        assert race(delete) == [1]
        assert HoursEntry.objects.count() == 1
    assert HoursEntry.objects.count() == 0
