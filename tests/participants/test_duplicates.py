"""Who may be the same person: everything at home, one sentence elsewhere."""

from datetime import date

import pytest

from participants.models import Participant
from participants.services.duplicates import exact_elsewhere, likely_here
from participants.services.eligibility import same_identity
from participants.services.merging import merge_persons
from tests.factories.accounts import author
from tests.factories.participants import EligibilityValidationFactory, ParticipantFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

BORN = date(1988, 2, 29)


def a_person(territory, first_name="Éloïse", last_name="N’Diaye", birth_date=BORN, **fields):
    return ParticipantFactory(
        territory=territory, first_name=first_name, last_name=last_name, birth_date=birth_date, **fields
    )


def typed(**fields):
    return Participant(**{"first_name": "Eloise", "last_name": "NDIAYE", "birth_date": BORN} | fields)


def test_look_alikes_are_sorted_the_likeliest_first(territory):
    typo = a_person(territory, last_name="N’Diayé", first_name="Éloyse")
    same = a_person(territory)
    a_person(territory, first_name="Karim")
    assert [other for other, _ in likely_here(typed(), [territory])] == [same, typo]


def test_a_birth_name_tells(territory):
    married = a_person(territory, last_name="Garcia", birth_name="N’Diaye")
    assert [other for other, _ in likely_here(typed(), [territory])] == [married]


def test_a_merged_file_is_nobody_any_more(territory):
    kept = a_person(territory)
    trace = a_person(territory, first_name="Eloïse", last_name="Ndiaye")
    merge_persons(kept=kept, merged=trace, by=author())
    assert [other for other, _ in likely_here(typed(), [territory])] == [kept]


def test_elsewhere_only_the_very_same_identity_is_told(territory, elsewhere):
    a_person(elsewhere, first_name="Éloyse")
    a_person(elsewhere, last_name="Garcia", birth_name="N’Diaye")
    a_person(elsewhere, birth_date=date(1988, 2, 28))
    assert exact_elsewhere(typed(), [territory]) is None
    a_person(elsewhere)
    assert str(exact_elsewhere(typed(), [territory])) == (
        "Une personne du même nom et de la même date de naissance est suivie dans un autre territoire, "
        "sans validation en cours."
    )


def test_the_sentence_says_until_when_and_whom_to_call(territory, elsewhere, convention):
    convention.structure.phone = "04 42 00 00 00"
    convention.structure.save()
    stranger = a_person(elsewhere)
    EligibilityValidationFactory(participant=stranger, granted=True)
    told = exact_elsewhere(typed(), [territory])
    assert told.valid_until == date(2026, 12, 31)
    assert told.structures == (f"{convention.structure} (04 42 00 00 00)",)


def test_ones_own_territories_are_not_elsewhere(territory, elsewhere):
    a_person(elsewhere)
    assert exact_elsewhere(typed(), [territory, elsewhere]) is None


def test_the_same_identity_is_found_in_every_territory(territory, elsewhere):
    person, other = a_person(territory), a_person(elsewhere, first_name="ELOISE")
    a_person(elsewhere, first_name="Karim")
    assert same_identity(person) == [other]
