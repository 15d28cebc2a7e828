"""Persons: found whatever the accents, entered once, seen by the facilitators of their territory alone."""

from datetime import date

import pytest
from django.urls import reverse

from facilitators.enums import Role
from participants.models import Participant
from tests.factories.participants import (
    EligibilityValidationFactory,
    EmploymentContractFactory,
    ParticipantFactory,
)
from tests.factories.preparation import RomeCodeFactory
from tests.support.application_role import erase
from tests.support.pages import assert_done, assert_refused, document, submit, table, typed, words

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
NOT_IN_LIST = "Sélectionnez un choix valide. Ce choix ne fait pas partie de ceux disponibles."
ALREADY_HERE = "Une personne de ce nom et de cette date de naissance est déjà suivie ici."
LIST, CREATE = "/personnes/", "/personnes/nouvelle/"


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


@pytest.fixture
def person(territory):
    return ParticipantFactory(
        territory=territory, last_name="N’Diaye", first_name="Éloïse", birth_date=date(1988, 2, 29)
    )


def page(person):
    return reverse("participants:person", args=[person.pk])


def a_person(territory):
    """What one types for a new person."""
    return {
        "last_name": "  Œrlemans ",
        "first_name": "Zoé",
        "birth_date": "1991-03-01",
        "sex": "female",
        "commune": territory.communes.first().pk,
        "prescriber": "mission_locale",
    }


def test_a_person_is_entered(facilitator, territory):
    response = submit(facilitator, CREATE, **a_person(territory))
    assert_done(response, "Œrlemans Zoé : la fiche est enregistrée.")
    person = Participant.objects.get()
    assert (person.territory, person.search_name, person.receives_rsa) == (territory, "oerlemans zoe", None)
    assert "d19910103" in person.match_keys
    assert (person.informed_at, person.informed_how) == (None, "")
    assert person.history.get().history_user == facilitator.user
    assert "01/03/1991" in words(response)


def test_a_wrong_person_is_not_entered(facilitator, territory):
    for wrong, sentence in [
        ({"last_name": "   "}, REQUIRED),
        ({"birth_date": ""}, REQUIRED),
        ({"birth_date": "31/02/1990"}, "Saisissez une date valide."),
        ({"birth_date": "1919-12-31"}, "Cette date de naissance n’est pas crédible."),
        ({"birth_date": "2026-09-16"}, "Cette date de naissance n’est pas crédible."),
        ({"sex": ""}, REQUIRED),
        ({"commune": "99999"}, NOT_IN_LIST),
        ({"first_name": "Zoé\u200b"}, "Ce texte contient un caractère invisible ou interdit."),
        ({"last_name": "N" * 81}, "Assurez-vous que cette valeur comporte au plus 80 caractères (actuellement 81)."),
    ]:
        values = {"territory": territory.pk} | a_person(territory) | wrong
        response = facilitator.post(CREATE, values)
        assert_refused(response, sentence)
        assert typed(response)["prescriber"] == "mission_locale"
        assert not Participant.objects.exists()


def test_a_person_is_entered_once(facilitator, person):
    values = a_person(person.territory) | {
        "last_name": "NDIAYE",
        "first_name": "eloise",
        "birth_date": "1988-02-29",
    }
    asked = submit(facilitator, CREATE, **values)
    assert [row[0] for row in table(asked)] == ["N’Diaye Éloïse"]
    assert Participant.objects.count() == 1
    assert_done(again(facilitator, asked), "NDIAYE eloise : la fiche est enregistrée.")
    twin = submit(facilitator, CREATE, **values | {"last_name": "N’DIAYE"})
    assert_refused(again(facilitator, twin), ALREADY_HERE)
    assert Participant.objects.count() == 2


def test_a_look_alike_is_shown_before_the_file_is_made(facilitator, person):
    typed_in = {"last_name": "Ndiaye", "first_name": "Eloïse", "birth_date": "1988-02-28"}
    response = submit(facilitator, CREATE, **a_person(person.territory) | typed_in)
    assert table(response)[0][4:] == [
        "même nom, même prénom, date de naissance à un chiffre près",
        "C’est elle : ouvrir sa fiche N’Diaye Éloïse",
    ]
    assert Participant.objects.count() == 1


def test_what_was_not_seen_is_shown_again(facilitator, person):
    """Nobody confirms in advance: the answer names the files it was given for."""
    values = a_person(person.territory) | {"last_name": "N Diaye", "first_name": "Éloïse", "birth_date": "1988-02-29"}
    response = facilitator.post(CREATE, {"territory": person.territory_id, "confirmed": "999999", **values})
    assert len(table(response)) == 1
    assert Participant.objects.count() == 1


