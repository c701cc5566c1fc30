"""The loader of weights against an emulator's S3, through the real SDK."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest

from components.weights_loader.loader import main as program
from components.weights_loader.loader.store import Store
from llmlz.local.emulator import Emulator
from tests.components.weights import FILES, PREFIX, listed, manifest, tensors

pytestmark = pytest.mark.ring(5)
STORE, STAGING = "weights-store", "weights-staging"
LARGE: Mapping[str, bytes] = {**FILES, "model.safetensors": tensors(b"x" * (20 << 20))}
"""More than one part of an upload in parts."""


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience takes no time here."""
    monkeypatch.setattr(program, "PAUSE", 0)


@pytest.fixture
def s3(emulator: Emulator) -> Iterator[Any]:
    """The client of the SDK, with a store that keeps versions and a staging bucket."""
    client = boto3.client(
        "s3",
        endpoint_url=emulator.endpoint,
        region_name=emulator.region,
        aws_access_key_id="nobody",
        aws_secret_access_key="nobody",
    )
    for bucket in (STORE, STAGING):
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": emulator.region})
    client.put_bucket_versioning(Bucket=STORE, VersioningConfiguration={"Status": "Enabled"})
    yield client
    client.close()


def load(folder: Path, s3: Any, files: Mapping[str, bytes] = LARGE, staged: Mapping[str, bytes] | None = None) -> int:
    """Lay files down, and run the loader; its exit code."""
    for path, content in (files if staged is None else staged).items():
        s3.put_object(Bucket=STAGING, Key=f"tiny/{path}", Body=content)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    told = folder / "manifest.json"
    told.write_text(json.dumps(manifest(files, bucket=STORE, source=f"s3://{STAGING}/tiny")))
    return program.main([str(told), "--scratch", str(scratch)], s3)


def stored(s3: Any) -> dict[str, str]:
    """Key to the hash of what the store gives back."""
    found = s3.list_objects_v2(Bucket=STORE).get("Contents", [])
    keys = [each["Key"] for each in found]
    return {key: hashlib.sha256(s3.get_object(Bucket=STORE, Key=key)["Body"].read()).hexdigest() for key in keys}


def test_weights_arrive_byte_by_byte_and_the_record_with_them(tmp_path: Path, s3: Any) -> None:
    """Also a file that is sent in parts."""
    assert load(tmp_path, s3) == 0
    found = stored(s3)
    assert found.pop(f"{PREFIX}provenance.json")
    assert found == {f"{PREFIX}{each['path']}": each["sha256"] for each in listed(LARGE)}


def test_a_second_run_writes_no_version(tmp_path: Path, s3: Any) -> None:
    """The store keeps versions, so that a second write would show."""
    load(tmp_path, s3)
    assert load(tmp_path, s3) == 0
    versions = s3.list_object_versions(Bucket=STORE)["Versions"]
    assert len(versions) == len(LARGE) + 1


def test_one_bad_file_keeps_all_of_them_out(tmp_path: Path, s3: Any) -> None:
    """Another content than the one that was looked at."""
    assert load(tmp_path, s3, staged={**LARGE, "config.json": b'{"auto_map": "evil"}'}) == 3
    assert stored(s3) == {}


def test_a_run_that_was_cut_off_is_gone_on_with(tmp_path: Path, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the first file was stored: what is there stays, and the rest comes."""

    def fails(*_: Any) -> None:
        raise OSError("the node is gone")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "put_record", fails)
        assert load(tmp_path, s3) == 4
    assert f"{PREFIX}provenance.json" not in stored(s3)
    assert load(tmp_path, s3) == 0
    assert f"{PREFIX}provenance.json" in stored(s3)
    assert len(s3.list_object_versions(Bucket=STORE)["Versions"]) == len(LARGE) + 1
