"""What the picture shows: boxes, what is in them, and who uses whom, read from graphs.

Owns: which resources are worth a box.
Does not own: where a box stands (``picture``).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from llmlz.graph.model import Graph, Resource
from llmlz.report.links import Link, links

SUBNET = "aws:ec2/subnet:Subnet"
ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
PROFILE = "aws:bedrock/inferenceProfile:InferenceProfile"
ROLE = "aws:iam/role:Role"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One subnet of a network."""

    zone: str
    kind: str
    """The subnet's name without network and zone, such as ``data``."""

    cidr: str
    holds: tuple[str, ...]
    """Types of what stands in it, such as ``NatGateway``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """One component of a stack."""

    urn: str
    name: str
    type: str
    count: int
    """Resources that it made."""

    protected: int
    """How many of them the engine refuses to delete."""

    lines: tuple[str, ...]
    """What else it made, by type: ``5 Key``."""

    cells: tuple[Cell, ...]
    """Subnets; empty for what is no network."""

    used: tuple[str, ...]
    """Names of the resources in it that other stacks use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One role and the inference profiles that its policies name."""

    role: str
    profiles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One stack."""

    stack: str
    place: str
    """Region and account."""

    count: int
    """Resources that a provider makes."""

    boxes: tuple[Box, ...]
    calls: tuple[Call, ...]
    """Roles of the stack that name profiles, in the stack's order."""

    uses: tuple[str, ...]
    """URNs of the boxes of other stacks whose resources it uses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sketch:
    """Stacks that others use, and the others."""

    providers: tuple[Group, ...]
    """Stacks that another one uses; every stack where none uses another."""

    users: tuple[Group, ...]


def sketch(graphs: Mapping[str, Graph]) -> Sketch:
    """The sketch of these stacks, in their order."""
    found = links(graphs)
    used = {link.to_stack for link in found}
    groups = [_group(graph, graphs, found) for graph in graphs.values()]
    users = {link.stack for link in found} - used
    return Sketch(
        providers=tuple(group for group in groups if group.stack not in users),
        users=tuple(group for group in groups if group.stack in users),
    )


def _group(graph: Graph, graphs: Mapping[str, Graph], found: Sequence[Link]) -> Group:
    owners = [
        graphs[k].by_urn[link.to].parent
        for link in found
        if link.stack == graph.stack
        for k in graphs
        if graphs[k].stack == link.to_stack
    ]
    used = {link.to for link in found if link.to_stack == graph.stack}
    return Group(
        stack=graph.stack,
        place=" · ".join(part for part in (graph.region, graph.account) if part),
        count=len(graph.custom()),
        boxes=tuple(_box(graph, r, used) for r in graph.resources if r.kind == "component" and _children(graph, r)),
        calls=_calls(graph),
        uses=tuple(sorted({owner for owner in owners if owner})),
    )


def _box(graph: Graph, component: Resource, used: set[str]) -> Box:
    children = _children(graph, component)
    counts = Counter(short(r.type) for r in children if r.urn not in used)
    return Box(
        urn=component.urn,
        name=component.name,
        type=short(component.type),
        count=len(children),
        protected=sum(r.options.protect for r in children),
        lines=tuple(
            f"{count} {type_}" for type_, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ),
        cells=tuple(_cell(graph, component, r) for r in children if r.type == SUBNET),
        used=tuple(r.name for r in children if r.urn in used),
    )


def _children(graph: Graph, component: Resource) -> list[Resource]:
    return [r for r in graph.custom() if r.parent == component.urn]


def _cell(graph: Graph, component: Resource, subnet: Resource) -> Cell:
    zone = str(subnet.inputs.get("availabilityZone") or "")
    within = [r for r in graph.custom() if r.type != ASSOCIATION and any(x.to == subnet.urn for x in r.references)]
    return Cell(
        zone=zone,
        kind=subnet.name.removeprefix(f"{component.name}-").removesuffix(f"-{zone[-1:]}"),
        cidr=str(subnet.inputs.get("cidrBlock") or ""),
        holds=tuple(sorted({short(r.type) for r in within})),
    )


def _calls(graph: Graph) -> tuple[Call, ...]:
    """Roles and the profiles in a policy that names both."""
    found = []
    for role in graph.of_type(ROLE):
        policies = [r for r in graph.custom() if any(x.to == role.urn for x in r.references)]
        named = {x.to for policy in (role, *policies) for x in policy.references}
        profiles = tuple(profile.name for profile in graph.of_type(PROFILE) if profile.urn in named)
        if profiles:
            found.append(Call(role=role.name, profiles=profiles))
    return tuple(found)


def short(token: str) -> str:
    """``aws:kms/key:Key`` is ``Key``."""
    return token.rpartition(":")[2]
