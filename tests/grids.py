"""Rows of a matrix and the graphs that they come from, small and large."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from llmlz.access.calls import PROFILE
from llmlz.access.matrix import Row
from llmlz.graph.model import Graph, Resource, Source

ACCOUNT, REGION = "111122223333", "eu-central-1"
GUARDRAIL = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/g7h3k2:1"
LITE, MICRO = "amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0"
ACTIONS = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
POLICY, ROLE = Source(file="components/team.py", line=12), Source(file="components/team.py", line=7)
HOSTILE = (
    "<script>alert('x')</script>&amp;\"'>{{ 7 * 7 }}|`[a](https://example.com)`\n=1+1\x07\N{RIGHT-TO-LEFT OVERRIDE}"
)


def team(name: str, profiles: Mapping[str, str]) -> Graph:
    """The stack of a team with profiles: logical name to model."""
    made = tuple(
        Resource(
            urn=f"urn:pulumi:{name}::llmlz::{PROFILE}::{profile}",
            type=PROFILE,
            name=profile,
            kind="custom",
            parent=None,
            inputs={"modelSource": {"copyFrom": f"arn:aws:bedrock:{REGION}:{ACCOUNT}:inference-profile/eu.{model}"}},
        )
        for profile, model in profiles.items()
    )
    return Graph(project="llmlz", stack=name, resources=made, account=ACCOUNT, region=REGION)


def row(**changed: Any) -> Row:
    """Team claims calls its own profile with the guardrail, and is allowed."""
    given: dict[str, Any] = {
        "stack": "claims", "role": "claims-role", "team": "claims", "target": "claims-lite", "direct": False,
        "region": REGION, "action": ACTIONS[0], "guardrail": GUARDRAIL, "outcome": "allowed",
        "statement": "CallOwnProfiles", "source": POLICY, "reason": "", "layer": "identity",
    }  # fmt: skip
    return Row(**(given | changed))


def refused(**changed: Any) -> Row:
    """The same call, which no statement allows."""
    return row(**({"outcome": "denied", "statement": None, "source": ROLE, "reason": "implicit deny"} | changed))


def bare(**changed: Any) -> Row:
    """The same call without a guardrail, which a statement refuses."""
    given = {"guardrail": None, "outcome": "denied", "statement": "OnlyGuarded", "reason": "explicit deny"}
    return row(**(given | changed))


def rows(graphs: Sequence[Graph], *, actions: Sequence[str] = ACTIONS, regions: Sequence[str] = (REGION,)) -> list[Row]:
    """What a sound estate gives: every team may call its own profiles with the guardrail, and nothing else."""
    names = [(made.name, graph.stack, REGION) for graph in graphs for made in graph.resources]
    copied = {str(made.inputs["modelSource"]["copyFrom"]) for graph in graphs for made in graph.resources}
    direct = [(text.partition("/eu.")[2], "", region) for text in sorted(copied) for region in regions]
    found = []
    for graph, (target, owner, region), action in product(graphs, [*names, *direct], actions):
        at: dict[str, Any] = {"stack": graph.stack, "role": f"{graph.stack}-role", "team": graph.stack}
        at |= {"target": target, "direct": not owner, "region": region, "action": action}
        found += [row(**at) if owner == graph.stack else refused(**at), bare(**at)]
    return found
