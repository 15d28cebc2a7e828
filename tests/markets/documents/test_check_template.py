"""An uploaded template is kept only when nothing in it can spoil a document."""

import re

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from clauses_portal.core.files import COMPOUND_FILE
from markets.documents.fields import FIELDS
from markets.documents.templates import check_template
from tests.core.made_files import excel, members_of, word, zipped
from tests.support.word import LINKS, TYPES, opened, related, replaced, saved, template, with_member

TEXT_BOX = (
    f"<w:r {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'><w:pict><v:shape><v:textbox><w:txbxContent>"
    "<w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
)


def problem(content):
    """The only sentence said about a template."""
    (sentence,) = check_template(content)
    return sentence


def in_text_box(text):
    document = opened(template("Titre"))
    document.paragraphs[0]._p.append(parse_xml(TEXT_BOX.format(text)))
    return saved(document)


def in_paragraph(markup):
    """A template whose first paragraph holds this WordprocessingML."""
    document = opened(template("Titre"))
    document.paragraphs[0]._p.append(parse_xml(markup.format(ns=nsdecls("w"))))
    return saved(document)


def test_a_template_of_known_fields_conditions_and_loops_is_kept():
    content = template(
        "{{ heures }} heures pour {{ acheteur }}{% if not reserve and (critere or alloti) %}, lot{% endif %}",
        "{%p if condition_execution %}",
        "Une condition.",
        "{%p elif critere %}",
        "Un critère.",
        "{%p else %}",
        "Rien.",
        "{%p endif %}",
        "{% for public in publics %}{{ loop.index }} {{ public }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "{# une remarque #}",
        rows=[
            ("Option", "Heures"),
            ("{%tr for option in options %}", ""),
            ("{{ option.libelle }}", "{{ option.heures }}"),
            ("{%tr endfor %}", ""),
        ],
        header="{{ logo_departement }} {{ logo_ue }} {{ mention_ue }}",
        footer="{{ date_document }}",
    )
    assert check_template(content) == []


def test_a_tag_cut_in_pieces_by_word_is_read_whole():
    document = opened(template(""))
    for piece in ("{", "{ he", "ures }", "}"):
        document.paragraphs[0].add_run(piece).italic = piece == "{ he"
    assert check_template(saved(document)) == []


@pytest.mark.parametrize(
    "where",
    [
        template("{{ montant }}"),
        template("Texte", header="{{ montant }}"),
        template("Texte", footer="{{ montant }}"),
        template("Texte", rows=[("{{ montant }}",)]),
        in_text_box("{{ montant }}"),
    ],
    ids=["text", "header", "footer", "table", "text box"],
)
def test_an_unknown_field_is_named_with_those_that_are_known(where):
    assert problem(where) == (f"Champ inconnu\u00a0: «\u00a0montant\u00a0». Champs admis\u00a0: {', '.join(FIELDS)}.")


def test_a_misspelt_field_is_told_its_neighbour():
    sentence = problem(template("{{ heure }} {{ montant_ht }}")).replace("\u00a0", " ")
    assert sentence.startswith("Champs inconnus : « heure » (vouliez-vous dire « heures » ?), « montant_ht ». ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Soit {{ heures heures", "Balise mal ouverte ou mal fermée près de «\u00a0Soit {{ heures heures\u00a0»"),
        ("Soit heures }} heures", "mal fermée près de «\u00a0Soit heures }} heures\u00a0»"),
        ("{% if critere", "Balise mal ouverte ou mal fermée"),
        ("{% if critere %}", "La balise «\u00a0{% if critere %}\u00a0» n’est pas refermée."),
        ("{% endif %}", "La balise «\u00a0{% endif %}\u00a0» ne correspond à aucune balise ouverte."),
        ("{% if critere %}{% endfor %}", "«\u00a0{% endfor %}\u00a0» ne correspond à aucune balise ouverte."),
        ("{% set x %}", "La balise «\u00a0{% set x %}\u00a0» n’est pas admise"),
        ("{%- if critere %}{% endif %}", "n’est pas admise"),
        ("{% include 'x' %}", "n’est pas admise"),
        ("{{ heures | }}", "La balise «\u00a0{{ heures | }}\u00a0» est mal écrite."),
        ("{{r heures }}", "est mal écrite"),
        ("{% if %}{% endif %}", "La balise «\u00a0{% if %}\u00a0» est mal écrite."),
        ("{% for x %}{% endfor %}", "est mal écrite"),
        ("Texte {%p if critere %}", "doit être seule dans son paragraphe"),
        ("{%tr if critere %}", "doit être seule dans sa ligne de tableau"),
    ],
)
def test_a_tag_that_cannot_be_read_is_shown(text, said):
    assert said in " ".join(check_template(template(text)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ heures.__class__ }}", "Champ inconnu\u00a0: «\u00a0heures.__class__\u00a0»"),
        ("{{ ''.__class__ }}", "ne contient que des noms de champs"),
        ("{{ heures['__class__'] }}", "ne contient que des noms de champs"),
        ("{{ heures|attr('__class__') }}", "ne contient que des noms de champs"),
        ("{{ heures|upper }}", "ne contient que des noms de champs"),
        ("{{ heures() }}", "ne contient que des noms de champs"),
        ("{{ heures + heures }}", "ne contient que des noms de champs"),
        ("{{ 7 * 7 }}", "ne contient que des noms de champs"),
        ("{{ heures if critere else articles }}", "ne contient que des noms de champs"),
        ("{{ self }}", "Champ inconnu\u00a0: «\u00a0self\u00a0»"),
        ("{{ range }}", "Champ inconnu\u00a0: «\u00a0range\u00a0»"),
        ("{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}", "Une boucle s’écrit"),
        ("{% for x in range %}{{ x }}{% endfor %}", "Champ inconnu\u00a0: «\u00a0range\u00a0»"),
        ("{% for x in publics if x %}{% endfor %}", "Une boucle s’écrit"),
        ("{% for x in publics recursive %}{% endfor %}", "Une boucle s’écrit"),
        ("{% for a, b in options %}{% endfor %}", "Une boucle s’écrit"),
        ("{% for a in publics %}{% for b in publics %}{% endfor %}{% endfor %}", "pas dans une autre boucle"),
        ("{% for heures in publics %}{% endfor %}", "est le nom d’un champ"),
        ("{% for x in heures %}{% endfor %}", "n’est pas une liste"),
        ("{% for o in options %}{{ o }}{% endfor %}", "«\u00a0o\u00a0» est une ligne de liste"),
        ("{% for o in options %}{{ o.montant }}{% endfor %}", "Champ inconnu\u00a0: «\u00a0o.montant\u00a0»"),
        ("{% for o in options %}{{ loop.last }}{% endfor %}", "ne s’imprime pas"),
        ("{% for o in options %}{% endfor %}{{ o.heures }}", "Champ inconnu\u00a0: «\u00a0o.heures\u00a0»"),
        ("{{ loop.index }}", "Champ inconnu\u00a0: «\u00a0loop.index\u00a0»"),
        ("{{ publics }}", "«\u00a0publics\u00a0» est une liste"),
        ("{{ critere }}", "«\u00a0critere\u00a0» ne s’imprime pas"),
        ("{% if montant %}{% endif %}", "Champ inconnu\u00a0: «\u00a0montant\u00a0»"),
        ("{% if heures == 3 %}{% endif %}", "ne contient que des noms de champs"),
        ("{% if critere is defined %}{% endif %}", "ne contient que des noms de champs"),
    ],
)
def test_a_tag_says_nothing_but_names(text, said):
    assert said in problem(template(text))


