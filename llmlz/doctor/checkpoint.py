"""The state of one stack as a backend keeps it, or as ``pulumi stack export`` writes it, and whether it holds together.

The rules are those by which the engine refuses a state: ``VerifyIntegrity`` in
https://github.com/pulumi/pulumi/blob/v3.256.0/pkg/resource/deploy/snapshot.go (2026-11).
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from llmlz.doctor.backend import BACKUP, ENDINGS, StackKeys, Store, Stored

PROVIDER = "pulumi:providers:"


class BrokenStateError(Exception):
    """What was read is no state; the message says how."""


class UnreadableStateError(Exception):
    """It may be a state, and this program cannot read it."""


def stored(store: Store, keys: StackKeys) -> tuple[Stored, ...]:
    """The state's objects, the one that the engine reads first: the one written last."""
    wanted = {keys.checkpoint + ending for ending in ENDINGS}
    found = [one for one in store.list(keys.checkpoint + ".json") if one.key in wanted]
    return tuple(sorted(found, key=lambda one: one.modified, reverse=True))


def backup_of(key: str) -> str:
    """Key of the copy that the engine makes before it writes."""
    return key + BACKUP


def read_deployment(content: bytes, name: str) -> Mapping[str, Any]:
    """What is deployed, from a checkpoint or an export; empty where nothing is recorded.

    Raises ``BrokenStateError`` and ``UnreadableStateError``.
    """
    name = name.removesuffix(BACKUP)
    if name.endswith(".zst"):
        raise UnreadableStateError(
            "it is compressed with zstd; pulumi stack export > state.json, then --state state.json"
        )
    try:
        raw = json.loads(gzip.decompress(content) if name.endswith(".gz") else content)
    except (ValueError, EOFError, OSError, zlib.error) as error:
        raise BrokenStateError(f"it is cut short or damaged: {error}") from None
    if not isinstance(raw, dict) or raw.get("version") not in (3, 4):
        raise UnreadableStateError("expected a state of version 3 or 4")
    if "checkpoint" not in raw and "deployment" not in raw:
        raise UnreadableStateError("expected a checkpoint or a deployment in it")
    around = raw["checkpoint"] if "checkpoint" in raw else {"latest": raw["deployment"]}
    deployment = around.get("latest") or {} if isinstance(around, dict) else None
    if not isinstance(deployment, dict) or not isinstance(deployment.get("resources") or [], list):
        raise BrokenStateError("it has not the shape of a state")
    return deployment


def strangers(deployment: Mapping[str, Any], keys: StackKeys) -> tuple[str, ...]:
    """The stacks, other than the one that is meant, whose resources or operations the state holds.

    A URN begins with its stack and its project: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns (2026-11).
    """
    ours = ["urn:pulumi:" + keys.stack, keys.project]
    entries = [*(deployment.get("resources") or ())]
    entries += [one["resource"] for one in deployment.get("pending_operations") or ()]
    starts = {tuple(one["urn"].split("::")[:2]) for one in entries if one.get("urn")}
    others = sorted(start for start in starts if list(start) != ours)
    return tuple(f"{one[0].removeprefix('urn:pulumi:')} of project {''.join(one[1:]) or '(none)'}" for one in others)


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason for which the engine would refuse a state."""

    text: str
    """What is wrong, for a person."""

    mendable: bool = False
    """Whether ``pulumi state repair`` mends it: it sorts, and drops references that lead nowhere."""


def faults(deployment: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Every reason for which the engine would refuse the state."""
    return (*_manifest(deployment.get("manifest") or {}), *_resources(deployment.get("resources") or ()))


def _manifest(manifest: Mapping[str, Any]) -> Iterator[Fault]:
    version = manifest.get("version", "")
    expected = sha256(version.encode()).hexdigest() if version else ""
    if manifest.get("magic", "") != expected:
        yield Fault("the magic number of the manifest is not that of its version: something else than pulumi wrote it")


def _resources(resources: Any) -> Iterator[Fault]:
    everywhere = {one.get("urn") for one in resources}
    seen: set[str] = set()
    providers: set[str] = set()
    alive: set[str] = set()
    for position, one in enumerate(resources):
        urn, token = one.get("urn", ""), one.get("type", "")
        if not urn or not token:
            yield Fault(f"resource {position} has no {'type' if urn else 'URN'}")
            continue
        if one.get("id") and not one.get("custom"):
            yield Fault(f"{urn} has an id and is no custom resource")
        if token.startswith(PROVIDER):
            providers.add(f"{urn}::{one.get('id', '')}")
        if one.get("provider") and one["provider"] not in providers and not one.get("pendingReplacement"):
            yield Fault(f"{urn}: there is no provider {one['provider']} before it")
        for kind, other in _references(one):
            if other not in seen:
                told = "comes after it" if other in everywhere else "is missing"
                yield Fault(f"{urn}: its {kind} {other} {told}", mendable=True)
        if urn in alive and not one.get("delete"):
            yield Fault(f"{urn} is there twice")
        if not one.get("delete"):
            alive.add(urn)
        seen.add(urn)


def _references(one: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    found = [("parent", one.get("parent")), ("owner in deletion", one.get("deletedWith"))]
    found += [("dependency", other) for other in one.get("dependencies") or ()]
    for name, others in (one.get("propertyDependencies") or {}).items():
        found += [(f"dependency of {name}", other) for other in others or ()]
    found += [("partner in replacement", other) for other in one.get("replaceWith") or ()]
    yield from dict.fromkeys((kind, other) for kind, other in found if other)
