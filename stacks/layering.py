"""The layers: tier defaults, the estate's overlay, the stack's own values, and the locks over all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stacks.problems import Problem
from stacks.tier import TIERS, Layered, Lock, merge
from stacks.validate import shown

CHOICES: Mapping[str, tuple[str, ...]] = {
    "cluster": ("new", "existing"),
    "keys": ("new", "existing"),
    "logs.archive": ("new", "existing"),
    "logs.object_lock": ("governance", "compliance"),
    "network": ("new", "existing"),
    "signatures": ("key", "workflow"),
}
"""Settings that are one of several shapes: choosing one drops the others from the layers below."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layer:
    """Values from one file, and where in that file they stand."""

    file: str
    at: str
    values: Mapping[str, Any]


def layered(
    tier_name: str, tier: Layered, overlay: tuple[Layered, Layer] | None, stack: Layer
) -> tuple[dict[str, Any], list[Problem]]:
    """The merged values, and every lock that a layer breaks."""
    locks, problems = dict(tier.locks), []
    values: Mapping[str, Any] = tier.defaults
    if overlay:
        found, layer = overlay
        problems += _loosened(tier_name, tier, found, layer)
        locks |= found.locks
        problems += _broken(tier_name, tier.locks, layer)
        values = _over(values, layer.values)
    problems += _broken(tier_name, locks, stack)
    merged = _over(values, stack.values)
    problems += _left_out(tier_name, tier.locks, merged, [stack, *([overlay[1]] if overlay else [])])
    if overlay:
        problems += _unmet(merged, stack, *overlay)
    return merged, problems


def _left_out(
    tier_name: str, locks: Mapping[str, Lock], merged: Mapping[str, Any], layers: Sequence[Layer]
) -> list[Problem]:
    """Locks that nobody but the tier's own default breaks: what only the company knows must be said by it."""
    return [
        Problem(
            file=layers[0].file,
            path=f"{layers[0].at}.{path}" if layers[0].at else path,
            value="",
            expected=f"a value that is {lock.says()}: tier {tier_name} demands one, because {lock.reason}",
            fix="set it",
        )
        for path, lock in sorted(locks.items())
        if _at(merged, path)[0]
        and not lock.permits(_at(merged, path)[1])
        and not any(_at(layer.values, path)[0] for layer in layers)
    ]


def _unmet(merged: Mapping[str, Any], stack: Layer, overlay: Layered, layer: Layer) -> list[Problem]:
    """Locks of the overlay that a value breaks which no stack set: the tier's default, or one of the overlay's own."""
    problems = []
    for path, lock in sorted(overlay.locks.items()):
        present, value = _at(merged, path)
        if present and not lock.permits(value) and not _at(stack.values, path)[0]:
            problems.append(
                Problem(
                    file=layer.file,
                    path=f"{layer.at.removesuffix('defaults')}locks.{path}",
                    value=lock.says(),
                    expected=f"a lock that the default keeps: {path} is {shown(value)} where a stack says nothing",
                    fix=f"set {layer.at}.{path} to a value that the lock allows",
                )
            )
    return problems


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    base = dict(below)
    for path, shapes in CHOICES.items():
        _, chosen = _at(above, path)
        _, old = _at(base, path)
        if isinstance(chosen, Mapping) and any(shape in chosen for shape in shapes) and isinstance(old, Mapping):
            base = _with(base, path.split("."), {shape: value for shape, value in old.items() if shape in chosen})
    store = above.get("vector_store")
    if (
        isinstance(store, Mapping)
        and "engine" in store
        and store["engine"] != (base.get("vector_store") or {}).get("engine")
    ):
        base["vector_store"] = {}  # the values of one engine mean nothing to another
    return merge(base, above)


def _broken(tier_name: str, locks: Mapping[str, Lock], layer: Layer) -> list[Problem]:
    problems = []
    for path, lock in sorted(locks.items()):
        present, value = _at(layer.values, path)
        if present and not lock.permits(value):
            problems.append(
                Problem(
                    file=layer.file,
                    path=f"{layer.at}.{path}" if layer.at else path,
                    value=shown(value),
                    expected=f"{lock.says()}: locked at tier {tier_name}, because {lock.reason}; {_from(lock)}",
                    fix=_fix(lock),
                )
            )
    return problems


def _loosened(tier_name: str, tier: Layered, overlay: Layered, layer: Layer) -> list[Problem]:
    return [
        Problem(
            file=layer.file,
            path=f"{layer.at.removesuffix('defaults')}locks.{path}",
            value=lock.says(),
            expected=f"something at least as strict as {tier.locks[path].says()},"
            f" which tier {tier_name} sets because {tier.locks[path].reason}",
            fix="tighten the lock, or remove it",
        )
        for path, lock in sorted(overlay.locks.items())
        if path in tier.locks and not lock.tightens(tier.locks[path])
    ]


def _from(lock: Lock) -> str:
    return f"allowed from tier {lock.allowed_from}" if lock.allowed_from in TIERS else "no tier allows it"


def _fix(lock: Lock) -> str:
    return "remove it" if lock.absent else f"remove the line, or set {lock.says()}"


def _with(values: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    first, *rest = path
    return {**values, first: _with(values[first], rest, value) if rest else value}


def _at(values: Mapping[str, Any], path: str) -> tuple[bool, Any]:
    here: Any = values
    for step in path.split("."):
        if not isinstance(here, Mapping) or step not in here:
            return False, None
        here = here[step]
    return True, here
