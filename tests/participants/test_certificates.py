"""The attestation a company is given: who, from when to when, for which market; never why."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from clauses_portal.core.branding import logos_on
from clauses_portal.core.errors import Conflict
from clauses_portal.core.pdf import checks, letterhead
from facilitators.enums import Role
from participants.models import EligibilityCertificate
from participants.services.certificates import certify
from tests.factories.accounts import author
from tests.factories.markets import LotFactory
from tests.factories.participants import (
    EligibilityCategoryFactory,
    EligibilityValidationFactory,
    ParticipantFactory,
)
from tests.support.pages import tidy, told
from tests.support.papers import parts_of

pytestmark = [pytest.mark.usefixtures("today", "convention"), pytest.mark.django_db]


@pytest.fixture
def validation(territory):
    person = ParticipantFactory(
        territory=territory, last_name="N’Diaye", first_name="Éloïse", birth_date=date(1988, 2, 29)
    )
    category = EligibilityCategoryFactory(label="Sortant de détention", evidence="Billet de sortie")
    return EligibilityValidationFactory(participant=person, category=category, granted=True)


def text_of(content):
    return tidy(parts_of(content)["text"])


def test_it_says_who_and_until_when_and_never_why(validation):
    certificate = certify(validation=validation, by=author())
    assert certificate.number == "V-2026-000001-1"
    text = text_of(bytes(certificate.content))
    for word in ("Éloïse N’Diaye", "01/01/2026", "31/12/2026", "tous les marchés à clause sociale", "Pays d’Aix"):
        assert word in text
    for word in ("détention", "Billet", "29/02/1988", "1988", "RSA"):
        assert word not in text


def test_the_paper_passes_the_checks_of_the_project(validation):
    content = bytes(certify(validation=validation, by=author()).content)
    head = letterhead(logos_on(date(2026, 9, 15))[:1], "none")
    assert checks.check(content, letterhead=head) == []


def test_it_names_the_market_of_the_validation(territory):
    lot = LotFactory(territory=territory)
    validation = EligibilityValidationFactory(participant__territory=territory, lot=lot, granted=True)
    text = text_of(bytes(certify(validation=validation, by=author()).content))
    assert lot.market.number in text
    assert "tous les marchés" not in text


def test_each_one_has_its_number(validation):
    assert [certify(validation=validation, by=author()).number[-2:] for _ in range(2)] == ["-1", "-2"]


def test_it_never_changes(validation):
    certificate = certify(validation=validation, by=author())
    with pytest.raises(DatabaseError), transaction.atomic():
        EligibilityCertificate.objects.filter(pk=certificate.pk).update(number="X")


@pytest.mark.parametrize(
    "fields", [{}, {"refused": True}, {"revoked": True}, {"granted": True, "ends_on": date(2026, 9, 14)}]
)
def test_only_what_is_in_force_is_attested(territory, fields):
    validation = EligibilityValidationFactory(participant__territory=territory, **fields)
    with pytest.raises(Conflict):
        certify(validation=validation, by=author())


def test_it_is_produced_then_downloaded(as_role, validation):
    client = as_role(Role.FACILITATOR)
    response = client.post(reverse("participants:validation_certify", args=[validation.pk]), follow=True)
    assert told(response) == ["L’attestation n° V-2026-000001-1 est prête : téléchargez-la ci-dessous."]
    certificate = EligibilityCertificate.objects.get()
    assert certificate.produced_by == client.user
    url = reverse("participants:certificate", args=[certificate.pk])
    assert url in response.content.decode()
    download = client.get(url)
    assert download.content == bytes(certificate.content)
    assert download["Content-Disposition"] == 'attachment; filename="attestation-V-2026-000001-1.pdf"'


def test_what_is_over_is_told(as_role, territory):
    validation = EligibilityValidationFactory(participant__territory=territory, granted=True, ends_on=date(2026, 6, 30))
    response = as_role(Role.FACILITATOR).post(
        reverse("participants:validation_certify", args=[validation.pk]), follow=True
    )
    assert told(response) == ["Une attestation se produit pour une validation accordée et en cours, ou à venir."]


def test_nobody_elsewhere_downloads_it(as_role, elsewhere):
    validation = EligibilityValidationFactory(participant__territory=elsewhere, granted=True)
    certificate = certify(validation=validation, by=author())
    client = as_role(Role.FACILITATOR)
    assert client.get(reverse("participants:certificate", args=[certificate.pk])).status_code == 404
