"""What a template may print: every field says what it is for, and none is confidential."""

import dataclasses
import datetime as dt

import pytest

from clauses_portal.core.errors import DomainError
from clauses_portal.core.pdf import FundingPeriod
from markets.documents import context as contexts
from markets.documents.context import DocumentContext, articles_of
from markets.documents.fields import ALL, BY_NAME, FIELDS, Kind, values
from markets.documents.fill import fill
from markets.documents.sample import bare_context, sample_context
from markets.enums import LegalBasis
from tests.support.word import template, text_of

CONFIDENTIAL = {
    *("amount", "amounts", "estimate", "estimated", "share", "rate", "cost", "price", "method", "formula", "ratio"),
    *("parameter", "parameters", "labour", "budget", "factor", "threshold", "raw", "rounding", "step", "calibration"),
    *("montant", "montants", "estimation", "part", "taux", "cout", "prix", "methode", "formule", "seuil", "calcul"),
}


def confidential(names):
    """Those of these names that hold a confidential word."""
    return {name for name in names if CONFIDENTIAL & set(name.split("_"))}


def tags_of(field):
    """Lines of a template that print a field, the way its kind asks."""
    if field.kind is Kind.FLAG:
        return [f"{field.name} {{% if {field.name} %}}oui{{% endif %}}"]
    if field.kind is Kind.LIST:
        items = [f"{{{{ x.{name} }}}}" for name in field.items] or ["{{ x }}"]
        return [f"{{% for x in {field.name} %}}{' '.join(items)} {{% endfor %}}"]
    return [f"{field.name} {{{{ {field.name} }}}}"]


def classes():
    """The context and everything it is made of."""
    return [item for item in vars(contexts).values() if dataclasses.is_dataclass(item)]


@pytest.mark.parametrize("cls", classes(), ids=lambda cls: cls.__name__)
def test_nothing_a_document_can_reach_is_confidential(cls):
    assert confidential([*dir(cls), *(field.name for field in dataclasses.fields(cls))]) == set()


def test_no_field_of_a_template_is_confidential():
    assert confidential(name for field in ALL for name in (field.name, *field.items)) == set()


def test_a_confidential_name_would_be_found():
    names = {"estimated_amount", "labour_share", "insertion_rate", "hourly_cost", "montant_ht"}
    assert confidential(names) == names


def test_every_field_is_described_once():
    assert len(FIELDS) == len(ALL) == len(BY_NAME)
    assert all(FIELDS.values())


OTHER = {
    "buyer_name": "Métropole",
    "operation_title": "Autre opération",
    "market_number": "2027-1",
    "market_title": "Autre objet",
    "market_kind": "Services",
    "procedure": "Procédure adaptée",
    "lot_number": "3",
    "lot_title": "Autre lot",
    "lots": (),
    "legal_basis": LegalBasis.RESERVED_ESS,
    "articles": ("L. 2113-15",),
    "hours": 7,
    "firm_months": 6,
    "options": (),
    "by_orders": False,
    "publics": ("un public",),
    "modalities": ("une modalité",),
    "eligibility_months": 30,
    "full_time_hours": 1820,
    "facilitator": contexts.Contact("Autre"),
    "substitute": None,
    "officer": contexts.Contact("Autre"),
    "start": None,
    "end": None,
    "timetable": contexts.Timetable(1, 2, 3, 4),
    "penalties": (),
    "globalisation": "",
    "criterion_weight": "5 points",
    "staff_takeover": False,
    "places": ("Vitrolles",),
    "eu_funding": FundingPeriod.NONE,
    "date": dt.date(2027, 1, 4),
}


def test_every_field_of_the_context_has_another_value_below():
    assert set(OTHER) == {field.name for field in dataclasses.fields(DocumentContext)}


@pytest.mark.parametrize(("name", "value"), OTHER.items(), ids=OTHER)
def test_every_field_of_the_context_changes_what_is_printed(name, value):
    assert values(sample_context(**{name: value})) != values(sample_context())


def test_every_field_is_printed():
    content = fill(template(*[line for field in ALL for line in tags_of(field)]), sample_context())
    text = text_of(content)
    for field in ALL:
        if field.kind is Kind.FLAG and values(sample_context())[field.name]:
            assert f"{field.name} oui" in text
        elif field.kind is Kind.TEXT and field.read:
            assert values(sample_context())[field.name] in text
    assert "Gros œuvre et maçonnerie 1\u00a0250" in text
    assert "Tranche optionnelle 1 – Demi-pension 300" in text
    assert "Heure d’insertion non réalisée 50 € par heure non réalisée" in text


def test_hours_are_written_in_french_with_what_they_amount_to():
    printed = values(sample_context())
    assert (printed["heures"], printed["semaines"], printed["etp"]) == ("1\u00a0250", "35,7", "0,78")


def test_a_lot_without_hours_shows_a_dash():
    lots = (contexts.LotHours("3", "Lot réservé", 0),)
    assert values(sample_context(lots=lots))["lots"] == [{"numero": "3", "objet": "Lot réservé", "heures": "–"}]


def test_nothing_is_printed_of_what_is_not_known():
    printed = values(bare_context())
    assert [printed[name] for name in ("date_debut", "duree_ferme", "suppleant_nom", "lot_numero")] == [""] * 4
    assert printed["lot_ou_marche"] == "marché"
    assert not printed["avec_suppleant"]


@pytest.mark.parametrize(
    ("articles", "printed"),
    [
        (("L. 2112-2",), "article L.\u00a02112-2"),
        (("L. 2112-2", "L. 2112-2-1", "R. 2152-7"), "articles L.\u00a02112-2, L.\u00a02112-2-1 et R.\u00a02152-7"),
    ],
)
def test_articles_are_written_as_a_sentence(articles, printed):
    assert values(sample_context(articles=articles))["articles"] == printed


def test_the_duty_adds_its_article_to_a_condition_of_execution_alone():
    assert articles_of(LegalBasis.EXECUTION, mandatory=True) == ("L. 2112-2", "L. 2112-2-1")
    assert articles_of(LegalBasis.RESERVED_ESS, mandatory=True) == ("L. 2113-15", "L. 2113-16")
    assert articles_of("execution_and_criterion") == ("L. 2112-2", "L. 2152-7", "R. 2152-7")


def test_every_legal_basis_has_its_articles():
    assert all(articles_of(basis) for basis in LegalBasis)


def test_a_concession_has_its_own_articles_for_a_condition_of_execution_alone():
    assert articles_of(LegalBasis.EXECUTION, concession=True, mandatory=True) == ("L. 3114-2", "L. 3114-2-1")
    with pytest.raises(DomainError, match="référent juridique"):
        articles_of(LegalBasis.RESERVED_ESS, concession=True)


def test_a_context_refuses_nonsense():
    with pytest.raises(ValueError, match="negative"):
        sample_context(hours=-1)
    with pytest.raises(ValueError, match="is not a valid"):
        sample_context(eu_funding="1789")
    assert sample_context(eu_funding="2021-2027").eu_funding is FundingPeriod.CURRENT
