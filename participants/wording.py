"""Words a job posting may not hold: no person is chosen by her sex, age, origin, health or family.

Criteria of article L. 1132-1 of the Code du travail, which an offer may not refer to (art. L. 5321-2; for the sex,
art. L. 1142-1). Pure: texts in, findings out.
"""

import re
import unicodedata
from dataclasses import dataclass

from clauses_portal.core.french import NBSP

SEX = "le sexe"
AGE = "l’âge"
ORIGIN = "l’origine ou la nationalité"
HEALTH = "l’état de santé ou le handicap"
FAMILY = "la situation de famille ou la grossesse"
BELIEF = "les convictions ou l’engagement syndical"
LOOKS = "l’apparence physique"
HOME = "le lieu de résidence"
POVERTY = "la situation sociale de la personne"

# Written without accents nor capitals; « experience » after a number of years makes it a skill, not an age.
NOT_EXPERIENCE = r"(?!\s+(?:d['’ ]\s*)?(?:experience|anciennete|pratique|permis))"
# Inhabitants of a quartier prioritaire may be favoured (art. L. 1133-5).
NOT_PRIORITY = r"(?!\s+(?:un|les?|des)\s+quartiers?\s+prioritaires?)"
PEOPLE = r"(?:candidate?s?|personnes?|profils?|salariee?s?|travailleurs?)"
# « Homme ou femme », « aux femmes et aux hommes »: both sexes are meant.
BOTH = re.compile(
    r"\bhommes?\s*(?:/|ou|et)\s*(?:une?\s+|aux\s+|les\s+|des\s+)?femmes?\b"
    r"|\bfemmes?\s*(?:/|ou|et)\s*(?:une?\s+|aux\s+|les\s+|des\s+)?hommes?\b"
)
RULES = (
    (SEX, r"\bhommes?\b|\bfemmes?\b|\bmessieurs\b|\bgarcons?\b|\b(?:jeune\s+)?filles?\b"),
    (SEX, r"\b(?:masculin|feminin|viril)(?:e?s)?\b"),
    (AGE, r"\bjeunes?\b|\bseniors?\b|\blimite\s+d['\s]age\b|\bage\s+(?:maximum|maximal|limite|ideal|souhaite)\b"),
    (AGE, r"\bagee?s?\s+de\s+[0-9]{2}\b"),
    (AGE, r"\bmoins\s+de\s+[0-9]{2}\s+ans\b" + NOT_EXPERIENCE),
    (AGE, r"\bplus\s+de\s+(?!18\b)[2-9][0-9]\s+ans\b" + NOT_EXPERIENCE),
    (AGE, r"\b(?:entre|de)\s+[0-9]{2}\s+(?:et|a)\s+[0-9]{2}\s+ans\b" + NOT_EXPERIENCE),
    (AGE, r"\b[2-9][0-9]\s+ans\s+(?:maximum|maxi|au\s+plus)\b"),
    (AGE, r"\b[0-9]{2}\s*[-–]\s*[0-9]{2}\s+ans\b" + NOT_EXPERIENCE),
    (ORIGIN, r"\bnationalite\w*|\bnatifs?\b|\blangue\s+maternelle\b|\bde\s+souche\b|\bcitoyen\w*\s+francais\w*"),
    (ORIGIN, r"\bd['\s]origine\s+(?:francaise|europeenne|etrangere|africaine|maghrebine|asiatique|antillaise)\b"),
    (ORIGIN, r"\btype\s+(?:europeen|africain|maghrebin|asiatique)\b|\brace\b|\bethni\w+|\bgens\s+du\s+voyage\b"),
    (ORIGIN, r"\bsans\s+accent\b|\b(?:europeens?|africains?|maghrebins?)\s+(?:uniquement|seulement|exclusivement)\b"),
    (HEALTH, r"\b(?:bonne|parfaite|excellente)\s+(?:sante|forme|condition\s+physique)\b|\bbon\s+etat\s+de\s+sante\b"),
    (HEALTH, rf"\b{PEOPLE}\s+valides?\b|\b(?:sans|pas\s+de|aucun)\s+handicap\b|\bnon\s+handicape\w*"),
    (HEALTH, r"\b(?:sans|pas\s+de|aucun)\s+probleme\w*\s+(?:de\s+(?:sante|dos)|medica\w+|physique\w*)"),
    (FAMILY, r"\bcelibataires?\b|\bmariee?s?\b|\bsans\s+(?:enfants?|charges?\s+de\s+famille|attaches?)\b"),
    (FAMILY, r"\b(?:meres?|peres?|situation)\s+(?:de\s+)?famil\w+|\benceintes?\b|\bgrossesse\b"),
    (BELIEF, r"\breligi\w+|\b(?:musulman|catholique|juif|juive|chretien|protestant|athee)\w*|\bnon\s+pratiquant\w*"),
    (BELIEF, r"\b(?:non\s+)?syndique\w*|\bopinions?\s+politiques?\b"),
    (LOOKS, r"\b(?:bonne|excellente|belle)\s+(?:presentation|apparence)\b|\bpresentation\s+soignee\b"),
    (LOOKS, r"\bphysique\s+agreable\b|\bapparence\s+physique\b|\bsans\s+tatouages?\b|\btaille\s+minim\w+"),
    (HOME, r"\b(?:domiciliee?s?|resid\w+|habit(?:er|ant))\s+(?:a|au|dans)\b" + NOT_PRIORITY),
    (POVERTY, r"\b(?:pas\s+de|sauf|hors)\s+(?:rsa|rmistes?|chomeurs?|beneficiaires?)\b"),
)
COMPILED = tuple((reason, re.compile(pattern)) for reason, pattern in RULES)
# What a title says of one sex only, and the trade it means.
TRADES = {
    "femme de menage": "Agent d’entretien",
    "homme de menage": "Agent d’entretien",
    "femme de chambre": "Employé d’étage",
    "homme d'entretien": "Agent d’entretien",
    "homme toutes mains": "Agent polyvalent",
    "hotesse de caisse": "Employé de caisse",
    "hotesse d'accueil": "Chargé d’accueil",
    "secretaire feminine": "Secrétaire",
}
BOTH_SEXES = re.compile(r"\b[hf]\s*/\s*[fh]\b|[·•]|\([a-z]{1,5}\)|\w/\w|\bou\b", re.IGNORECASE)
MARK = " (H/F)"
LONGEST_TITLE = 150


