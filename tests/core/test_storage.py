"""Files are private wherever they are kept: no address, nobody else's mode, whole or absent."""

import stat

import pytest
from django.core.files.base import ContentFile
from django.utils.module_loading import import_string

from clauses_portal.core.errors import DomainError
from clauses_portal.core.object_storage import AWAY
from clauses_portal.core.storage import DurableStorage
from clauses_portal.settings.storages import DISK, file_storage
from tests.support.object_server import KEY, SECRET, object_server

NAME, CONTENT = "statements/2026/0f.pdf", b"%PDF-1.7 etat"


def storage_at(address):
    entry = file_storage(address)
    return import_string(entry["BACKEND"])(**entry["OPTIONS"])


@pytest.fixture
def server():
    with object_server() as server:
        yield server


@pytest.fixture
def bucket(server):
    storage = storage_at(server.address)
    yield storage
    storage.connection.meta.client.close()


def test_a_file_of_the_disk_is_read_by_the_portal_alone(tmp_path):
    storage = DurableStorage(location=tmp_path)
    storage.save(NAME, ContentFile(CONTENT))
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / NAME).parents if path != tmp_path.parent} >= {
        0o700
    }
    with storage.open(NAME) as file:
        assert file.read() == CONTENT


def test_a_file_has_no_address(tmp_path, bucket):
    for storage in (DurableStorage(location=tmp_path), bucket):
        with pytest.raises(NotImplementedError):
            storage.url(NAME)


def test_an_object_is_written_read_found_and_deleted(server, bucket):
    assert bucket.save(NAME, ContentFile(CONTENT)) == NAME
    assert server.objects == {NAME: CONTENT}
    assert server.put_headers[0]["x-amz-acl"] == "private"
    with bucket.open(NAME) as file:
        assert file.read() == CONTENT
    assert (bucket.size(NAME), bucket.exists(NAME), bucket.exists("statements")) == (len(CONTENT), True, True)
    assert bucket.listdir("statements") == (["2026"], [])
    assert bucket.listdir("statements/2026") == ([], ["0f.pdf"])
    bucket.delete(NAME)
    assert not bucket.exists(NAME)
    assert not bucket.exists("statements")


def test_an_absent_object_is_an_absent_file(bucket):
    with pytest.raises(FileNotFoundError):
        bucket.open("statements/2026/absent.pdf").read()


def test_nothing_is_written_over(server, bucket):
    bucket.save(NAME, ContentFile(CONTENT))
    other = bucket.save(NAME, ContentFile(b"other"))
    assert other != NAME
    assert server.objects == {NAME: CONTENT, other: b"other"}


def test_a_storage_that_is_away_refuses_with_a_sentence(server, bucket):
    server.broken = True
    with pytest.raises(DomainError, match=AWAY[:40]):
        bucket.save(NAME, ContentFile(CONTENT))
    assert server.objects == {}


def test_the_address_of_a_bucket_says_everything():
    assert file_storage("") == DISK
    options = file_storage("s3://cl%C3%A9:un%2Bsecret@objets.example/pieces?region=eu-west-3")["OPTIONS"]
    assert options == {
        "endpoint_url": "https://objets.example",
        "access_key": "clé",
        "secret_key": "un+secret",
        "bucket_name": "pieces",
        "region_name": "eu-west-3",
    }


@pytest.mark.parametrize("address", ["https://x:y@h/b", "s3://h/b", "s3://x:y@h", f"s3://{KEY}@h/b"])
def test_an_incomplete_address_stops_the_start_and_keeps_its_secret(address):
    with pytest.raises(ValueError, match="is expected") as refusal:
        file_storage(address)
    assert SECRET not in str(refusal.value)
