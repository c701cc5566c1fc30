"""Small files of weights, manifests about them, and an S3 that keeps objects in memory."""

import hashlib
import io
import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

REVISION = "a09a35458c702b33eeacc393d103063234e8bc28"
PREFIX = f"weights/tiny/{REVISION}/"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/mrk-11111111222233334444555555555555"


def described(dtype: str, shape: Sequence[int], begin: int, end: int) -> dict[str, Any]:
    """A tensor as a header describes it."""
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [begin, end]}


def packed(header: object, data: bytes = b"") -> bytes:
    """A file with this header, whatever it says; text is taken as it is."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def tensors(*values: bytes) -> bytes:
    """A sound file with one tensor of bytes for each value."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for number, value in enumerate(values):
        header[f"layer.{number}"] = described("U8", [len(value)], at, at + len(value))
        at += len(value)
    return packed(header, b"".join(values))


FILES: Mapping[str, bytes] = {
    "config.json": b'{"architectures": ["TinyForCausalLM"]}',
    "merges.txt": "a b\nä ö\n".encode(),
    "model.safetensors": tensors(b"one", b"three"),
}
"""A model as small as they come."""


def listed(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Files as a manifest lists them."""
    return [
        {"path": path, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for path, content in files.items()
    ]


def manifest(files: Mapping[str, bytes] = FILES, /, **changes: Any) -> dict[str, Any]:
    """A manifest of these files, with some fields changed; ``...`` takes a field away."""
    whole = {
        "accepted_licences": ["Apache-2.0"],
        "base": None,
        "bucket": "store",
        "files": listed(files),
        "format": 1,
        "kms_key_arn": KEY,
        "licence": "Apache-2.0",
        "name": "tiny",
        "repository": "example/tiny",
        "revision": REVISION,
        "source": "s3://staging/tiny",
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not ...}


class MemoryS3:
    """Buckets in memory, with the calls that the loader makes."""

    def __init__(self, staged: Mapping[str, bytes] = FILES, prefix: str = "tiny/") -> None:
        self.objects: dict[tuple[str, str], bytes] = {
            ("staging", f"{prefix}{path}"): content for path, content in staged.items()
        }
        self.sent: dict[str, Mapping[str, Any]] = {}
        self.order: list[str] = []
        self.reads: list[tuple[str, str]] = []
        self.breaks = 0
        self.uploads_fail_from: int | None = None

    def stored(self) -> dict[str, bytes]:
        """What lies in the store."""
        return {key: content for (bucket, key), content in self.objects.items() if bucket == "store"}

    def get_object(self, *, Bucket: str, Key: str, Range: str = "") -> dict[str, Any]:  # noqa: N803
        """An object, from a byte on; the connection breaks after ten bytes, as often as ``breaks`` says."""
        if (Bucket, Key) not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        self.reads.append((Key, Range))
        start = int(Range.removeprefix("bytes=").rstrip("-") or 0)
        if Range and start >= len(self.objects[Bucket, Key]):
            raise ClientError({"Error": {"Code": "InvalidRange"}}, "GetObject")
        content = self.objects[Bucket, Key][start:]
        if self.breaks and Bucket == "staging":
            content, self.breaks = content[:10], self.breaks - 1
        return {"Body": io.BytesIO(content)}

    def head_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        """Size and what was noted."""
        return {"ContentLength": len(self.objects[Bucket, Key]), "Metadata": self.sent.get(Key, {}).get("Metadata", {})}

    def upload_file(self, path: str, bucket: str, key: str, ExtraArgs: Mapping[str, Any]) -> None:  # noqa: N803
        """Store a file; from ``uploads_fail_from`` on the store does not answer."""
        if self.uploads_fail_from is not None and len(self.order) >= self.uploads_fail_from:
            raise ClientError({"Error": {"Code": "SlowDown"}}, "PutObject")
        with open(path, "rb") as file:
            self._keep(bucket, key, file.read(), ExtraArgs)

    def put_object(self, *, Bucket: str, Key: str, Body: bytes, **sent: Any) -> None:  # noqa: N803
        """Store an object, if it is not there or nobody minds."""
        if sent.get("IfNoneMatch") == "*" and (Bucket, Key) in self.objects:
            raise ClientError({"Error": {"Code": "PreconditionFailed"}}, "PutObject")
        self._keep(Bucket, Key, Body, sent)

    def _keep(self, bucket: str, key: str, content: bytes, sent: Mapping[str, Any]) -> None:
        self.objects[bucket, key] = content
        self.sent[key] = sent
        self.order.append(key)

    def get_paginator(self, name: str) -> Any:
        """Lists of objects, one to a page."""
        assert name == "list_objects_v2"
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> list[dict[str, Any]]:  # noqa: N803
        """Pages of objects under a prefix; an empty one has no content."""
        found = [
            {"Contents": [{"Key": key, "Size": len(content)}]}
            for (bucket, key), content in self.objects.items()
            if bucket == Bucket and key.startswith(Prefix)
        ]
        return [*found, {}]