@dataclass(frozen=True)
class Finding:
    """Words found in a text, as they are written there, and the criterion they refer to."""

    words: str
    reason: str


def discriminatory_words(*texts):
    """Return the `Finding`s of these texts, each wording once, in the order of the texts."""
    found = {}
    for text in (unicodedata.normalize("NFC", text) for text in texts):
        plain = _plain(text)
        open_to_all = BOTH.sub(lambda match: " " * len(match[0]), plain)
        places = [
            (match.start(), match.end(), reason) for reason, rule in COMPILED for match in rule.finditer(open_to_all)
        ]
        for start, end, reason in sorted(places):
            found.setdefault((plain[start:end], reason), Finding(" ".join(text[start:end].split()), reason))
    return list(found.values())


def refusal(*texts):
    """The sentence that names the words to take away, « » when there is nothing to say."""
    findings = discriminatory_words(*texts)
    if not findings:
        return ""
    named = [f"«{NBSP}{finding.words}{NBSP}» (critère{NBSP}: {finding.reason})" for finding in findings]
    return f"Une offre ne peut pas choisir les personnes ainsi{NBSP}: {', '.join(named)}. Reformulez, puis enregistrez."


def neutral_title(title):
    """The title open to both sexes: « Maçon » becomes « Maçon (H/F) », « Femme de ménage » its trade."""
    title = " ".join(unicodedata.normalize("NFC", title).split())
    title = TRADES.get(_plain(title).strip(), title)
    if not title or BOTH_SEXES.search(title):
        return title
    return f"{title[: LONGEST_TITLE - len(MARK)].rstrip()}{MARK}"


def _plain(text):
    """The composed text without accents nor capitals, sign for sign: a place found in it is a place of the text."""
    signs = [unicodedata.normalize("NFD", sign)[0].lower()[0] for sign in text]
    return "".join(signs).replace("’", "'").replace(NBSP, " ")
