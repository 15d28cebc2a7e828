"""The register of processing says everything the tables hold."""

import pytest
from django.apps import apps

from participants.privacy.free_texts import FREE_TEXTS
from participants.privacy.register import RECIPIENTS, REGISTER
from participants.privacy.rows import personal_models
from tests.support.source import models

# Columns that tell who somebody is.
PERSONAL = {"email", "phone", "first_name", "last_name", "birth_date", "address", "recipient", "requester", "person"}
# What has such a column, and speaks of nobody in particular.
NOBODY = {"operations.Operation"}  # the address of a building site


def declared():
    return {name for item in REGISTER for name in item.models}


def test_every_table_of_persons_is_in_the_register():
    found = {model._meta.label for model in personal_models() if not hasattr(model, "instance_type")}
    columns = {model._meta.label for model in models() if PERSONAL & {field.name for field in model._meta.fields}}
    assert (found | columns) - declared() - NOBODY == set()


def test_the_register_names_tables_that_exist():
    known = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert declared() <= known


def test_every_activity_says_everything():
    for item in REGISTER:
        values = (item.title, item.purpose, item.ground, item.people, item.data, item.recipients, item.kept)
        assert all(values), item.title


def test_free_texts_are_columns_that_exist():
    for text in FREE_TEXTS:
        model = apps.get_model(text.model)
        for name in text.fields:
            *way, last = name.split("__")
            target = model
            for step in way:
                target = target._meta.get_field(step).related_model
            assert target._meta.get_field(last)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["registre", "information"])
def test_every_role_reads_it(page, as_role):
    assert as_role("director").get(f"/donnees-personnelles/{page}/").status_code == 200


@pytest.mark.django_db
def test_the_register_shows_each_activity_and_recipient(as_role):
    page = as_role("facilitator").get("/donnees-personnelles/registre/").content.decode()
    assert all(item.title in page for item in REGISTER)
    assert all(who in page for who, _ in RECIPIENTS)


@pytest.mark.django_db
def test_the_notice_is_printed(as_role):
    response = as_role("facilitator").get("/donnees-personnelles/information/notice.pdf")
    assert response.content.startswith(b"%PDF")
