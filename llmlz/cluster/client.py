"""Speaks to a Kubernetes API server over HTTPS with a token, by the standard library.

Owns: addresses of kinds (asked of the server, once), server-side apply, and the server's own words in every error.
"""

import http.client
import json
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from llmlz.cluster.daemons import ClusterError

MANAGER = "llmlz"
"""Name under which the server keeps which fields are ours."""

APPLY = "application/apply-patch+yaml"
"""Media type of server-side apply; JSON is YAML
(https://kubernetes.io/docs/reference/using-api/server-side-apply/, 2026-11)."""

ANSWER_SECONDS = 30
HTTP_OK, HTTP_REDIRECT, HTTP_NOT_FOUND = 200, 300, 404

Manifest = Mapping[str, Any]
"""One Kubernetes object: ``apiVersion``, ``kind``, ``metadata`` and the rest."""


class RefusedError(ClusterError):
    """The API server said no."""

    def __init__(self, what: str, code: int, reason: str, message: str) -> None:
        """Keep the server's words."""
        super().__init__(f"{what}: {message}")
        self.code = code
        """HTTP status."""
        self.reason = reason
        """The server's word for it, such as ``Forbidden`` or ``Invalid``."""
        self.message = message
        """The server's sentence."""


class Client:
    """One API server and one identity."""

    def __init__(self, host: str, port: int, *, token: str, authority: Path, as_user: str = "") -> None:
        """Trust the certificates in ``authority`` alone; ``as_user`` acts in the name of another user."""
        self.url = f"https://{host}:{port}"
        self._host, self._port, self._token = host, port, token
        self._authority, self._trust = authority, ssl.create_default_context(cafile=str(authority))
        self._as_user, self._as_groups = as_user, ()  # type: tuple[str, tuple[str, ...]]
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}

    def acting_as(self, user: str, groups: Sequence[str] = ()) -> "Client":
        """The same server, in the name of another user; the token must be allowed to impersonate."""
        other = Client(self._host, self._port, token=self._token, authority=self._authority, as_user=user)
        other._as_groups = tuple(groups)
        return other

    def ready(self) -> bool:
        """Whether the server and everything in it is up."""
        try:
            self.request("GET", "/readyz")
        except (OSError, ClusterError):
            return False
        return True

    def serves(self, version: str, kind: str) -> bool:
        """Whether objects of this kind can be listed now."""
        try:
            self.list(version, kind)
        except ClusterError:
            return False
        return True

    def apply(self, manifest: Manifest, *, dry_run: bool = False) -> dict[str, Any]:
        """Server-side apply, taking over fields of others; the object as the server keeps it.

        ``dry_run`` asks for every check and changes nothing. Raises ``RefusedError`` with the server's sentence.
        """
        query = {"fieldManager": MANAGER, "force": "true", **({"dryRun": "All"} if dry_run else {})}
        return self.request("PATCH", self.path_of(manifest), manifest, query=query, media=APPLY)

    def create(self, manifest: Manifest, *, dry_run: bool = False) -> dict[str, Any]:
        """Make a new object; raises ``RefusedError`` with the server's sentence."""
        path = self.path_of(manifest).rpartition("/")[0]
        return self.request("POST", path, manifest, query={"dryRun": "All"} if dry_run else {})

    def get(self, version: str, kind: str, name: str, namespace: str = "") -> dict[str, Any]:
        """One object; raises ``RefusedError``, with code 404 where there is none."""
        return self.request("GET", self.path(version, kind, name, namespace))

    def find(self, version: str, kind: str, name: str, namespace: str = "") -> dict[str, Any] | None:
        """One object, or ``None``."""
        try:
            return self.get(version, kind, name, namespace)
        except RefusedError as refused:
            if refused.code != HTTP_NOT_FOUND:
                raise
            return None

    def list(self, version: str, kind: str, namespace: str = "") -> list[dict[str, Any]]:
        """All objects of a kind, or those of one namespace."""
        found: list[dict[str, Any]] = self.request("GET", self.path(version, kind, "", namespace))["items"]
        return found

    def delete(self, version: str, kind: str, name: str, namespace: str = "") -> None:
        """Ask for the end of one object, at once; raises ``RefusedError``."""
        query = {"gracePeriodSeconds": "0"}
        self.request("DELETE", self.path(version, kind, name, namespace), query=query)

    def path_of(self, manifest: Manifest) -> str:
        """The address of the object that a manifest describes; raises ``ClusterError`` for an unknown kind."""
        metadata = manifest["metadata"]
        return self.path(manifest["apiVersion"], manifest["kind"], metadata["name"], metadata.get("namespace", ""))

    def path(self, version: str, kind: str, name: str, namespace: str = "") -> str:
        """The address of an object, or of all of a kind for an empty ``name``."""
        plural, namespaced = self._kind(version, kind)
        root = f"/api/{version}" if "/" not in version else f"/apis/{version}"
        if namespaced and name and not namespace:
            raise ClusterError(f"{version} {kind} {name}: metadata.namespace is missing")
        within = f"/namespaces/{quote(namespace)}" if namespaced and namespace else ""
        return f"{root}{within}/{plural}" + (f"/{quote(name)}" if name else "")

    def request(
        self,
        method: str,
        path: str,
        body: Manifest | None = None,
        *,
        query: Mapping[str, str] | None = None,
        media: str = "application/json",
    ) -> dict[str, Any]:
        """One request; an answer that is no JSON comes back empty. Raises ``RefusedError`` for a no, and ``OSError``."""
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json", "Content-Type": media}
        if self._as_user:
            headers["Impersonate-User"] = self._as_user
        connection = http.client.HTTPSConnection(self._host, self._port, timeout=ANSWER_SECONDS, context=self._trust)
        try:
            connection.putrequest(method, path + (f"?{urlencode(query)}" if query else ""))
            content = json.dumps(body).encode() if body is not None else b""
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                connection.putheader(name, value)
            for group in self._as_groups:
                connection.putheader("Impersonate-Group", group)
            connection.endheaders(content)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        said = _json(text)
        if not HTTP_OK <= answer.status < HTTP_REDIRECT:
            words = str(said.get("message") or text.strip() or answer.reason)
            raise RefusedError(f"{method} {path}", answer.status, str(said.get("reason", "")), words)
        return said

    def _kind(self, version: str, kind: str) -> tuple[str, bool]:
        """Plural name, and whether objects live in namespaces; a kind that came later is asked for again."""
        if kind not in self._kinds.get(version, {}):
            self._kinds[version] = self._ask(version)
        if kind not in self._kinds[version]:
            raise ClusterError(f"the API server knows no {kind} of {version}: apply its definition first")
        return self._kinds[version][kind]

    def _ask(self, version: str) -> dict[str, tuple[str, bool]]:
        try:
            said = self.request("GET", f"/api/{version}" if "/" not in version else f"/apis/{version}")
        except RefusedError as refused:
            if refused.code != HTTP_NOT_FOUND:
                raise
            return {}
        return {r["kind"]: (r["name"], r["namespaced"]) for r in said["resources"] if "/" not in r["name"]}


def _json(text: str) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}
