"""From graphs and runs to what the report says: steps, stacks, rehearsals, the local cloud and calls."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Protocol

from llmlz.graph.inventory import counts
from llmlz.graph.model import Graph, Resource
from llmlz.local.calls import Call
from llmlz.local.deploy import Deployed, Deployment
from llmlz.rehearsal.rehearse import Rehearsal
from llmlz.report.model import CallLine, Component, LocalStack, Made, Outcome, RehearsalLine, Stack, Step
from llmlz.report.sketch import short


class Ended(Protocol):
    """A step that has ended, whoever ran it."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def outcome(self) -> Outcome:
        """How it ended."""

    @property
    def seconds(self) -> float:
        """How long it took."""

    @property
    def said(self) -> str:
        """Result, failure or reason."""


def from_steps(steps: Iterable[Ended]) -> tuple[Step, ...]:
    """Steps in their order."""
    return tuple(Step(name=s.name, outcome=s.outcome, seconds=round(s.seconds, 1), said=s.said) for s in steps)


def from_graphs(graphs: Mapping[str, Graph]) -> tuple[Stack, ...]:
    """Every resource that a provider makes, below the component that made it."""
    return tuple(
        Stack(
            name=graph.stack,
            account=graph.account,
            region=graph.region,
            counts=counts(graph),
            components=tuple(_components(graph)),
        )
        for graph in graphs.values()
    )


def _components(graph: Graph) -> Iterable[Component]:
    def owner(resource: Resource) -> str:
        return resource.parent or ""

    for urn, made in groupby(sorted(graph.custom(), key=lambda r: (owner(r), r.name, r.type)), key=owner):
        parent = graph.by_urn.get(urn)
        resources = tuple(
            Made(name=r.name, type=r.type, where=str(r.source or ""), protected=r.options.protect) for r in made
        )
        yield Component(
            name=parent.name if parent else "", type=short(parent.type) if parent else "", resources=resources
        )


def from_rehearsals(rehearsals: Mapping[str, Rehearsal]) -> tuple[RehearsalLine, ...]:
    """What the AWS provider said to each stack."""
    return tuple(
        RehearsalLine(stack=name, findings=tuple(str(finding) for finding in found.findings))
        for name, found in rehearsals.items()
    )


def from_deployment(deployment: Deployment | None) -> tuple[LocalStack, ...]:
    """What exists of each stack on the local cloud."""
    return tuple(
        LocalStack(
            stack=name,
            existing=len(stack.existing),
            missing=len(stack.missing),
            unexpected=tuple(_unexpected(stack, deployment)),
        )
        for name, stack in (deployment.stacks.items() if deployment else ())
    )


def _unexpected(stack: Deployed, deployment: Deployment | None) -> Iterable[str]:
    return (
        f"{_name(urn)}: {reason}"
        for urn, reason in (deployment.unexpected.items() if deployment else ())
        if urn in stack.missing
    )


def from_calls(calls: Sequence[Call]) -> tuple[CallLine, ...]:
    """Calls in their order."""
    return tuple(CallLine(name=c.name, expected=c.expected, got=c.got, how=c.how, note=c.note) for c in calls)


def _name(urn: str) -> str:
    return urn.rpartition("::")[2]
