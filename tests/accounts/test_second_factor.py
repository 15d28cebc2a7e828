"""The second factor: set up, asked for, spent once, guessed in vain, changed, never lost without another."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.urls import reverse

from clauses_portal.accounts import second_factor
from clauses_portal.accounts.charter import accept_charter
from clauses_portal.accounts.models import JournalAction, JournalEntry, JournalResult
from clauses_portal.accounts.sealing import UnreadableSecret, seal, unseal
from clauses_portal.core.errors import DomainError
from facilitators.enums import Role
from facilitators.permissions import grant
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.pages import assert_done, errors, submit, told, words
from tests.support.second_factor import STEP, Telephone, codes_shown, secret_shown, telephone_of

pytestmark = [pytest.mark.usefixtures("today"), pytest.mark.django_db]

APP, CODES = "/compte/second-facteur/application/", "/compte/second-facteur/codes-de-secours/"
WRONG = "Ce code est incorrect ou a déjà servi."


@pytest.fixture
def ines(client, territory):
    """An officer who accepted the charter and has no factor yet; `client` is hers."""
    client.user = UserFactory(email="ines@example.test")
    grant(user=client.user, role=Role.MISSION_OFFICER, by=None)
    accept_charter(by=client.user)
    return client


@pytest.fixture
def sealed_in(settings):
    """A key of its own, so that nothing depends on the secret of the tests."""
    settings.MFA_ENCRYPTION_KEY = "cle-des-seconds-facteurs"


def by_password(client):
    return client.post("/compte/connexion/", {"login": client.user.email, "password": PASSWORD}, follow=True)


def show(client, code):
    return client.post("/compte/second-facteur/", {"code": code}, follow=True)


def set_up(client):
    """Sign in and set an application up; returns it and the recovery codes shown then."""
    by_password(client)
    telephone = Telephone(secret_shown(client.get(APP)))
    answer = submit(client, APP, action="", code=telephone.code())
    assert_done(answer, "L’application est maintenant votre second facteur.")
    return telephone, codes_shown(answer)


def test_the_first_right_code_sets_the_application_up(ines):
    telephone, codes = set_up(ines)
    assert len(set(codes)) == 10
    assert ines.get("/marches/").status_code == 200
    (factor,) = second_factor.factors_of(ines.user)
    assert telephone.secret not in str(factor.data)
    assert unseal(factor.data["secret"]) == telephone.secret


def test_a_reload_keeps_the_square_already_photographed(ines):
    by_password(ines)
    first, second = (secret_shown(ines.get(APP)) for _ in range(2))
    assert first == second
    assert first.replace(" ", "") not in str(dict(ines.session.items()))


def test_a_wrong_first_code_sets_nothing_up(ines):
    by_password(ines)
    telephone = Telephone(secret_shown(ines.get(APP)))
    answer = submit(ines, APP, action="", code=telephone.wrong_code())
    assert answer.status_code == 422
    assert "Ce code est incorrect. Vérifiez l’heure du téléphone" in errors(answer)[0]
    assert secret_shown(answer).replace(" ", "") == telephone.secret
    assert not Authenticator.objects.exists()


def test_one_signs_in_with_a_code_that_serves_once(ines):
    telephone = telephone_of(ines.user)
    assert "Prouvez que c’est bien vous" in words(by_password(ines))
    assert "_auth_user_id" not in ines.session
    code = telephone.code()
    assert show(ines, code).redirect_chain == [("/", 302)]
    ines.logout()
    by_password(ines)
    again = show(ines, code)
    assert (again.status_code, errors(again)) == (422, [WRONG])


def test_a_code_already_shown_never_serves_again_while_it_would_still_be_right(ines):
    """The clock may be one step off: a code lasts three steps, and none of them opens twice."""
    telephone = telephone_of(ines.user)
    code = telephone.code()
    assert second_factor.spend_code(ines.user, code)
    cache.clear()
    with time_machine.travel(time.time() + STEP):
        assert second_factor.spend_code(ines.user, code) is None
        assert second_factor.spend_code(ines.user, telephone.code(-1)) is None
        assert second_factor.spend_code(ines.user, telephone.code())


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(ines, steps, opens):
    assert bool(second_factor.spend_code(ines.user, telephone_of(ines.user).code(steps))) == opens


@pytest.mark.parametrize("written", ["{} {}", "{}-{}", " {}{} "])
def test_a_code_is_read_as_people_write_it(ines, written):
    code = telephone_of(ines.user).code()
    assert second_factor.spend_code(ines.user, written.format(code[:3], code[3:]))


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "٣٤٥٦٧٨", "1" * 41, "\x00"])
def test_what_is_no_code_opens_nothing(ines, code):
    telephone_of(ines.user)
    by_password(ines)
    assert show(ines, code).status_code == 422
    assert "_auth_user_id" not in ines.session


def test_the_code_of_another_opens_nothing(ines):
    telephone_of(ines.user)
    by_password(ines)
    assert errors(show(ines, telephone_of(UserFactory()).code())) == [WRONG]


def test_five_wrong_codes_close_the_door_for_a_quarter_of_an_hour(ines, settings):
    settings.MFA_RATE_LIMITS = {"code": "5/15m/key"}
    cache.clear()
    telephone = telephone_of(ines.user)
    by_password(ines)
    assert [show(ines, telephone.wrong_code()).status_code for _ in range(5)] == [422] * 5
    closed = show(ines, telephone.code())
    assert (closed.status_code, closed.headers["Retry-After"]) == (429, "900")
    assert errors(closed) == ["Trop de tentatives. Réessayez plus tard."]
    with time_machine.travel(time.time() + 15 * 60 + 1):
        by_password(ines)
        assert show(ines, telephone.code()).redirect_chain == [("/", 302)]


def test_a_recovery_code_stands_in_once(ines):
    _, codes = set_up(ines)
    for code, answered in ((codes[3], 200), (codes[3], 422), (codes[4], 200)):
        ines.logout()
        by_password(ines)
        assert show(ines, code).status_code == answered
    assert "Il vous en reste 8." in words(ines.get("/compte/"))


def test_new_recovery_codes_cancel_the_former(ines):
    _, codes = set_up(ines)
    answer = submit(ines, CODES, action=f"{CODES}nouveaux/")
    assert "Les anciens ne servent plus." in " ".join(told(answer))
    renewed = codes_shown(answer)
    assert (len(renewed), set(renewed) & set(codes)) == (10, set())
    assert second_factor.spend_code(ines.user, codes[0]) is None
    assert second_factor.spend_code(ines.user, renewed[0])


def test_another_application_replaces_the_one_before(ines):
    former, _ = set_up(ines)
    page = ines.get(APP)
    assert "Changer d’application de codes" in words(page)
    present = Telephone(secret_shown(page))
    submit(ines, APP, action="", code=present.code())
    assert second_factor.factors_of(ines.user).count() == 1
    assert second_factor.spend_code(ines.user, former.code(1)) is None
    assert second_factor.spend_code(ines.user, present.code(1))


def test_the_last_factor_is_never_removed(ines):
    set_up(ines)
    (factor,) = second_factor.factors_of(ines.user)
    answer = ines.post(reverse("factor_remove", args=[factor.pk]), follow=True)
    assert second_factor.KEPT in told(answer)
    assert second_factor.factors_of(ines.user).exists()


def test_the_factor_of_another_is_unknown(ines):
    set_up(ines)
    telephone_of(UserFactory())
    other = Authenticator.objects.latest("pk")
    assert ines.post(reverse("factor_remove", args=[other.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=other.pk).exists()


def test_a_forgotten_factor_is_set_up_again_at_the_next_sign_in(ines):
    set_up(ines)
    second_factor.forget_factors(user=ines.user)
    ines.logout()
    assert "Protégez votre compte" in words(by_password(ines))


def test_a_reset_password_does_not_go_round_the_second_factor(ines):
    telephone_of(ines.user)
    ines.user.set_password("une autre phrase assez longue")
    ines.user.save()
    page = ines.post(
        "/compte/connexion/", {"login": ines.user.email, "password": "une autre phrase assez longue"}, follow=True
    )
    assert "Prouvez que c’est bien vous" in words(page)


def test_the_journal_keeps_every_step_and_no_code(ines):
    telephone, _ = set_up(ines)
    ines.post("/compte/deconnexion/")
    by_password(ines)
    show(ines, telephone.wrong_code())
    show(ines, telephone.code(1))
    lines = JournalEntry.objects.filter(actor=ines.user).order_by("pk").values_list("action", "result")
    assert list(lines) == [
        (JournalAction.SIGN_IN, JournalResult.DONE),
        (JournalAction.SECOND_FACTOR, JournalResult.DONE),
        (JournalAction.SIGN_OUT, JournalResult.DONE),
        (JournalAction.SECOND_FACTOR, JournalResult.FAILED),
        (JournalAction.SECOND_FACTOR, JournalResult.DONE),
        (JournalAction.SIGN_IN, JournalResult.DONE),
    ]


def test_a_failed_sign_in_names_nobody(ines):
    ines.post("/compte/connexion/", {"login": "mon-mot-de-passe@example.test", "password": "x"})
    line = JournalEntry.objects.get()
    assert (line.action, line.result, line.actor, line.object_id) == ("sign_in", "failed", None, None)


def test_secrets_open_with_the_keys_of_before_and_no_other(ines, sealed_in, settings):
    sealed = seal("GEZDGNBV")
    settings.MFA_ENCRYPTION_KEY, settings.SECRET_KEY_FALLBACKS = "autre-cle", ["cle-des-seconds-facteurs"]
    assert unseal(sealed) == "GEZDGNBV"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(UnreadableSecret):
        unseal(sealed)


def test_unreadable_secrets_refuse_every_code_and_say_it_in_the_log(ines, settings, caplog):
    telephone, codes = set_up(ines)
    settings.SECRET_KEY = "changed" * 8
    assert second_factor.spend_code(ines.user, telephone.code(1)) is None
    assert second_factor.spend_code(ines.user, codes[0]) is None
    assert second_factor.recovery_codes_of(ines.user) == []
    assert "illisible" in caplog.text


def test_an_account_has_ten_passkeys_at_most(ines, rf):
    Authenticator.objects.bulk_create(
        Authenticator(user=ines.user, type=second_factor.KINDS.WEBAUTHN, data={"name": str(number)})
        for number in range(second_factor.MOST_PASSKEYS)
    )
    request = rf.post("/")
    request.user = ines.user
    with pytest.raises(DomainError, match="dix|10"):
        second_factor.add_passkey(request=request, name="Une de trop", credential={})
