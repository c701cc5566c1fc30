"""The policies in the graph of an organization stack, each with the places it is attached to.

Owns: what is planned, as plain values.
Does not own: how levels decide about a request (``llmlz.access.organization``), what is deployed (``snapshot``).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from llmlz.access.follow import named_at
from llmlz.access.layers import output_of
from llmlz.access.organization import (
    ACCOUNT,
    AI_OPT_OUT,
    ATTACHED_BY_AWS,
    ATTACHMENT,
    BEDROCK,
    EXISTING,
    EXISTING_ROOT,
    ORGANIZATION,
    POLICY,
    RESOURCE_CONTROL,
    ROOT,
    SERVICE_CONTROL,
    UNIT,
)
from llmlz.errors import BadInputError
from llmlz.graph.model import Graph, Resource, Source
from llmlz.graph.standins import cores

Kind = Literal["root", "unit", "account"]

LONGEST: Mapping[str, int] = {
    # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (2026-11)
    SERVICE_CONTROL: 10_240,
    RESOURCE_CONTROL: 5_120,
    AI_OPT_OUT: 2_500,
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html (2026-11)
    BEDROCK: 10_000,
}
"""Type of policy to the most characters that AWS accepts; white space between elements counts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A root, unit or account that a policy is attached to."""

    kind: Kind
    name: str
    """Name of what the stack makes, ``root``, or the id of what exists."""

    id: str | None
    """``None`` where only AWS knows it, after the deployment."""

    def __str__(self) -> str:
        return self.name if self.name in (ROOT, self.id) else f"{self.kind} {self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """One policy of the stack."""

    unit: str
    """Name of the component that makes it, which is the unit's; ``organization`` for one outside of any."""

    name: str
    """As AWS will show it."""

    type: str
    """As the API names it; a key of ``LONGEST``."""

    content: str
    """JSON without white space: what is sent, and counted."""

    places: tuple[Place, ...]
    unknown: tuple[str, ...]
    """What the content holds that is not known before a deployment; while there is any, nobody may attach it."""

    source: Source | None = None


def planned(graph: Graph) -> tuple[Planned, ...]:
    """Every policy of an organization, in the graph's order.

    Raises ``BadInputError`` for a policy of another type, one that is no JSON, one without a name, and for an
    attachment of a policy or to a target that is not known.
    """
    places: dict[str, list[Place]] = {}
    for attachment in graph.of_type(ATTACHMENT):
        if attachment.inputs.get("policyId") in ATTACHED_BY_AWS:
            continue
        policy = named_at(graph, attachment, "policyId", (POLICY,))
        if policy is None:
            raise BadInputError(f"{attachment.name} attaches a policy that stack {graph.stack!r} does not make")
        place = _place(graph, attachment)
        if place not in places.setdefault(policy.urn, []):
            places[policy.urn].append(place)
    return tuple(_planned(graph, policy, tuple(places.get(policy.urn, ()))) for policy in graph.of_type(POLICY))


def _planned(graph: Graph, policy: Resource, places: tuple[Place, ...]) -> Planned:
    kind, name = str(policy.inputs.get("type") or SERVICE_CONTROL), policy.inputs.get("name")  # the provider's default
    if kind not in LONGEST:
        raise BadInputError(f"policy {policy.name} is of type {kind}, expected one of {', '.join(LONGEST)}")
    if not name:
        raise BadInputError(f"policy {policy.name} has no name of its own, and Pulumi's changes with every deployment")
    content = _content(policy)
    parent = graph.by_urn.get(policy.parent or "")
    return Planned(
        unit=parent.name if parent else "organization",
        name=str(name),
        type=kind,
        content=content,
        places=places,
        unknown=_unknown(graph, content),
        source=policy.source,
    )


def _content(policy: Resource) -> str:
    try:
        value = json.loads(policy.inputs.get("content") or "")
    except json.JSONDecodeError as error:
        raise BadInputError(f"policy {policy.name} is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise BadInputError(f"policy {policy.name} is no JSON object")
    return minified(value)


def _unknown(graph: Graph, content: str) -> tuple[str, ...]:
    found = []
    for core in cores(content):
        standin = graph.standins.get(core)
        maker = graph.by_urn.get(standin.urn) if standin else None
        found.append(f"{standin.path} of {maker.name}" if standin and maker else "an output of another stack")
    return tuple(dict.fromkeys(found))


def _place(graph: Graph, attachment: Resource) -> Place:
    made = named_at(graph, attachment, "targetId", (ACCOUNT, ORGANIZATION, UNIT))
    text = str(attachment.inputs.get("targetId"))
    if made is not None and made.type == ORGANIZATION:
        return Place(kind="root", name=ROOT, id=None)
    if made is not None:
        live = output_of(graph, made, "id")
        name = str(made.inputs.get("name") or made.name)
        return Place(kind="account" if made.type == ACCOUNT else "unit", name=name, id=_known(live))
    if EXISTING_ROOT.fullmatch(text):
        return Place(kind="root", name=ROOT, id=text)
    if not EXISTING.fullmatch(text):
        raise BadInputError(f"{attachment.name} attaches to {text!r}, expected a root, a unit or an account")
    return Place(kind="unit" if text.startswith("ou-") else "account", name=text, id=text)


def _known(text: str) -> str | None:
    return None if any(cores(text)) else text


def minified(value: Any) -> str:
    """JSON text without white space."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
