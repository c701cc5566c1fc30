"""The private store: files under their entry and revision, and the record that says that they are whole."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .manifest import RECORD, File, Manifest
from .problems import RefusedError, UnreachableError


class Store:
    """One entry's place in the store."""

    def __init__(self, manifest: Manifest, client: Any) -> None:
        """The place of ``manifest``, written with the S3 client of the loader's role."""
        self._manifest, self._client = manifest, client

    def missing(self) -> list[File]:
        """Files that are not there yet; raises ``RefusedError`` for a place where something else lies."""
        manifest = self._manifest
        found: dict[str, int] = {}
        pages = self._call("list", lambda: list(self._pages()))
        for page in pages:
            found |= {each["Key"].removeprefix(manifest.prefix): each["Size"] for each in page.get("Contents", ())}
        extra = sorted(set(found) - {file.path for file in manifest.files} - {RECORD})
        if extra:
            raise RefusedError(f"the store holds {extra[0]!r} beside the files of the manifest")
        return [file for file in manifest.files if file.path not in found or not self._same(file)]

    def put(self, file: File, path: Path) -> None:
        """Upload a file that was checked; S3 compares its own checksum with what arrives."""
        from boto3.s3.transfer import S3UploadFailedError  # noqa: PLC0415 (a part of boto3 that is slow to import)

        extra = {"ChecksumAlgorithm": "SHA256", "Metadata": self._facts(file), **self._key()}
        try:
            self._client.upload_file(str(path), self._manifest.bucket, self._at(file.path), ExtraArgs=extra)
        except (ClientError, BotoCoreError, S3UploadFailedError) as error:
            raise UnreachableError(f"the store did not take {file.path}: {error}") from error

    def record(self) -> dict[str, Any] | None:
        """What the record says; ``None`` without one."""
        try:
            answer = self._client.get_object(Bucket=self._manifest.bucket, Key=self._at(RECORD))
            found = json.loads(answer["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                return None
            raise UnreachableError(f"the store does not show its record: {error}") from error
        except BotoCoreError as error:
            raise UnreachableError(f"the store does not show its record: {error}") from error
        except ValueError as error:
            raise RefusedError("the record in the store is no JSON") from error
        return found if isinstance(found, dict) else {}

    def put_record(self, record: Mapping[str, Any]) -> None:
        """Write the record, unless another run was faster and wrote one; then that one is left as it is."""
        body = (json.dumps(record, indent=2, sort_keys=True) + "\n").encode()
        try:
            self._client.put_object(
                Bucket=self._manifest.bucket,
                Key=self._at(RECORD),
                Body=body,
                ContentType="application/json",
                IfNoneMatch="*",
                **self._key(),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in ("412", "PreconditionFailed"):
                raise UnreachableError(f"the store did not take the record: {error}") from error
        except BotoCoreError as error:
            raise UnreachableError(f"the store did not take the record: {error}") from error

    def _same(self, file: File) -> bool:
        """Whether the object is the file, by its size and by what was noted when it had passed every check.

        Another content is never written over: whoever serves it would not notice.
        """
        found = self._call(
            "show", lambda: self._client.head_object(Bucket=self._manifest.bucket, Key=self._at(file.path))
        )
        if found["ContentLength"] != file.size or found["Metadata"].get("sha256") != file.sha256:
            raise RefusedError(f"the store holds another {file.path} under this revision")
        return True

    def _pages(self) -> Any:
        paginator = self._client.get_paginator("list_objects_v2")
        return paginator.paginate(Bucket=self._manifest.bucket, Prefix=self._manifest.prefix)

    def _call(self, verb: str, call: Any) -> Any:
        try:
            return call()
        except (ClientError, BotoCoreError) as error:
            raise UnreachableError(f"the store does not {verb} its files: {error}") from error

    def _at(self, path: str) -> str:
        return f"{self._manifest.prefix}{path}"

    def _facts(self, file: File) -> dict[str, str]:
        return {"sha256": file.sha256, "revision": self._manifest.revision, "licence": self._manifest.licence}

    def _key(self) -> dict[str, str]:
        return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self._manifest.kms_key_arn}
