"""Nominative lists on the screen: asked for, watched, taken away, told in the journal; for those entitled alone."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from facilitators.enums import Role
from reporting.models import ListDownload, NominativeList
from reporting.services.nominative import GONE, NO_REASON
from reporting.tasks import produce_nominative_list
from tests.factories.accounts import UserFactory
from tests.factories.markets import AwardFactory, LotFactory
from tests.factories.nominative import ListDownloadFactory, NominativeListFactory
from tests.factories.participants import EmploymentContractFactory, HoursEntryFactory, ParticipantFactory
from tests.support.pages import assert_refused, document, submit, table, told, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "convention")]

PAGE = "/listes-nominatives/"
JOURNAL = "/listes-nominatives/journal/"
REASON = "Bilan de l’année pour l’assemblée."


@pytest.fixture
def officer(as_role):
    return as_role(Role.MISSION_OFFICER)


@pytest.fixture
def facilitator(as_role, convention):
    return as_role(Role.FACILITATOR)


def url(name, row):
    return reverse(f"reporting:{name}", args=[row.pk])


def options(client, name):
    field = document(client.get(PAGE)).xpath(f"//select[@name='{name}']")[0]
    return [option.text_content() for option in field.xpath("./option")]


def test_a_list_is_asked_then_watched_then_taken_away(officer, territory):
    award = AwardFactory(lot=LotFactory(territory=territory, calibrated=True))
    person = ParticipantFactory(territory=territory, last_name="ZZCANARI")
    contract = EmploymentContractFactory(award=award, participant=person, validated=True)
    HoursEntryFactory(contract=contract, month=date(2026, 5, 1), declared=Decimal("12.5"))
    page = submit(officer, PAGE, territory=territory.pk, period="2026-T2", reason=REASON)
    asked = NominativeList.objects.get()
    assert page.redirect_chain == [(url("nominative_list", asked), 302)]
    assert "Demandé" in words(page)
    assert "Étape 0 sur 4" in words(officer.get(url("nominative_progress", asked)))
    produce_nominative_list(asked.pk)
    assert "Voir la liste" in words(officer.get(url("nominative_progress", asked)))
    page = officer.get(url("nominative_list", asked))
    assert "Télécharger la liste (PDF, " in words(page)
    assert "Télécharger la liste (XLSX, " in words(page)
    assert "ZZCANARI" not in words(page) + words(officer.get(PAGE)) + words(officer.get(JOURNAL))
    for route, file, mime in (
        ("nominative_pdf", "pdf", "application/pdf"),
        ("nominative_xlsx", "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        response = officer.post(url(route, asked))
        assert (response.headers["Content-Type"], response.content) == (
            mime,
            bytes(getattr(NominativeList.objects.get(), file)),
        )
        assert response.headers["Content-Disposition"] == f'attachment; filename="liste-LN-2026-000001.{file}"'
        assert {"no-store", "private"} <= set(response.headers["Cache-Control"].split(", "))
    assert list(ListDownload.objects.order_by("pk").values_list("file", "downloaded_by")) == [
        ("pdf", officer.user.pk),
        ("xlsx", officer.user.pk),
    ]
    assert words(officer.get(url("nominative_list", asked))).count("XLSX, le 15/09/2026") == 1


def test_the_chargee_de_mission_may_ask_for_every_territory(officer, territories):
    assert options(officer, "territory") == ["Tous les territoires", *sorted(place.name for place in territories)]
    submit(officer, PAGE, period="2026-T2", reason=REASON)
    assert NominativeList.objects.get().territory is None


def test_a_facilitator_asks_for_her_territory_alone(facilitator, territory, elsewhere):
    assert options(facilitator, "territory") == ["—", territory.name]
    values = {"period": "2026-T2", "reason": REASON}
    assert_refused(facilitator.post(PAGE, values), "Ce champ est obligatoire.")
    refused = facilitator.post(PAGE, values | {"territory": elsewhere.pk})
    assert refused.status_code == 422
    assert not NominativeList.objects.exists()
    submit(facilitator, PAGE, territory=territory.pk, **values)
    assert NominativeList.objects.get().territory == territory


def test_a_reason_is_compulsory(officer):
    values = {"period": "2026-T2", "territory": ""}
    assert_refused(officer.post(PAGE, values), "Ce champ est obligatoire.")
    assert_refused(officer.post(PAGE, values | {"reason": "Bilan."}), NO_REASON)
    assert not NominativeList.objects.exists()


def test_another_period_is_two_dates(officer):
    values = {"period": "dates", "territory": "", "reason": REASON}
    assert_refused(
        officer.post(PAGE, values | {"starts_on": "2026-01-12"}),
        "Indiquez les deux dates de la période, ou choisissez un trimestre.",
    )
    assert officer.post(PAGE, values | {"starts_on": "2026-01-12", "ends_on": "2026-03-02"}).status_code == 302
    asked = NominativeList.objects.get()
    assert (asked.starts_on, asked.ends_on) == (date(2026, 1, 1), date(2026, 3, 31))


def test_asked_twice_it_leads_to_the_same_list(officer):
    for _ in range(2):
        page = submit(officer, PAGE, period="2026-T2", reason=REASON)
        assert "Liste nominative LN-2026-000001" in words(page)
    assert NominativeList.objects.count() == 1


def test_the_page_of_a_list_under_way_asks_for_its_progress(officer):
    asked = NominativeListFactory(asked_by=officer.user)
    page = document(officer.get(url("nominative_list", asked)))
    assert page.xpath("//*[@hx-get]/@hx-get") == [url("nominative_progress", asked)]


def test_a_list_is_for_whoever_asked_it(officer, facilitator, as_role, territory, elsewhere):
    hers = NominativeListFactory(asked_by=facilitator.user, territory=territory, done=True)
    others = [officer, as_role(Role.FACILITATOR), as_role(Role.FACILITATOR, territory=elsewhere)]
    for visitor in others:
        for name in ("nominative_list", "nominative_progress"):
            assert visitor.get(url(name, hers)).status_code == 404
        for name in ("nominative_pdf", "nominative_xlsx"):
            assert visitor.post(url(name, hers)).status_code == 404
        assert table(visitor.get(PAGE)) == []
    assert facilitator.post(url("nominative_pdf", hers)).status_code == 200
    assert ListDownload.objects.count() == 1


def test_a_director_is_refused(as_role):
    director = as_role(Role.DIRECTOR)
    for path in (PAGE, JOURNAL):
        assert director.get(path).status_code == 403
    assert director.post(PAGE, {"period": "2026-T2", "reason": REASON}).status_code == 403


def test_a_list_is_not_downloaded_by_a_link(officer):
    done = NominativeListFactory(asked_by=officer.user, done=True)
    assert officer.get(url("nominative_pdf", done)).status_code == 405
    assert not ListDownload.objects.exists()


def test_after_a_day_the_page_says_how_to_go_on(officer):
    done = NominativeListFactory(asked_by=officer.user, done=True)
    with time_machine.travel(done.expires_on + timedelta(seconds=1), tick=False):
        client = officer
        client.force_login(officer.user)
        page = client.get(url("nominative_list", done))
        assert "Les fichiers ont expiré" in words(page)
        assert "Télécharger" not in words(page)
        assert "expirés" in words(client.get(PAGE))
        response = client.post(url("nominative_pdf", done), follow=True)
    assert told(response) == [GONE]
    assert not ListDownload.objects.exists()


def test_the_journal_tells_who_asked_what_when_and_why(officer, facilitator, territory):
    hers = NominativeListFactory(
        asked_by=facilitator.user, territory=territory, done=True, reason="Point du trimestre."
    )
    ListDownloadFactory(asked_list=hers, downloaded_by=facilitator.user, file="xlsx")
    NominativeListFactory(asked_by=UserFactory(first_name="Ada", last_name="Bel"))
    second, first = table(officer.get(JOURNAL))
    moment = f"{timezone.localtime(hers.asked_at):%d/%m/%Y %H:%M}"
    assert first == [
        "LN-2026-000001",
        f"{facilitator.user} {moment}",
        "Pays d’Aix du 01/04/2026 au 30/06/2026",
        "Point du trimestre.",
        "1",
        "Terminé",
        f"XLSX, {moment}, {facilitator.user}",
    ]
    assert (second[1].split(" 1")[0], second[2][:21], second[-1]) == ("Ada Bel", "Tous les territoires ", "Aucun")


def test_the_journal_is_for_the_departement(facilitator):
    assert facilitator.get(JOURNAL).status_code == 403
    assert "Journal" not in words(facilitator.get(PAGE))


def test_nothing_asked_is_said_so(officer):
    assert "Vous n’avez demandé aucune liste nominative." in words(officer.get(PAGE))
    assert "Personne n’a demandé de liste nominative." in words(officer.get(JOURNAL))
