"""Files in a graph become bytes, the same wherever they are written."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from llmlz.errors import BadInputError
from llmlz.rehearsal.files import content, digest, is_file


def _names(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_archive_holds_texts_files_and_folders(tmp_path: Path) -> None:
    """Under the names that the program gives them."""
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "index.py").write_text("x = 1\n")
    (tmp_path / "code" / "__pycache__").mkdir()
    (tmp_path / "code" / "__pycache__" / "index.pyc").write_bytes(b"0")
    parts = {
        "a.txt": {"$asset": {"text": "a"}},
        "b.py": {"$asset": {"path": "code/index.py"}},
        "lib": {"$archive": {"path": "code"}},
    }
    suffix, data = content({"$archive": parts}, tmp_path)
    assert suffix == ".zip"
    assert _names(data) == {"a.txt": b"a", "b.py": b"x = 1\n", "lib/index.py": b"x = 1\n"}


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    """Dates and permissions on disk do not matter, so a hash changes only with the code."""
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "index.py").write_text("x = 1\n")
    (tmp_path / "two" / "index.py").chmod(0o600)
    one, two = (content({"$archive": {"path": folder}}, tmp_path)[1] for folder in ("one", "two"))
    assert digest(one) == digest(two)
    (entry,) = zipfile.ZipFile(io.BytesIO(one)).infolist()
    assert entry.external_attr >> 16 == 0o644  # Lambda runs as another user


def test_a_ready_made_archive_is_taken_as_it_is(tmp_path: Path) -> None:
    """Packing it again would hide its code in a second layer."""
    (tmp_path / "ready.zip").write_bytes(b"PK")
    assert content({"$archive": {"path": "ready.zip"}}, tmp_path) == (".zip", b"PK")


def test_a_single_asset_is_its_bytes(tmp_path: Path) -> None:
    """For instance the content of an object in a bucket."""
    assert content({"$asset": {"text": "tëxt"}}, tmp_path) == (".bin", "tëxt".encode())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message says which path, and what to do."""
    with pytest.raises(BadInputError, match=r"gone\.py does not exist"):
        content({"$asset": {"path": "gone.py"}}, tmp_path)


def test_other_objects_are_no_files() -> None:
    """An input with several keys, or another key, is plain data."""
    given: list[Any] = [{"$asset": {}}, {"$archive": {}}, {"a": 1}, {}, "text"]
    assert [is_file(value) for value in given] == [True, True, False, False, False]
