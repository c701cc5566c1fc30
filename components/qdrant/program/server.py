"""Calls of Qdrant's API, as its administrator: collections of teams, and snapshots.

https://api.qdrant.tech/api-reference (2026-11)
"""

import json
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

SECONDS = 600
"""A snapshot of many gigabytes takes minutes."""


class Server:
    """One node of Qdrant."""

    def __init__(self, url: str, key: str, opener: urllib.request.OpenerDirector | None = None) -> None:
        """The node at ``url``; ``opener`` is for tests."""
        self._url, self._key = url, key
        self._opener = opener or urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def collections(self) -> list[str]:
        """Every collection."""
        return sorted(each["name"] for each in self._ask("GET", "/collections")["collections"])

    def make_collection(self, name: str, shape: Mapping[str, Any]) -> None:
        """An empty collection; its vectors keep their size and distance for good."""
        self._ask("PUT", f"/collections/{quote(name)}", shape)

    def snapshot(self, collection: str) -> str:
        """Name of a new snapshot of what this node has of a collection."""
        return str(self._ask("POST", f"/collections/{quote(collection)}/snapshots?wait=true")["name"])

    def open_snapshot(self, collection: str, name: str) -> Any:
        """A snapshot, to be read like a file."""
        return self._send("GET", f"/collections/{quote(collection)}/snapshots/{quote(name)}")

    def forget_snapshot(self, collection: str, name: str) -> None:
        """A snapshot leaves the node's disk."""
        self._ask("DELETE", f"/collections/{quote(collection)}/snapshots/{quote(name)}?wait=true")

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        with self._send(method, path, body) as answer:
            return json.load(answer)["result"]

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        headers = {"api-key": self._key, "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"{self._url}{path}", data=data, headers=headers, method=method)  # noqa: S310 (an address of the cluster)
        return self._opener.open(request, timeout=SECONDS)
