"""The objects of whole stacks, at every tier, and pools in every flavour, on a real API server."""

from collections.abc import Mapping
from typing import Any

import pytest

from components.gpu_pool import Flavour, Pool
from llmlz.cluster.apply import apply_all
from llmlz.cluster.client import Client, RefusedError
from llmlz.cluster.manifests import manifests, unknown
from stacks.tier import TIERS
from tests import ladder
from tests.cluster.asking import content, merged
from tests.cluster.programs import pool_objects
from tests.components.pools import AUTO, KARPENTER, KWOK, general, pool, trained

pytestmark = pytest.mark.ring(4)

LEFT_OUT = {"kyverno.io": "its definitions come with Kyverno, which the company installs"}
"""Group of an object to the reason why no server here knows it."""


def objects(tier: str, stack: str) -> list[dict[str, Any]]:
    """The objects of a stack of the ladder; outputs of AWS stay the plausible texts that they are in a recording."""
    graphs = ladder.recorded(tier)
    others = [graph for name, graph in graphs.items() if name != stack]
    found = manifests(graphs[stack], unknown(graphs[stack], others), others)
    return [o for o in found if not any(o["apiVersion"].partition("/")[0].endswith(group) for group in LEFT_OUT)]


def identity(kept: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """Kind, namespace and name of an object, and the number that it got when it was made."""
    metadata = kept["metadata"]
    return kept["kind"], metadata.get("namespace", ""), metadata["name"], metadata["uid"]


@pytest.mark.parametrize("stack", [ladder.RUNTIME, ladder.TEAM])
def test_a_climb_through_the_tiers_keeps_every_object(client: Client, stack: str) -> None:
    """Each tier's objects are taken over those of the tier below, and none is made anew."""
    below: set[tuple[str, str, str, str]] = set()
    for tier in TIERS:
        kept = {identity(o) for o in apply_all(client, objects(tier, stack))}
        assert kept >= below, f"moving up to {tier} makes objects anew"
        below = kept
    assert len(below) >= 9


@pytest.mark.parametrize("flavour", [AUTO, KARPENTER, KWOK], ids=["auto mode", "karpenter", "kwok"])
@pytest.mark.parametrize("described", [pool(), general(), trained()], ids=["serving", "general", "reserved"])
def test_a_pool_is_taken_in_every_flavour(client: Client, described: Pool, flavour: Flavour) -> None:
    """By Karpenter's own definitions with their rules, and by the guards; unchanged when it comes again."""
    found = pool_objects(described, flavour)
    first, again = (apply_all(client, found) for _ in range(2))
    assert [content(one) for one in first] == [content(one) for one in again]
    assert {o["kind"] for o in first} > {"NodePool"}
    for kept in again:
        client.delete(kept["apiVersion"], kept["kind"], kept["metadata"]["name"])


@pytest.mark.parametrize(
    ("flavour", "change", "says"),
    [
        (AUTO, {"subnetSelectorTerms": None}, "spec.subnetSelectorTerms: Required value"),
        (AUTO, {"instanceProfile": "other"}, "exactly one of role and instanceProfile must be set"),
        (AUTO, {"networkPolicy": "Deny"}, 'supported values: "DefaultAllow", "DefaultDeny"'),
        (AUTO, {"networkPolicies": "DefaultDeny"}, ".spec.networkPolicies: field not declared in schema"),
        (KARPENTER, {"amiSelectorTerms": None}, "spec.amiSelectorTerms: Required value"),
        (KARPENTER, {"instanceStorePolicy": "RAID1"}, 'supported values: "RAID0"'),
    ],
)
def test_a_class_of_nodes_with_a_mistake_is_refused(
    client: Client, flavour: Flavour, change: dict[str, Any], says: str
) -> None:
    """The definitions are worth something: a field too few, one too many, a value that there is not."""
    (nodes,) = [o for o in pool_objects(pool(), flavour) if o["kind"] != "NodePool"]
    with pytest.raises(RefusedError) as refused:
        client.apply(merged(nodes, {"spec": change}), dry_run=True)
    assert says in refused.value.message