def test_the_same_person_elsewhere_is_told_in_one_sentence(facilitator, person, elsewhere):
    """Her existence, until when, whom to call: nothing of her file, whatever it holds (A8)."""
    stranger = ParticipantFactory(
        territory=elsewhere, last_name="Le Goff", first_name="Yann", birth_date=date(1990, 1, 1), address="1 rue Haute"
    )
    values = a_person(person.territory) | {"last_name": "LE GOFF", "first_name": "yann", "birth_date": "1990-01-01"}
    told_before = words(submit(facilitator, CREATE, **values))
    assert "est suivie dans un autre territoire, sans validation en cours." in told_before
    EligibilityValidationFactory(participant=stranger, granted=True)
    response = submit(facilitator, CREATE, **values)
    assert "est suivie dans un autre territoire, validée jusqu’au 31/12/2026." in words(response)
    assert "Appelez la structure qui la suit" in words(response)
    assert elsewhere.name not in document(response).xpath("//main")[0].text_content()
    assert "rue Haute" not in words(response)
    assert again(facilitator, response).redirect_chain


def test_a_mere_look_alike_elsewhere_is_never_told(facilitator, person, elsewhere):
    ParticipantFactory(territory=elsewhere, last_name="Le Goff", first_name="Yann", birth_date=date(1990, 1, 1))
    values = {"last_name": "Le Goff", "first_name": "Yan", "birth_date": "1990-01-01"}
    assert submit(facilitator, CREATE, **a_person(person.territory) | values).redirect_chain


def test_nobody_enters_a_person_elsewhere(facilitator, territory, elsewhere):
    response = facilitator.post(CREATE, a_person(territory) | {"territory": elsewhere.pk})
    assert_refused(response, NOT_IN_LIST)
    assert not Participant.objects.exists()


def test_a_person_is_corrected(facilitator, person):
    response = submit(facilitator, reverse("participants:edit", args=[person.pk]), birth_name="D’Arc")
    assert_done(response, "N’Diaye Éloïse : la fiche est enregistrée.")
    assert "nom de naissance : D’Arc" in words(response)
    assert Participant.objects.get().search_name == "n diaye d arc eloise"


def test_a_correction_does_not_make_a_double(facilitator, person):
    other = ParticipantFactory(territory=person.territory, birth_date=person.birth_date)
    values = {"last_name": person.last_name, "first_name": person.first_name}
    response = submit(facilitator, reverse("participants:edit", args=[other.pk]), **values)
    assert_refused(response, ALREADY_HERE)


def test_the_rest_of_the_file_comes_later(facilitator, person):
    RomeCodeFactory(code="F1703")
    response = submit(
        facilitator,
        reverse("participants:edit", args=[person.pk]),
        qpv_code="qn01302m",
        wanted_jobs="F1703",
        available_from="2026-10-01",
        entry_situation="seeking_long",
    )
    assert_done(response, "N’Diaye Éloïse : la fiche est enregistrée.")
    person = Participant.objects.get()
    assert (person.qpv_code, person.lives_in_qpv) == ("QN01302M", True)
    assert [job.pk for job in person.wanted_jobs.all()] == ["F1703"]


def test_two_people_do_not_overwrite_each_other(facilitator, person):
    url = reverse("participants:edit", args=[person.pk])
    page_of_one = typed(facilitator.get(url))
    submit(facilitator, url, phone="04 42 00 00 00")
    response = facilitator.post(url, page_of_one | {"address": "2 rue Basse"})
    assert response.status_code == 422
    assert "modifiée entre-temps" in words(response)
    assert Participant.objects.get().phone == "04 42 00 00 00"


def test_a_social_security_number_is_refused(facilitator, person):
    url = reverse("participants:edit", args=[person.pk])
    for name in ("address", "phone", "skills", "prescriber_name"):
        response = submit(facilitator, url, **{name: "2 88 02 13 055 123"})
        assert response.status_code == 422
    assert facilitator.get(LIST, {"q": "2 88 02 13 055 123 45"}).status_code == 200


def test_the_notice_is_recorded_once_for_all(facilitator, person):
    response = submit(facilitator, reverse("participants:person_notice", args=[person.pk]), how="paper")
    assert_done(response, "L’information de la personne est enregistrée.")
    person = Participant.objects.get()
    assert (person.informed_by, person.informed_how) == (facilitator.user, "paper")
    assert "Notice remise sur papier, le 15/09/2026 par" in words(response)