def test_a_condition_that_cuts_a_table_in_two_is_refused():
    content = template("{% if critere %}", rows=[("{% endif %}", "b")])
    assert "coupe un tableau ou un paragraphe en deux" in problem(content)


def test_a_field_in_the_description_of_a_picture_or_in_a_word_field_is_refused():
    markup = '<w:fldSimple {ns} w:instr="{{{{ heures }}}}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    assert "ailleurs que dans le texte" in problem(in_paragraph(markup))


def test_a_field_in_the_properties_of_the_file_is_refused():
    document = opened(template("Texte"))
    document.core_properties.title = "{{ heures }}"
    assert "propriété du fichier" in problem(saved(document))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"Bonjour, ceci est un texte.", "n’est pas celui d’un fichier DOCX"),
        (excel({"Feuille": [["a"]]}), "n’est pas celui d’un fichier DOCX"),
        (COMPOUND_FILE + b"\0" * 600, "ancien format"),
        (zipped({"a.txt": "a"}), "n’est pas celui d’un fichier DOCX"),
        (word()[:-300], "abîmé"),
        (replaced(word(), ".document.main+xml", ".template.main+xml", TYPES), "n’est pas celui d’un fichier DOCX"),
        (replaced(word(), "document.main+xml", "document.macroEnabled.main+xml", TYPES), "macros"),
        (with_member(word(), "word/vbaProject.bin", b"\0"), "macros"),
        (word() + b"\0" * 11_000_000, "la limite est de 10"),
        (zipped({"word/document.xml": members_of(word())["word/document.xml"]}), "n’est pas celui"),
        (replaced(word(), "<w:body>", "<w:corps>"), "n’est pas un document Word"),
        (replaced(word(), "<w:document", "<!DOCTYPE x [<!ENTITY a 'b'>]><w:document"), "n’est pas un document Word"),
    ],
    ids=range(13),
)
def test_a_file_that_is_no_plain_word_document_is_refused(content, said):
    assert said in problem(content)


