"""Stores with states and locks, made by hand as the engine makes them, and damage done to them."""

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from llmlz.doctor.backend import FolderStore, StackKeys
from llmlz.doctor.host import Host
from llmlz.doctor.locks import Judge

KEYS = StackKeys("llmlz", "dev")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE, THERE = "laptop", "runner-7"
DEAD, ALIVE = 11, 22

STACK = "urn:pulumi:dev::llmlz::pulumi:pulumi:Stack::llmlz-dev"
PROVIDER = "urn:pulumi:dev::llmlz::pulumi:providers:aws::aws"
KEY = "urn:pulumi:dev::llmlz::aws:kms/key:Key::key"
BUCKET = "urn:pulumi:dev::llmlz::aws:s3/bucket:Bucket::bucket"


def deployment() -> dict[str, Any]:
    """A stack, a provider, a protected key, and a bucket that needs the key and is left behind when deleted."""
    custom = {"custom": True, "parent": STACK, "provider": f"{PROVIDER}::id-1"}
    key = {**custom, "urn": KEY, "type": "aws:kms/key:Key", "id": "k", "protect": True}
    bucket = {**custom, "urn": BUCKET, "type": "aws:s3/bucket:Bucket", "id": "b", "retainOnDelete": True}
    return {
        "manifest": {"version": "v3.256.0", "magic": sha256(b"v3.256.0").hexdigest()},
        "resources": [
            {"urn": STACK, "type": "pulumi:pulumi:Stack", "custom": False},
            {"urn": PROVIDER, "type": "pulumi:providers:aws", "custom": True, "id": "id-1", "parent": STACK},
            key,
            {**bucket, "dependencies": [KEY], "propertyDependencies": {"kmsKeyId": [KEY]}},
        ],
    }


def checkpoint(made: dict[str, Any] | None) -> bytes:
    """What the backend keeps."""
    return json.dumps({"version": 3, "checkpoint": {"stack": "organization/llmlz/dev", "latest": made}}).encode()


def damaged(change: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    """The deployment after somebody changed it."""
    made = deepcopy(deployment())
    change(made)
    return made


class FakeHost(Host):
    """A machine on which one process lives."""

    def __init__(self) -> None:
        super().__init__(HERE)

    def runs(self, pid: int) -> bool:
        """Only the one."""
        return pid == ALIVE


def judge(stale_after_hours: float | None = None) -> Judge:
    """The judge of these tests."""
    after = None if stale_after_hours is None else timedelta(hours=stale_after_hours)
    return Judge(host=FakeHost(), now=lambda: NOW, stale_after=after)


def store(folder: Path, state: bytes | None = None, ending: str = ".json") -> FolderStore:
    """A backend in a folder."""
    path = folder / (KEYS.checkpoint + ending)
    path.parent.mkdir(parents=True)
    path.write_bytes(checkpoint(deployment()) if state is None else state)
    return FolderStore(folder)


def lock(folder: Path, name: str, *, host: str = THERE, pid: int = DEAD, hours: float = 1) -> Path:
    """A lock that is so many hours old."""
    path = folder / KEYS.locks / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    since = (NOW - timedelta(hours=hours)).isoformat().replace("+00:00", ".123456789Z")
    path.write_text(json.dumps({"pid": pid, "username": "ci", "hostname": host, "timestamp": since}))
    return path
