"""Reads where a cluster is, and credentials for it, out of a kubeconfig file."""

import base64
import binascii
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from llmlz.errors import BadInputError
from llmlz.inventory.connection import Endpoint


def read_kubeconfig(file: Path) -> tuple[str, Endpoint]:
    """Name and endpoint of the cluster of the current context; raises ``BadInputError`` with what is wrong in the file."""
    try:
        told = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise BadInputError(f"--kubeconfig {file}: cannot be read ({type(error).__name__})") from None
    if not isinstance(told, Mapping):
        raise BadInputError(f"--kubeconfig {file}: expected a kubeconfig, with clusters, users and contexts")
    config = _Config(file, told)
    context = config.named("contexts", "context", config.text(told, "current-context"))
    name = config.text(context, "cluster")
    cluster = config.named("clusters", "cluster", name)
    user = config.named("users", "user", config.text(context, "user"))
    return name, Endpoint(
        server=config.server(cluster),
        authority=config.pem(cluster, "certificate-authority"),
        token=config.token(user),
        certificate=config.certificate(user),
    )


class _Config:
    """One file; every complaint names it, and none shows what a user's entry holds."""

    def __init__(self, file: Path, told: Mapping[str, Any]) -> None:
        self.file, self.told = file, told

    def wrong(self, what: str) -> BadInputError:
        return BadInputError(f"--kubeconfig {self.file}: {what}")

    def named(self, listed: str, key: str, name: str) -> Mapping[str, Any]:
        entries = self.told.get(listed)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, Mapping) and entry.get("name") == name and isinstance(entry.get(key), Mapping):
                found: Mapping[str, Any] = entry[key]
                return found
        raise self.wrong(f"{listed} has no entry {name}")

    def text(self, entry: Mapping[str, Any], key: str) -> str:
        value = entry.get(key)
        if not isinstance(value, str) or not value:
            raise self.wrong(f"expected a text as {key}")
        return value

    def server(self, cluster: Mapping[str, Any]) -> str:
        if cluster.get("insecure-skip-tls-verify"):
            raise self.wrong("insecure-skip-tls-verify: credentials are sent to servers that prove who they are only")
        server = self.text(cluster, "server")
        if not server.startswith("https://"):
            raise self.wrong(f"server {server}: expected https://")
        return server

    def pem(self, entry: Mapping[str, Any], key: str) -> str | None:
        """What stands in the file itself, or in the one that it names."""
        if data := entry.get(f"{key}-data"):
            try:
                return base64.b64decode(str(data), validate=True).decode()
            except (binascii.Error, UnicodeDecodeError):
                raise self.wrong(f"{key}-data: expected base64 of a PEM text") from None
        if path := entry.get(key):
            return self._content(key, str(path))
        return None

    def token(self, user: Mapping[str, Any]) -> Callable[[], str] | None:
        if "exec" in user or "auth-provider" in user:
            raise self.wrong(
                "its user gets credentials from a program, which is not run here; clusters of EKS are found without a"
                " kubeconfig, with the credentials of AWS"
            )
        if user.get("tokenFile"):
            return lambda: self._content("tokenFile", str(user["tokenFile"])).strip()
        if user.get("token"):
            return lambda: str(user["token"])
        return None

    def certificate(self, user: Mapping[str, Any]) -> str | None:
        certificate, key = self.pem(user, "client-certificate"), self.pem(user, "client-key")
        if (certificate is None) != (key is None):
            raise self.wrong("expected client-certificate and client-key together")
        if certificate is None and not (user.get("token") or user.get("tokenFile")):
            raise self.wrong("its user has neither a token nor a client certificate")
        return None if certificate is None or key is None else f"{certificate}\n{key}"

    def _content(self, key: str, path: str) -> str:
        try:
            return (self.file.parent / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise self.wrong(f"{key} {path}: cannot be read ({type(error).__name__})") from None
