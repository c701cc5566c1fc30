"""The checks that checkov has, and what each of them judges.

Owns: finding checks by id, their types, and loading checks of the caller.
Does not own: running them.

A check is of one kind. ``python``: code over one resource. ``graph``: a definition over connected resources.
``kubernetes`` and ``kubernetes-graph``: the same over manifests. ``data`` and ``provider``: code over what is not a
resource, and never runs here.
"""

import functools
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.graph.checks_infra.enums import SolverType
from checkov.runner_filter import RunnerFilter
from checkov.terraform.checks.data.registry import data_registry
from checkov.terraform.checks.provider.registry import provider_registry
from checkov.terraform.checks.resource.registry import resource_registry
from checkov.terraform.plan_parser import RESOURCE_TYPES_JSONIFY
from checkov.version import version

VERSION: str = version

SKIPPED_ON_PLANS = frozenset({"CKV_AWS_217", "CKV_AWS_233", "CKV_AWS_237", "CKV_GCP_82"})
"""Checks of a resource's lifecycle, which a plan does not show; checkov's own plan runner leaves the same out."""

_loaded: dict[str, str] = {}
"""Folder of the caller to the hash of what was loaded from it."""


def documents() -> dict[str, str]:
    """Type to the argument that checkov itself reads as a JSON document."""
    return dict(RESOURCE_TYPES_JSONIFY)


@functools.cache
def manifest_registry() -> Any:
    """Code over manifests."""
    from checkov.kubernetes.checks.resource import k8s  # noqa: PLC0415  # takes a quarter of a second
    from checkov.kubernetes.checks.resource.registry import registry  # noqa: PLC0415

    return registry if k8s else None


def graph_checks(framework: str = "terraform") -> dict[str, Any]:
    """Id to definition, in checkov's order."""
    registry = get_graph_checks_registry(framework)
    registry.load_checks()
    return {check.id: check for check in registry.checks}


def python_checks(type_: str, wanted: frozenset[str]) -> list[Any]:
    """The wanted checks over one resource of a type, in checkov's order."""
    return [c for c in resource_registry.get_checks(type_) if c.id in wanted - SKIPPED_ON_PLANS]


def over_others(type_: str, wanted: frozenset[str]) -> list[Any]:
    """The wanted code over one resource of a type that looks at other resources too."""
    return [check for check in python_checks(type_, wanted) if needs_graph(check)]


def looks_at(type_: str, wanted: frozenset[str]) -> bool:
    """Whether a wanted check judges a type, or names it."""
    if python_checks(type_, wanted):
        return True
    return any(not types(check).isdisjoint((type_, "all")) for id_, check in graph_checks().items() if id_ in wanted)


def needs_graph(check: Any) -> bool:
    """Whether the code of a check looks at other resources too."""
    methods = [m for cls in type(check).__mro__[:-1] for m in vars(cls).values() if hasattr(m, "__code__")]
    return any("graph" in method.__code__.co_names for method in methods if method.__name__ != "__init__")


def types(check: Any) -> set[str]:
    """Every type that a definition speaks of, at whatever end of a connection; ``all`` means any."""
    inner = {type_ for sub in check.sub_checks for type_ in types(sub)}
    if check.sub_checks:
        return inner
    if check.type == SolverType.FILTER:
        return set(_values(check)) if check.attribute == "resource_type" else set(check.resource_types)
    return {*check.resource_types, *check.connected_resources_types}


def judged(check: Any) -> set[str]:
    """The types that a definition gives a verdict on: those of its filter where it has one."""
    if check.sub_checks:
        filters = [set(_values(sub)) for sub in check.sub_checks if _filters_types(sub)]
        if check.operator == "and" and filters:
            return set.intersection(*filters)
        return {type_ for sub in check.sub_checks for type_ in judged(sub)}
    if _filters_types(check):
        return set(_values(check))
    return set(check.resource_types)


def _filters_types(check: Any) -> bool:
    return bool(check.type == SolverType.FILTER and check.attribute == "resource_type")


def _values(check: Any) -> Sequence[str]:
    value = check.attribute_value
    return [value] if isinstance(value, str) else list(value or ())


def described(ids: Sequence[str] | None) -> dict[str, dict[str, Any]]:
    """What the checks of some ids, or all, judge; an id that nobody knows is left out.

    ``homes`` are the kinds of a check, ``types`` the Terraform types that get a verdict, ``sees`` those that it looks at
    besides, ``kinds`` the kinds of manifests that get a verdict.
    """
    found: dict[str, dict[str, Any]] = {}
    wanted = None if ids is None else set(ids)
    for home, check, judges, seen in _all(wanted):
        if wanted is not None and check.id not in wanted:
            continue
        blank = {"name": check.name, "skipped": check.id in SKIPPED_ON_PLANS}
        entry = found.setdefault(check.id, blank | {part: set() for part in ("homes", "types", "sees", "kinds")})
        entry["homes"].add(home)
        entry["kinds" if home.startswith("kubernetes") else "types"] |= judges
        entry["sees"] |= seen
    return {id_: {k: sorted(v) if isinstance(v, set) else v for k, v in entry.items()} for id_, entry in found.items()}


def _all(wanted: set[str] | None) -> Iterator[tuple[str, Any, set[str], set[str]]]:
    """Kind, check, the types that get a verdict, and the types that are looked at."""
    for home, registry in (("python", resource_registry), ("data", data_registry), ("provider", provider_registry)):
        for entity, check in registry.all_checks():
            yield home, check, {entity} if home == "python" else set(), set()
    for check in graph_checks().values():
        yield "graph", check, judged(check), types(check)
    if wanted is None or any("_K8S_" in id_ for id_ in wanted):
        for entity, check in manifest_registry().all_checks():
            if not entity.startswith("kubernetes_"):
                yield "kubernetes", check, {entity}, set()
        for check in graph_checks("kubernetes").values():
            yield "kubernetes-graph", check, judged(check), set()


def verdict(result: Any) -> str:
    """What a check said, as text; nothing, and what only some checks say, is unknown."""
    name = getattr(result[0] if isinstance(result, tuple) else result, "name", "")
    return name if name in ("PASSED", "FAILED") else "UNKNOWN"


def load_external(folder: str | None) -> None:
    """Load the checks in a folder of the caller; what changed there since the last time takes the place of the old."""
    if folder is None:
        return
    files = sorted(p for p in Path(folder).rglob("*") if p.suffix in (".py", ".yaml", ".yml", ".json") and p.is_file())
    now = hashlib.sha256(b"".join(str(p).encode() + p.read_bytes() for p in files)).hexdigest()
    if _loaded.get(folder) == now:
        return
    for forgotten in list(_loaded):
        _forget(forgotten)
    resource_registry.load_external_checks(folder)
    graph = get_graph_checks_registry("terraform")
    graph.load_checks()
    graph.load_external_checks(folder)
    _loaded[folder] = now


def _forget(folder: str) -> None:
    """Take the checks of the caller out again."""
    for checks in (*resource_registry.checks.values(), *resource_registry.wildcard_checks.values()):
        checks[:] = [check for check in checks if not RunnerFilter.is_external_check(check.id)]
    graph = get_graph_checks_registry("terraform")
    graph.checks[:] = [check for check in graph.checks if not RunnerFilter.is_external_check(check.id)]
    del _loaded[folder]
