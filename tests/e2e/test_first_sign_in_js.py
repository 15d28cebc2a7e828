"""The first sign-in of somebody, then the next ones: charter, application of codes, recovery codes, passkey."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from facilitators.enums import Role
from facilitators.permissions import grant
from tests.factories.accounts import PASSWORD, UserFactory
from tests.support.second_factor import Telephone

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("convention")]

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(autouse=True)
def _second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def newcomer(territory):
    user = UserFactory(email="nouvelle@example.test")
    grant(user=user, role=Role.FACILITATOR, by=None, territory=territory)
    return user


@pytest.fixture
def page(browser, live_server):
    """A browser that nobody used yet."""
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.script_errors = []
    page.on("pageerror", lambda error: page.script_errors.append(str(error)))
    page.on("console", lambda said: page.script_errors.append(said.text) if said.type == "error" else None)
    page.goto(live_server.url)
    yield page
    context.close()


@pytest.fixture
def device(page):
    """A computer that makes passkeys, and always recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def by_password(page, user):
    page.get_by_label("Courriel").fill(user.email)
    page.get_by_label("Mot de passe", exact=False).first.fill(PASSWORD)
    press(page, "Se connecter")


def heading(page, text):
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def assert_accessible(page):
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}}).response["violations"]
    assert [f"{violation['id']}: {violation['nodes'][0]['html'][:120]}" for violation in found] == []
    assert page.script_errors == []


def leave(page):
    page.locator(".band-user summary").click()
    press(page, "Se déconnecter")
    heading(page, "Connexion")


def accept_and_set_up(page):
    """The charter, the application, the recovery codes; returns the telephone and the codes."""
    heading(page, "Charte de confidentialité et de secret professionnel")
    assert_accessible(page)
    press(page, "J’ai lu cette charte et je l’accepte")
    heading(page, "Protégez votre compte")
    assert_accessible(page)
    assert page.locator("img.qr").evaluate("image => image.complete && image.naturalWidth > 0")
    telephone = Telephone(page.locator("code.secret").inner_text())
    page.get_by_label("Code à six chiffres").fill(telephone.code())
    press(page, "Vérifier et enregistrer")
    heading(page, "Vos codes de secours")
    assert_accessible(page)
    codes = page.locator(".recovery-codes code").all_inner_texts()
    page.get_by_role("link", name="J’ai noté mes codes").click()
    return telephone, codes


def test_a_first_sign_in_then_one_with_a_code_then_one_with_a_recovery_code(page, newcomer):
    by_password(page, newcomer)
    telephone, codes = accept_and_set_up(page)
    heading(page, "À faire")
    leave(page)
    by_password(page, newcomer)
    heading(page, "Prouvez que c’est bien vous")
    assert_accessible(page)
    page.get_by_label("Code").fill(telephone.wrong_code())
    press(page, "Vérifier le code")
    expect(page.locator(".error-summary")).to_contain_text("Ce code est incorrect ou a déjà servi.")
    page.get_by_label("Code").fill(telephone.code(1))
    press(page, "Vérifier le code")
    heading(page, "À faire")
    leave(page)
    by_password(page, newcomer)
    page.get_by_label("Code").fill(codes[0])
    press(page, "Vérifier le code")
    heading(page, "À faire")


def test_a_passkey_is_the_first_factor_then_opens_the_portal_alone(page, newcomer, device):
    by_password(page, newcomer)
    press(page, "J’ai lu cette charte et je l’accepte")
    page.get_by_role("link", name="Utiliser une clé d’identification").click()
    assert_accessible(page)
    page.get_by_label("Nom de la clé").fill("Ordinateur du bureau")
    press(page, "Créer la clé")
    heading(page, "Vos codes de secours")
    page.get_by_role("link", name="J’ai noté mes codes").click()
    heading(page, "À faire")
    page.locator(".band-user summary").click()
    page.get_by_role("link", name="Mon compte").click()
    expect(page.get_by_role("table", name="Vos clés d’identification")).to_contain_text("Ordinateur du bureau")
    assert_accessible(page)
    page.goto(page.url.replace("/compte/", "/compte/confirmation/"))
    heading(page, "Confirmez que c’est bien vous")
    assert_accessible(page)
    page.get_by_role("link", name="Avec une clé d’identification").click()
    assert_accessible(page)
    press(page, "Utiliser ma clé d’identification")
    heading(page, "À faire")
    leave(page)
    press(page, "Se connecter avec une clé d’identification")
    heading(page, "À faire")
    leave(page)
    by_password(page, newcomer)
    heading(page, "Prouvez que c’est bien vous")
    press(page, "Utiliser ma clé d’identification")
    heading(page, "À faire")
    assert page.script_errors == []


def test_a_device_that_refuses_is_said_and_another_way_remains(page, newcomer):
    by_password(page, newcomer)
    press(page, "J’ai lu cette charte et je l’accepte")
    page.get_by_role("link", name="Utiliser une clé d’identification").click()
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('no')); }")
    page.get_by_label("Nom de la clé").fill("Refusée")
    press(page, "Créer la clé")
    expect(page.locator("#page-error")).to_contain_text("l’appareil a refusé")
    page.get_by_role("link", name="Annuler").click()
    heading(page, "Protégez votre compte")
