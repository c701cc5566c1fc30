"""Let checkov judge a graph.

Owns: the order of steps, and verdicts in the terms of the graph.
Does not own: what a verdict means for a person (findings), and any step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmlz.checkov.answers import Answer, Catalogue, Judged, Verdict
from llmlz.checkov.coverage import missing
from llmlz.checkov.doubt import Doubt
from llmlz.checkov.manifests import manifests
from llmlz.checkov.paths import property_path
from llmlz.checkov.process import Checkov, CheckovError
from llmlz.checkov.projection import project
from llmlz.graph.model import Graph, Resource, stack_urn
from llmlz.rehearsal import names
from llmlz.rehearsal.schema import Schema

RUNNABLE = frozenset({"python", "graph", "kubernetes", "kubernetes-graph"})
RESOURCE_TYPE = "resource_type"
"""What a check over connected resources calls the type that it filters by."""


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """What one check says about one resource."""

    check: str
    urn: str
    verdict: Verdict
    message: str
    """What is checked, and the inputs that were looked at, in Pulumi's names where they are known."""


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything that checkov said about a graph, and everything that it did not."""

    results: tuple[Result, ...]
    """Ordered by check, then URN."""

    doubts: tuple[Doubt, ...]
    """Ordered by URN."""

    looked_at: tuple[str, ...]
    """URNs that at least one check looked at, in order."""


def scan(
    graph: Graph,
    checks: Sequence[str],
    *,
    checkov: Checkov,
    schema: Schema | None = None,
    external: Path | None = None,
) -> Scan:
    """Judge a graph by checks of checkov, or of the caller in ``external``.

    ``schema`` defaults to the committed extract. A pass of a resource that is in doubt is unknown. Raises
    ``CheckovError`` when checkov fails, and for a check that does not exist or judges no resources.
    """
    catalogue = known(checks, checkov, external)
    projected = project(graph, catalogue, schema)
    found = scan_plan(
        projected.plan, projected.urns, graph, catalogue, checkov=checkov, schema=schema, external=external
    )
    return doubted(found, projected.doubts, graph, catalogue)


def known(checks: Sequence[str], checkov: Checkov, external: Path | None = None) -> Catalogue:
    """What the checks judge; raises ``CheckovError`` for one that cannot judge any resource."""
    catalogue = checkov.hello(checks, external)
    for id_ in checks:
        check = catalogue.checks.get(id_)
        if check is None:
            raise CheckovError(f"checkov {catalogue.version} has no check {id_}\n  fix: correct the id, or its folder")
        if not check.homes & RUNNABLE:
            what = " and ".join(sorted(check.homes))
            raise CheckovError(
                f"{id_} judges a {what}, of which a graph has none\n  fix: ask for its twin for resources"
            )
    return catalogue


def scan_plan(
    plan: Mapping[str, Any],
    urns: Mapping[str, str],
    graph: Graph,
    catalogue: Catalogue,
    *,
    checkov: Checkov,
    schema: Schema | None = None,
    external: Path | None = None,
) -> Scan:
    """Judge a plan of the graph, and the graph's manifests; ``urns`` is address to URN of what must be judged."""
    ids = sorted(catalogue.checks)
    stack = stack_urn(graph.project, graph.stack)
    asked = {at: (urn, at.partition(".")[0]) for at, urn in urns.items()}
    answer = checkov.plan(plan, ids, external) if asked else Answer((), frozenset(), ())
    made = manifests(graph, catalogue)
    kinds = {urn: (urn, str(manifest["kind"])) for urn, manifest in made.manifests.items()}
    said = checkov.manifests(made.manifests, ids) if kinds else Answer((), frozenset(), ())
    doubts = [*missing(asked, answer, catalogue, stack), *missing(kinds, said, catalogue, stack)]
    told = [*_results(answer, asked, graph, catalogue, schema), *_results(said, kinds, graph, catalogue, schema)]
    looked_at = sorted(
        {(asked | kinds)[at][0] for at in (*answer.scanned, *said.scanned) if at in asked or at in kinds}
    )
    found = Scan(tuple(sorted(told)), tuple(sorted(doubts, key=_order)), tuple(looked_at))
    return doubted(found, made.doubts, graph, catalogue)


def doubted(found: Scan, doubts: Sequence[Doubt], graph: Graph, catalogue: Catalogue) -> Scan:
    """A scan with more doubts: what passed and is in doubt, is not known to pass.

    A check over connected resources is in doubt as soon as a neighbour is.
    """
    every = sorted({*found.doubts, *doubts}, key=_order)
    unsure = {doubt.urn for doubt in every if doubt.check is None}
    single = {(doubt.check, doubt.urn) for doubt in every}
    near = unsure | {r.urn for r in graph.resources if any(reference.to in unsure for reference in r.references)}
    near |= {reference.to for urn in unsure & set(graph.by_urn) for reference in graph.by_urn[urn].references}

    def sure(result: Result) -> Result:
        doubtful = near if catalogue.checks[result.check].sees else unsure
        if result.verdict != "passed" or (result.urn not in doubtful and (result.check, result.urn) not in single):
            return result
        return Result(result.check, result.urn, "unknown", f"{result.message}; not sure, since there are doubts")

    return Scan(tuple(sure(result) for result in found.results), tuple(every), found.looked_at)


def _order(doubt: Doubt) -> tuple[str, str, str]:
    return doubt.urn, doubt.check or "", doubt.message


def _results(
    answer: Answer, asked: Mapping[str, tuple[str, str]], graph: Graph, catalogue: Catalogue, schema: Schema | None
) -> Iterator[Result]:
    for judged in answer.results:
        if judged.address in asked:
            resource = graph.by_urn[asked[judged.address][0]]
            message = _message(judged, resource, catalogue, schema or Schema.committed())
            yield Result(judged.check, resource.urn, judged.verdict, message)


def _message(judged: Judged, resource: Resource, catalogue: Catalogue, schema: Schema) -> str:
    """What is checked, and where."""
    type_ = judged.address.partition(".")[0]
    keys = [key for key in judged.keys if key != RESOURCE_TYPE]
    if type_ in schema and not judged.address.startswith("urn:"):
        block, renamed = schema.block(type_), names.properties(resource.type)
        keys = [property_path(key, block, renamed, resource.inputs) for key in keys]
    shown = list(dict.fromkeys(keys))
    return catalogue.checks[judged.check].name + (f": {', '.join(shown)}" if shown else "")
