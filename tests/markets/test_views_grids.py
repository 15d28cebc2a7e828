"""The criteria grid: the administrator prepares a version, weighs its lines, puts it in force."""

import pytest
from django.urls import reverse

from facilitators.enums import Role
from markets import reference
from markets.models import CriteriaGrid, Criterion
from tests.support.pages import assert_done, assert_refused, document, submit, table, tidy, told, typed, words

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

REQUIRED = "Ce champ est obligatoire."
GRIDS, CREATE = "/referentiels/grilles/", "/referentiels/grilles/nouvelle/"
VERSIONS, LINES = "Versions de la grille", "Critères de cette version"


@pytest.fixture
def administrator(as_role):
    return as_role(Role.ADMINISTRATOR)


@pytest.fixture
def draft(administrator):
    """The draft, opened on the screen as an administrator does."""
    reference.load()
    assert_done(
        submit(administrator, CREATE, note="Plancher relevé"),
        "La nouvelle version reprend la grille en vigueur. Modifiez ses critères.",
    )
    return CriteriaGrid.objects.drafts().get()


def url(grid):
    return reverse("markets:grid", args=[grid.pk])


def act(name, row):
    return reverse(f"markets:{name}", args=[row.pk])


def line(draft, code):
    return draft.criteria.get(code=code)


def test_without_a_grid_the_page_says_what_to_do(administrator):
    assert "aucun lot ne peut être instruit" in words(administrator.get(GRIDS))
    response = submit(administrator, CREATE, note="La première")
    assert "Aucun critère" in words(response)
    assert "Les poids totalisent 0" in words(response)


def test_versions_are_listed_with_their_state(administrator, draft):
    response = administrator.get(GRIDS)
    assert table(response, VERSIONS) == [
        ["Version 2", "Plancher relevé", "12", "–", "–", "En préparation"],
        ["Version 1", "Grille livrée avec le portail", "12", "01/01/2026", "Le portail", "En vigueur"],
    ]
    assert "Continuer la version 2" in words(response)
    assert "Préparer une nouvelle version" not in words(response)


def test_a_second_draft_is_refused(administrator, draft):
    sentence = "Une version est déjà en préparation : terminez-la ou abandonnez-la."
    assert_refused(submit(administrator, CREATE, note="Autre"), sentence)
    assert_refused(submit(administrator, CREATE, note=""), REQUIRED)


def test_the_grid_in_force_is_read_without_any_field(administrator, draft):
    response = administrator.get(url(CriteriaGrid.objects.get(version=1)))
    assert len(table(response, LINES)) == 12
    assert table(response, LINES)[0][1:] == ["Condition Réponse confidentielle", "90 000", "–"]
    assert document(response).xpath("//main//input | //main//button") == []


def test_order_and_weights_are_typed_on_the_page(administrator, draft):
    share, hours = line(draft, "labour_share"), line(draft, "computed_hours")
    response = submit(administrator, url(draft), action="", **{f"weight_{share.pk}": 30, f"rank_{hours.pk}": 1})
    assert_done(response, "L’ordre et les poids sont enregistrés.")
    assert line(draft, "computed_hours").position == 1
    assert "Les poids totalisent 105 : ils doivent faire 100." in words(response)
    assert "Mettre cette version en vigueur" in words(response)
    assert not document(response).xpath("//a[@href='#mettre-en-vigueur']")


@pytest.mark.parametrize("wrong", ["0", "101", "", "dix"])
def test_a_wrong_weight_is_not_kept(administrator, draft, wrong):
    share = line(draft, "labour_share")
    response = submit(administrator, url(draft), action="", **{f"weight_{share.pk}": wrong})
    assert_refused(response, "Un nombre de 1 à 100.")
    assert typed(response, "")[f"weight_{share.pk}"] == wrong
    assert line(draft, "labour_share").weight == 25


A_LINE = {"label": "Accès au site", "kind": "weighted", "weight": "10", "help_text": "Transports\r\nen commun."}


