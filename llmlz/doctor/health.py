"""The health of one stack in a store: locks, the state itself, its copy, interrupted operations, what is guarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from llmlz.doctor.backend import BACKUP, StackKeys, Store, Stored
from llmlz.doctor.checkpoint import (
    BrokenStateError,
    UnreadableStateError,
    faults,
    read_deployment,
    stored,
    strangers,
)
from llmlz.doctor.copied import examine_copy
from llmlz.doctor.finding import ApiError, Finding, ok, problem, undecided
from llmlz.doctor.locks import Judge, examine_locks, release_locks
from llmlz.doctor.pending import examine_pending

SHOWN = 5
"""Faults of a state that one finding shows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """What was found, and the state if it could be read."""

    findings: tuple[Finding, ...]
    deployment: Mapping[str, Any] | None
    """``None`` where the state cannot be read, is another stack's, or there is none."""


def examine_store(store: Store, keys: StackKeys, judge: Judge, *, release: bool) -> Health:
    """Everything about one stack in a store; ``release`` deletes locks whose holder is gone, and nothing else ever is."""
    locks: list[Finding] = []
    try:
        for finding in (release_locks if release else examine_locks)(store, keys, judge):
            locks.append(finding)  # what was released before an error must be told
        found = stored(store, keys)
        if not found:
            return Health(findings=(*locks, _missing(store, keys)), deployment=None)
        copy = examine_copy(store, found[0], keys)
        content = store.read(found[0].key)
    except (OSError, KeyError, *ApiError) as error:
        fix = "check the address, its region and profile, and that the credentials may list, read and delete there"
        refused = undecided("state", f"the store: {error}", store.where, fix)
        return Health(findings=(*locks, refused), deployment=None)
    health = examine_state(content, f"{store.where}/{found[0].key}", keys, copy)
    variants = (_variants(store, found),) if len(found) > 1 else ()
    return Health(findings=(*locks, *variants, *health.findings, copy), deployment=health.deployment)


def examine_state(content: bytes, where: str, keys: StackKeys, copy: Finding | None = None) -> Health:
    """The state alone, as a file holds it, of the stack of ``keys``; ``copy`` is what is known of the backup.

    In a state of another stack nothing else is looked at: every fix would be for the wrong one.
    """
    try:
        deployment = read_deployment(content, where)
    except BrokenStateError as error:
        return Health(findings=(problem("state", str(error), where, _restore(copy)),), deployment=None)
    except UnreadableStateError as error:
        return Health(findings=(undecided("state", "cannot be read", where, str(error)),), deployment=None)
    try:
        if others := strangers(deployment, keys):
            return Health(findings=(_strange(others, where, keys),), deployment=None)
        findings = (
            _integrity(deployment, where, keys.stack, copy),
            *examine_pending(deployment, where, keys.stack),
            _guarded(deployment, where),
        )
    except (AttributeError, KeyError, TypeError) as error:
        told = f"it has not the shape of a state: {type(error).__name__} {error}"
        return Health(findings=(problem("state", told, where, _restore(copy)),), deployment=None)
    return Health(findings=findings, deployment=deployment)


def _strange(others: tuple[str, ...], where: str, keys: StackKeys) -> Finding:
    return problem(
        "state",
        f"it holds {', '.join(others)}, expected {keys.stack} of project {keys.project} alone",
        where,
        f"name the state of {keys.stack} with --state, or the stack that this one belongs to with --stack",
    )


def _integrity(deployment: Mapping[str, Any], where: str, stack: str, copy: Finding | None) -> Finding:
    found = faults(deployment)
    if not found and not deployment.get("resources"):
        never = "before its first deployment, or after its destruction, a stack looks so; otherwise "
        told = "no resource is recorded: nothing was deployed, or it is lost"
        return undecided("state", told, where, f"{never}{_restore(copy)}")
    if not found:
        return ok("state", f"{_count(deployment)} resources, in order, no reference is lost", where)
    more = f"; and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    fix = _restore(copy)
    if all(one.mendable for one in found):
        fix = f"pulumi state repair --stack {stack}, which keeps what it changed on the screen; or {fix}"
    return problem("state", "; ".join(one.text for one in found[:SHOWN]) + more, where, fix)


def _restore(copy: Finding | None) -> str:
    """What to go back to; nothing is written by this program."""
    if copy is not None and copy.outcome == "ok" and copy.where.endswith(BACKUP):
        return f"compare with the copy {copy.where}, which is whole, and put it back with pulumi stack import; then refresh"
    return "put back an earlier version (of the bucket, or a stack export) with pulumi stack import; then refresh"


def _missing(store: Store, keys: StackKeys) -> Finding:
    return undecided(
        "state",
        f"there is no stack {keys.stack} of project {keys.project}",
        f"{store.where}/{keys.checkpoint}.json",
        "check the address and the name of the stack; before the first deployment leave --state out",
    )


def _variants(store: Store, found: tuple[Stored, ...]) -> Finding:
    names = ", ".join(one.key for one in found)
    return problem(
        "state:variants",
        f"the state is there {len(found)} times: {names}; the engine reads the one that was written last",
        store.where,
        "keep PULUMI_DIY_BACKEND_GZIP the same everywhere, and move the older one away",
    )


def _guarded(deployment: Mapping[str, Any], where: str) -> Finding:
    resources = deployment.get("resources") or ()
    protected = sorted(_name(one) for one in resources if one.get("protect"))
    retained = sorted(_name(one) for one in resources if one.get("retainOnDelete"))
    kinds = {"protected": protected, "left behind when deleted": retained}
    told = [f"{len(names)} {kind} ({', '.join(names)})" for kind, names in kinds.items() if names]
    return ok("guarded", "; ".join(told) or "nothing is protected, nothing is retained", where)


def _name(one: Mapping[str, Any]) -> str:
    return str(one.get("urn", "(no URN)")).rpartition("::")[2]


def _count(deployment: Mapping[str, Any]) -> int:
    return len(deployment.get("resources") or ())