@pytest.mark.parametrize(
    ("kind", "target", "said"),
    [
        ("image", "http://ailleurs.example/a.png", "ressource extérieure"),
        ("oleObject", "file:///c:/a.bin", "un objet incorporé"),
        ("aFChunk", "http://ailleurs.example/a.html", "un document incorporé"),
        ("control", "a.xml", "un contrôle ActiveX"),
        ("hyperlink", "file://serveur/partage", "n’ouvre pas une page web"),
    ],
)
def test_nothing_is_fetched_from_elsewhere(kind, target, said):
    assert said in problem(related(template("Texte"), kind, target))


def test_a_link_to_a_web_page_and_the_path_of_an_attached_template_are_let_in():
    content = related(template("Texte"), "hyperlink", "https://www.exemple.example/aide")
    assert check_template(content) == []
    settings = "word/_rels/settings.xml.rels"
    links = members_of(content)[LINKS].decode()
    path = "file:///C:/Users/quelqu-un/Normal.dotm"
    link = re.sub(r"<Relationship .*/>", "", links.split("?>", 1)[1]).replace(
        "</Relationships>",
        '<Relationship Id="rId1" TargetMode="External" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/attachedTemplate" Target="{path}"/></Relationships>',
    )
    assert check_template(with_member(content, settings, link)) == []


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ('<w:ins {ns} w:id="1" w:author="A"><w:r><w:t>ajout</w:t></w:r></w:ins>', "modifications suivies"),
        ("<w:r {ns}><w:instrText>DDEAUTO cmd</w:instrText></w:r>", "va chercher un contenu ailleurs"),
        ('<w:fldSimple {ns} w:instr=" INCLUDEPICTURE x"/>', "va chercher un contenu ailleurs"),
    ],
)
def test_what_would_leave_with_the_documents_is_refused(markup, said):
    assert said in problem(in_paragraph(markup))


def test_comments_would_leave_with_the_documents():
    document = opened(template("Texte"))
    document.add_comment(document.paragraphs[0].runs, text="à vérifier", author="A", initials="A")
    assert "commentaires" in problem(saved(document))


def test_page_numbers_are_let_in():
    markup = '<w:fldSimple {ns} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    assert check_template(in_paragraph(markup)) == []


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["{{ heures }}" * 2_001], "plus de 2\u00a0000 balises"),
        (["{% if critere %}" * 11 + "{% endif %}" * 11], "l’une dans l’autre"),
        (["{" * 100_000], "mal ouverte ou mal fermée"),
        (["{% if " + "(" * 90 + "critere" + ")" * 90 + " %}{% endif %}"], "mal écrite"),
        (["{%p for public in publics %}", *["mot " * 10_000] * 4, "{%p endfor %}"], "une boucle répète trop de texte"),
        (["mot " * 600_000], "trop long"),
    ],
    ids=["tags", "depth", "braces", "parentheses", "loop", "text"],
)
def test_a_template_that_would_never_end_is_refused(texts, said):
    assert said in problem(template(*texts))
