"""Judge Kubernetes manifests with checkov's checks.

Owns: from manifests to verdicts. Annotations that would skip a check are not heard: a waiver is the caller's to give.
Does not own: which checks exist (``known``).
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import known
from checkov.common.graph.graph_builder import CustomAttributes
from checkov.common.util.consts import END_LINE, START_LINE

Found = tuple[str, str, str, list[str]]
"""Check, address, verdict, evaluated keys."""


def judge(manifests: Mapping[str, Mapping[str, Any]], checks: Sequence[str]) -> dict[str, Any]:
    """Verdicts of the checks over manifests by address, the addresses looked at, and what could not be read."""
    wanted = frozenset(checks)
    errors: list[str] = []
    results = [*_by_code(manifests, wanted), *_by_graph(manifests, wanted, errors)]
    return {"results": results, "scanned": sorted({found[1] for found in results}), "errors": errors}


def _by_code(manifests: Mapping[str, Mapping[str, Any]], wanted: frozenset[str]) -> Iterator[Found]:
    for address, manifest in manifests.items():
        kind = str(manifest.get("kind"))
        for check in known.manifest_registry().get_checks(kind):
            if check.id not in wanted:
                continue
            try:
                told = check.run(address, copy.deepcopy(dict(manifest)), kind, kind, {})
            except Exception:  # the check has said so on standard error
                told = {"result": None, "evaluated_keys": []}
            yield check.id, address, known.verdict(told["result"]), told["evaluated_keys"]


def _by_graph(manifests: Mapping[str, Mapping[str, Any]], wanted: frozenset[str], errors: list[str]) -> Iterator[Found]:
    checks = [check for id_, check in known.graph_checks("kubernetes").items() if id_ in wanted]
    if not checks:
        return
    from checkov.kubernetes.runner import Runner  # noqa: PLC0415  # only requests with manifests pay for it

    manager = Runner().graph_manager
    lines = {START_LINE: 0, END_LINE: 0}
    graph = manager.build_graph_from_definitions({a: [copy.deepcopy(dict(m)) | lines] for a, m in manifests.items()})
    manager.save_graph(graph)
    missing = set(manifests) - {vertex.path for vertex in graph.vertices}
    errors += [f"{address} did not get into the graph" for address in sorted(missing)]
    for check in checks:
        try:
            told = check.run(manager.get_reader_endpoint())
        except Exception as error:
            errors.append(f"{check.id}: {type(error).__name__}: {error}")
            continue
        keys = sorted(check.get_evaluated_keys())
        for verdict, vertices in zip(("PASSED", "FAILED", "UNKNOWN"), told, strict=True):
            paths = sorted({vertex[CustomAttributes.FILE_PATH] for vertex in vertices})
            yield from ((check.id, path, verdict, keys) for path in paths)
