"""Reports of the example estate, and small graphs with names that nobody should trust."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from llmlz.access.calls import guardrail_versions
from llmlz.access.matrix import Row, matrix
from llmlz.checks.evaluate import Evaluation, Finding, evaluate
from llmlz.cli.accessing import destinations
from llmlz.cost.fixed import Cost, fixed_cost
from llmlz.cost.prices import load
from llmlz.graph.model import Graph, Resource, Source
from llmlz.local.calls import Call
from llmlz.local.deploy import Deployed, Deployment
from llmlz.report.assemble import report_of
from llmlz.report.model import Report
from tests import estates

CREATED = "2026-11-21T12:00:00+00:00"
CEILING = Decimal(150)
LEVEL = 1
HOSTILE = "<script>alert('x')</script>&amp;\"'>{{ 7 * 7 }}\x07"


@cache
def costs() -> Mapping[str, Cost]:
    """Fixed cost of every stack of the example estate."""
    return {name: fixed_cost(graph, load()) for name, graph in estates.recorded().items()}


@cache
def evaluations() -> Mapping[str, Evaluation]:
    """Controls over every stack of the example estate."""
    graphs = estates.recorded()
    return {
        name: evaluate(graph, LEVEL, [g for other, g in graphs.items() if other != name])
        for name, graph in graphs.items()
    }


@cache
def access() -> tuple[Row, ...]:
    """Who may call what, without the text of any boundary: what is allowed by roles cannot be decided."""
    graphs = list(estates.recorded().values())
    versions = [version for graph in graphs for version in guardrail_versions(graph)]
    return matrix(graphs, {}, destinations=destinations(estates.example()), guardrails=versions)


def example(**changed: Any) -> Report:
    """The report of the example estate after the checks that need no tool."""
    given: dict[str, Any] = {
        "title": "platform-sandbox and its teams",
        "created": CREATED,
        "graphs": estates.recorded(),
        "level": LEVEL,
        "access": access(),
        "costs": costs(),
        "ceilings": {"platform-sandbox": CEILING},
        "evaluations": evaluations(),
    }
    return report_of(**(given | changed))


def call(**changed: Any) -> Call:
    """A call that went as expected."""
    given: dict[str, Any] = {
        "name": "approved model",
        "expected": "answered",
        "got": "answered",
        "how": "Converse",
        "note": "",
    }
    return Call(**(given | changed))


def resource(name: str, type_: str = "aws:s3/bucket:Bucket", parent: str | None = None, **changed: Any) -> Resource:
    """One resource of the stack ``dev``."""
    given: dict[str, Any] = {"kind": "custom", "inputs": {}, "source": Source(file="a.py", line=1)}
    urn = f"urn:pulumi:dev::llmlz::{type_}::{name}"
    return Resource(urn=urn, type=type_, name=name, parent=parent, **(given | changed))


def graph(*resources: Resource, **changed: Any) -> Graph:
    """The stack ``dev``."""
    given: dict[str, Any] = {"stack": "dev", "account": "111122223333", "region": "eu-central-1"}
    return Graph(project="llmlz", resources=resources, **(given | changed))


def finding(made: Resource, **changed: Any) -> Finding:
    """A blocking violation of a resource."""
    given: dict[str, Any] = {"control": "KEY-01", "severity": "high", "mandatory": True, "verdict": "violated"}
    given |= {"urn": made.urn, "source": made.source, "message": "wrong", "remediation": "correct it"}
    return Finding(**(given | changed))


def deployment(made: Graph, *, missing: Mapping[str, str], unexpected: Mapping[str, str]) -> Deployment:
    """Everything of a graph exists, besides what is missing."""
    existing: dict[str, Mapping[str, Any]] = {r.urn: {} for r in made.custom() if r.urn not in missing}
    stack = Deployed(graph=made, existing=existing, missing=missing, outputs={})
    return Deployment(stacks={made.stack: stack}, unexpected=unexpected, seconds=1.0)
