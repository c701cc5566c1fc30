"""Many objects, applied in order; a new kind is used when the server serves it."""

import time
from collections.abc import Iterable
from typing import Any

from llmlz.cluster.client import Client, Manifest
from llmlz.cluster.daemons import POLL_SECONDS, ClusterError

DEFINITION = "CustomResourceDefinition"
ESTABLISHED_SECONDS = 20.0


def apply_all(client: Client, manifests: Iterable[Manifest], *, dry_run: bool = False) -> tuple[dict[str, Any], ...]:
    """Apply each, and wait for every new kind; the objects as the server keeps them.

    Raises ``RefusedError`` at the first that the server refuses: what came before stays.
    """
    kept = []
    for manifest in manifests:
        kept.append(client.apply(manifest, dry_run=dry_run))
        if manifest["kind"] == DEFINITION and not dry_run:
            _wait_for(client, manifest)
    return tuple(kept)


def _wait_for(client: Client, definition: Manifest) -> None:
    spec = definition["spec"]
    end = time.monotonic() + ESTABLISHED_SECONDS
    for version in (f"{spec['group']}/{v['name']}" for v in spec["versions"] if v["served"]):
        while not client.serves(version, spec["names"]["kind"]):
            if time.monotonic() > end:
                raise ClusterError(f"{version} {spec['names']['kind']} is not served after {ESTABLISHED_SECONDS:g} s")
            time.sleep(POLL_SECONDS)
