"""The files of a backup, whatever keeps them."""

import io

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.utils.module_loading import import_string

from clauses_portal.core.backup.files import pack, stored_names, unpacked
from clauses_portal.settings.storages import file_storage
from tests.support.object_server import object_server

CONTENTS = {"packages/2026/a.zip": b"PK", "statements/2026/b.pdf": b"%PDF-1.7", "statements/2026/c.pdf": b""}


@pytest.fixture
def bucket():
    with object_server() as server:
        entry = file_storage(server.address)
        storage = import_string(entry["BACKEND"])(**entry["OPTIONS"])
        yield storage
        storage.connection.meta.client.close()


@pytest.fixture(params=["disk", "bucket"])
def storage(request, tmp_path):
    kept = FileSystemStorage(tmp_path) if request.param == "disk" else request.getfixturevalue("bucket")
    for name, content in CONTENTS.items():
        kept.save(name, ContentFile(content))
    return kept


def test_every_file_is_packed_and_comes_back(storage):
    stream = io.BytesIO()
    packed = pack(storage, stream)
    assert {name: about["size"] for name, about in packed.items()} == {name: len(c) for name, c in CONTENTS.items()}
    stream.seek(0)
    assert {name: content.read() for name, content in unpacked(stream)} == CONTENTS


def test_a_file_half_deposited_is_left_out(tmp_path):
    (tmp_path / "new.pdf.part").write_bytes(b"%P")
    (tmp_path / "old.pdf").write_bytes(b"%PDF")
    assert list(stored_names(FileSystemStorage(tmp_path))) == ["old.pdf"]


def test_a_file_erased_before_its_turn_is_left_out(tmp_path):
    (tmp_path / "gone.pdf").write_bytes(b"%PDF")

    class Quick(FileSystemStorage):
        def _open(self, name, mode="rb"):
            raise FileNotFoundError(name)

    assert pack(Quick(tmp_path), io.BytesIO()) == {}


def test_where_nothing_was_ever_deposited_there_is_nothing(tmp_path):
    assert pack(FileSystemStorage(tmp_path / "none"), io.BytesIO()) == {}