def test_the_notice_is_recorded_with_the_file(facilitator, territory):
    submit(facilitator, CREATE, informed_how="spoken", **a_person(territory))
    assert Participant.objects.get().informed_by == facilitator.user


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("standing=valid", ["Ending", "Valid"]),
        ("standing=ending", ["Ending"]),
        ("standing=waiting", ["Waiting"]),
        ("standing=over", ["Over"]),
        ("standing=never", ["Waiting"]),
        ("prescriber=spip", ["Waiting"]),
        ("available=on", ["Over"]),
        ("standing=wrong", ["Ending", "Over", "Valid", "Waiting"]),
    ],
)
def test_the_list_is_filtered(facilitator, territory, query, names):
    def person(name, **fields):
        return ParticipantFactory(territory=territory, last_name=name, first_name="Ada", **fields)

    EligibilityValidationFactory(participant=person("Valid"), granted=True)
    EligibilityValidationFactory(participant=person("Ending"), granted=True, ends_on=date(2026, 10, 31))
    over = person("Over", available_from=date(2026, 9, 1))
    EligibilityValidationFactory(participant=over, granted=True, ends_on=date(2026, 6, 30))
    EligibilityValidationFactory(participant=person("Waiting", prescriber="spip"))
    assert [row[0].split()[0] for row in table(facilitator.get(f"{LIST}?{query}"))] == names


def again(client, response):
    """Press the button of the page once more, knowing what it says."""
    return client.post(CREATE, typed(response), follow=True)


def found(client, query):
    return [row[0] for row in table(client.get(LIST, {"q": query}))]


def test_a_person_is_found_whatever_the_accents(facilitator, person):
    for query in ["n’diaye", "DIAYE", "eloise", "Éloïse N’Diaye", "elo dia", ""]:
        assert found(facilitator, query) == ["N’Diaye Éloïse"]


def test_a_search_finds_nothing_else(facilitator, person):
    for query in ["Martin", "%", "_", "n’diaye martin"]:
        assert found(facilitator, query) == (["N’Diaye Éloïse"] if query in "%_" else [])


def test_an_absurd_search_still_gives_the_list(facilitator, person):
    for query in ["\x00", "\u202e", "e" * 10_000, "😀", "' OR 1=1 --"]:
        response = facilitator.get(LIST, {"q": query})
        assert response.status_code == 200


def test_the_list_says_who_is_validated(facilitator, territory):
    for trait in ("granted", "refused", "revoked"):
        EligibilityValidationFactory(participant__territory=territory, participant__last_name=trait, **{trait: True})
    states = {row[0].split()[0]: row[-1] for row in table(facilitator.get(LIST))}
    assert states == {
        "granted": "Validée du 01/01/2026 au 31/12/2026",
        "refused": "Non validée",
        "revoked": "Non validée",
    }


def test_a_validation_that_is_over_no_longer_shows(facilitator, territory):
    EligibilityValidationFactory(participant__territory=territory, granted=True, ends_on=date(2026, 6, 30))
    assert table(facilitator.get(LIST))[0][-1] == "Non validée"


def test_the_page_shows_validations_and_contracts(facilitator, territory):
    contract = EmploymentContractFactory(award__lot__territory=territory, validated=True, ended=True)
    shown = words(facilitator.get(page(contract.participant)))
    assert "du 01/01/2026 au 31/12/2026" in shown
    assert "du 01/02/2026 au 15/06/2026 Fin du contrat" in shown


def test_persons_elsewhere_do_not_exist(facilitator, elsewhere):
    stranger = ParticipantFactory(territory=elsewhere)
    assert found(facilitator, stranger.last_name) == []
    assert facilitator.get(page(stranger)).status_code == 404


def test_a_name_is_text_never_html(facilitator, territory):
    person = ParticipantFactory(territory=territory, last_name="<script>alert(1)</script>")
    for url in (LIST, page(person), LIST + "?q=<script>"):
        assert "<script>alert" not in facilitator.get(url).content.decode()
        assert 'value="<script>' not in facilitator.get(url).content.decode()


def test_without_a_convention_one_reads_and_changes_nothing(as_role, person, convention):
    erase(convention)
    reader = as_role(Role.FACILITATOR)
    assert found(reader, "") == ["N’Diaye Éloïse"]
    assert "Nouvelle personne" not in words(reader.get(LIST))
    response = reader.post(reverse("participants:edit", args=[person.pk]), {"last_name": "X"})
    assert response.status_code == 403
    assert "La convention de ce territoire n’est plus en vigueur." in words(response)