def test_a_line_is_added_changed_and_taken_out(administrator, draft):
    response = submit(administrator, act("criterion_create", draft), **A_LINE)
    assert_done(response, "Le critère est ajouté.")
    added = Criterion.objects.get(code="acces-au-site")
    assert (added.help_text, added.position) == ("Transports en commun.", 13)
    response = submit(administrator, act("criterion_edit", added), kind="gate", weight="", floor="1 500,5")
    assert_done(response, "Le critère est enregistré.")
    assert table(response, LINES)[-1][2:4] == ["Condition", "1 500,5"]
    response = administrator.post(act("criterion_remove", added), follow=True)
    assert_done(response, "Le critère est retiré.")
    assert len(table(response, LINES)) == 12


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"label": " "}, REQUIRED),
        ({"kind": ""}, REQUIRED),
        ({"weight": ""}, "Un critère pondéré a un poids de 1 à 100 ; une condition n’en a pas."),
        ({"kind": "gate"}, "Un critère pondéré a un poids de 1 à 100 ; une condition n’en a pas."),
        ({"weight": "101"}, "Assurez-vous que cette valeur est inférieure ou égale à 100."),
        ({"floor": "haut"}, "Saisissez un nombre."),
    ],
)
def test_a_wrong_line_is_not_kept(administrator, draft, wrong, sentence):
    response = administrator.post(act("criterion_create", draft), A_LINE | wrong)
    assert_refused(response, sentence)
    assert draft.criteria.count() == 12


def test_a_draft_that_is_whole_is_put_in_force(administrator, draft):
    response = administrator.post(act("grid_publish", draft), follow=True)
    assert_done(response, "La grille n° 2 est en vigueur : les prochaines instructions l’appliquent.")
    assert f"en vigueur depuis le 15/09/2026, par {administrator.user}" in words(response)
    states = [row[-1] for row in table(administrator.get(GRIDS), VERSIONS)]
    assert states == ["En vigueur", "Remplacée"]
    assert "La version 2 est en vigueur depuis le 15/09/2026." in words(administrator.get("/referentiels/"))


def test_a_draft_that_is_not_whole_is_not_put_in_force(administrator, draft):
    share = line(draft, "labour_share")
    submit(administrator, url(draft), action="", **{f"weight_{share.pk}": 24})
    response = administrator.post(act("grid_publish", draft), follow=True)
    assert tidy("Les poids totalisent 99 : ils doivent faire 100.") in told(response)
    assert CriteriaGrid.objects.in_force().version == 1


def test_a_draft_is_given_up(administrator, draft):
    response = administrator.post(act("grid_discard", draft), follow=True)
    assert_done(response, "La version en préparation est abandonnée.")
    assert len(table(response, VERSIONS)) == 1


def test_what_is_in_force_no_longer_changes_from_the_screen(administrator, draft):
    shipped = CriteriaGrid.objects.get(version=1)
    criterion = line(shipped, "labour_share")
    frozen = "Cette grille est en vigueur : elle ne change plus. Préparez une nouvelle version."
    for name, row in (("grid_publish", shipped), ("grid_discard", shipped), ("criterion_remove", criterion)):
        assert tidy(frozen) in told(administrator.post(act(name, row), follow=True))
    for name, row in (("criterion_create", shipped), ("criterion_edit", criterion)):
        assert_refused(administrator.post(act(name, row), A_LINE), frozen)
    numbers = {f"rank_{row.pk}": row.position for row in shipped.criteria.all()}
    weights = {f"weight_{row.pk}": row.weight for row in shipped.criteria.filter(kind="weighted")}
    assert_refused(administrator.post(url(shipped), numbers | weights), frozen)
    assert line(shipped, "labour_share").label == criterion.label


def test_an_unknown_row_is_unknown(administrator):
    for name in ("grid", "criterion_create", "criterion_edit"):
        assert administrator.get(reverse(f"markets:{name}", args=[10**9])).status_code == 404
    for name in ("grid_publish", "grid_discard", "criterion_remove"):
        assert administrator.post(reverse(f"markets:{name}", args=[10**9])).status_code == 404
