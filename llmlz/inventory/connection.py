"""Reads a Kubernetes API over HTTPS: lists alone, whole or not at all, and only from a server that proves who it is."""

import contextlib
import http.client
import json
import os
import ssl
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as with_default
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

PAGE = 500
"""Objects a page: what kubectl asks for.

https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks (2026-11)
"""

ATTEMPTS = 4
BUSY = (429, 500, 502, 503, 504)
LONGEST_WAIT = 10.0
"""Seconds; what a server asks for beyond is not waited for."""

GONE = 410
"""A list took so long that the server forgot where it was: it starts again."""

LARGEST = 256 * 1024 * 1024
"""Bytes of one page; a server that sends more is not believed."""


class ClusterError(Exception):
    """A cluster did not answer, or not as Kubernetes does; the message holds no credentials."""


class NotServedError(ClusterError):
    """The cluster has no such kind of object."""


class Lists(Protocol):
    """A cluster that can be asked."""

    def __call__(self, path: str, /) -> list[Mapping[str, Any]]:
        """Every object of a list, such as ``/api/v1/nodes``.

        Raises ``NotServedError`` where the cluster has no such kind, and ``ClusterError`` with the reason.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """Where a cluster is, and what proves both sides. Its texts show no credentials."""

    server: str
    """``https://``, host, and perhaps port and path."""

    authority: str | None
    """Certificates of who may sign the server's, as PEM; those of the machine if ``None``."""

    token: Callable[[], str] | None = with_default(default=None, repr=False)
    """Makes a bearer token, anew for each question; ``None`` with a client certificate."""

    certificate: str | None = with_default(default=None, repr=False)
    """Client certificate and its key, as PEM, one after the other."""


class Connection:
    """Asks one cluster. No proxy is used and no redirection is followed, so a token goes to that server alone."""

    def __init__(
        self, endpoint: Endpoint, *, timeout: float = 30.0, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Check the address and the certificates; raises ``ClusterError`` where they are none."""
        try:
            parts = urlsplit(endpoint.server)
            port = parts.port or 443
        except ValueError:
            raise ClusterError(f"{endpoint.server}: expected an address, with a port that is a number") from None
        if parts.scheme != "https" or not parts.hostname:
            raise ClusterError(f"{endpoint.server}: expected an address that starts with https://")
        self._endpoint, self._timeout, self._sleep = endpoint, timeout, sleep
        self._host, self._port, self._prefix = parts.hostname, port, parts.path.rstrip("/")
        self._context = _context(endpoint)

    def __call__(self, path: str) -> list[Mapping[str, Any]]:
        """Every object of a list."""
        for last in (False, False, True):
            try:
                return self._pages(path, None if last else PAGE)
            except _GoneError:
                continue
        raise ClusterError(f"{path}: the list changed faster than it could be read")

    def _pages(self, path: str, size: int | None) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        more = ""
        while True:
            asked = {**({"limit": str(size)} if size else {}), **({"continue": more} if more else {})}
            answer = self._get(f"{path}?{urlencode(asked)}" if asked else path)
            items, about = answer.get("items"), answer.get("metadata", {})
            if not isinstance(items, list) or not isinstance(about, dict):
                raise ClusterError(f"{path}: expected a list, and the server sent none")
            found += items
            before, more = more, str(about.get("continue") or "")
            if not more:
                return found
            if more == before:
                raise ClusterError(f"{path}: the server sends the same page again and again")

    def _get(self, target: str) -> Mapping[str, Any]:
        """One answer; a server that is busy is asked again."""
        for attempt in range(ATTEMPTS):
            status, wait, body = self._send(target)
            if status == http.client.OK:
                return _decoded(target, body)
            if status == GONE:
                raise _GoneError(target)
            if status == http.client.NOT_FOUND:
                raise NotServedError(f"{target}: the cluster does not know it")
            if status not in BUSY:
                raise ClusterError(f"{target}: the server answered {status}: {_said(body)}")
            if attempt < ATTEMPTS - 1:
                self._sleep(min(wait if wait is not None else 0.5 * 2**attempt, LONGEST_WAIT))
        raise ClusterError(f"{target}: the server answered {status} to {ATTEMPTS} questions: {_said(body)}")

    def _send(self, target: str) -> tuple[int, float | None, bytes]:
        headers = {"Accept": "application/json", "User-Agent": "llmlz-inventory"}
        if self._endpoint.token is not None:
            headers["Authorization"] = f"Bearer {self._endpoint.token()}"
        connection = http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=self._context)
        try:
            connection.request("GET", self._prefix + target, headers=headers)
            answer = connection.getresponse()
            body = answer.read(LARGEST + 1)
        except (OSError, http.client.HTTPException) as error:
            raise ClusterError(f"{self._endpoint.server} did not answer: {type(error).__name__} {error}") from None
        except ValueError:  # a header that is none: its text would show the token
            raise ClusterError(f"{self._endpoint.server}: the credentials cannot be sent in a header") from None
        finally:
            connection.close()
        if len(body) > LARGEST:
            raise ClusterError(f"{target}: the answer is larger than {LARGEST} bytes")
        wait = answer.getheader("Retry-After", "")
        return answer.status, float(wait) if wait.isdigit() else None, body


class _GoneError(Exception):
    """The list must start again."""


def _context(endpoint: Endpoint) -> ssl.SSLContext:
    """Checks server and host name. Not ``create_default_context``: from Python 3.13 on that refuses authorities without
    a key identifier, which those of clusters may lack: https://github.com/kubernetes-client/python/issues/2394 (2026-11).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        if endpoint.authority is None:
            context.load_default_certs()
        else:
            context.load_verify_locations(cadata=endpoint.authority)
        if endpoint.certificate is not None:
            _load_certificate(context, endpoint.certificate)
    except (ssl.SSLError, ValueError) as error:
        raise ClusterError(f"{endpoint.server}: its certificates cannot be read ({type(error).__name__})") from None
    return context


def _load_certificate(context: ssl.SSLContext, pem: str) -> None:
    """By a file that only this user can read, and only as long as it takes: the library knows no other way."""
    handle, path = tempfile.mkstemp(prefix="llmlz-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(pem)
        context.load_cert_chain(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def _decoded(target: str, body: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        raise ClusterError(f"{target}: the server answered something that is no JSON") from None
    if not isinstance(answer, dict):
        raise ClusterError(f"{target}: expected an object, and the server sent a {type(answer).__name__}")
    return answer


def _said(body: bytes) -> str:
    """The message of a refusal, which Kubernetes sends as an object; the start of anything else."""
    try:
        return str(json.loads(body)["message"])[:500]
    except (ValueError, KeyError, TypeError):
        return body[:200].decode("utf-8", "replace")
