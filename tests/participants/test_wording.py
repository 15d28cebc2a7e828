"""A posting chooses nobody by sex, age, origin, health or family (Code du travail, art. L. 1132-1)."""

import pytest

from participants.wording import (
    AGE,
    FAMILY,
    HEALTH,
    HOME,
    LOOKS,
    ORIGIN,
    SEX,
    discriminatory_words,
    neutral_title,
    refusal,
)


@pytest.mark.parametrize(
    ("text", "words", "reason"),
    [
        ("Équipe de JEUNES motivés", "JEUNES", AGE),
        ("moins de 26 ans", "moins de 26 ans", AGE),
        ("entre 20 et 30 ans", "entre 20 et 30 ans", AGE),
        ("45 ans maximum", "45 ans maximum", AGE),
        ("Nous cherchons un homme", "homme", SEX),
        ("une femme pour le ménage", "femme", SEX),
        ("Nationalité française exigée", "Nationalité", ORIGIN),
        ("langue maternelle : français", "langue maternelle", ORIGIN),
        ("bonne condition physique", "bonne condition physique", HEALTH),
        ("candidats valides", "candidats valides", HEALTH),
        ("célibataire de préférence", "célibataire", FAMILY),
        ("sans\u00a0enfant", "sans enfant", FAMILY),
        ("bonne présentation", "bonne présentation", LOOKS),
        ("Résidant à Aubagne", "Résidant à", HOME),
        ("Mère de famille bienvenue".replace("è", "e\u0300"), "Mère de famille", FAMILY),
    ],
)
def test_what_is_refused_is_named_with_its_reason(text, words, reason):
    (finding,) = discriminatory_words(text)
    assert (finding.words, finding.reason) == (words, reason)
    assert words in refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Homme ou femme, débutant accepté",
        "Ouvert aux femmes et aux hommes (H/F)",
        "Permis de conduire valide, CACES R482",
        "2 ans d’expérience",
        "Plus de 20 ans d’expérience",
        "Âgé de plus de 18 ans (travaux réglementés)",
        "Voile en béton, santé et sécurité au travail",
        "Habitants dans un quartier prioritaire",
        "Poste ouvert aux personnes en situation de handicap",
        "Français lu et écrit, ressources humaines, garde d’enfants",
        "Port de charges, travail de nuit",
    ],
)
def test_what_the_post_asks_may_be_written(text):
    assert discriminatory_words(text) == []
    assert refusal(text) == ""


def test_a_wording_is_named_once_however_often_it_is_written():
    assert len(discriminatory_words("jeune", "Jeune, et encore jeune", "sans enfant")) == 2


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Maçon", "Maçon (H/F)"),
        ("  Aide   peintre ", "Aide peintre (H/F)"),
        ("Maçon (F/H)", "Maçon (F/H)"),
        ("Agent·e d’entretien", "Agent·e d’entretien"),
        ("Plombier ou plombière", "Plombier ou plombière"),
        ("Femme de ménage", "Agent d’entretien (H/F)"),
        ("Hôtesse d’accueil", "Chargé d’accueil (H/F)"),
        ("x" * 150, "x" * 144 + " (H/F)"),
        ("", ""),
    ],
)
def test_a_title_is_for_everyone(typed, title):
    assert neutral_title(typed) == title
