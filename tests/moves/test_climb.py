"""The climb, in front of the real provider: six upward moves lose nothing, and what would lose something is caught."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from llmlz.cli.moving import Asked, rules, verdict
from llmlz.graph.model import Graph, Options, Resource
from llmlz.moves.model import Finding, Move
from llmlz.rehearsal.terraform import Terraform
from stacks.tier import TIERS
from tests import goldens, ladder
from tests.access.proof.change import beside, changed, without

pytestmark = pytest.mark.ring(2)

PLATFORM = ladder.PLATFORM


@pytest.mark.parametrize(("low", "high"), ladder.CLIMBS)
def test_an_upward_move_replaces_and_deletes_nothing_that_holds_state(
    terraform: Terraform, low: str, high: str
) -> None:
    """Platform, team and organization together, in the provider's plan over the state that the lower tier leaves."""
    move = verdict(Asked(before=ladder.recorded(low), after=ladder.recorded(high)))
    assert [str(finding) for finding in move.findings if finding.blocks] == []
    assert {finding.type for finding in move.findings} == ({"aws:ec2/eip:Eip"} if high == TIERS[-1] else set())
    assert move.of("create")
    kept = rules().stateful
    assert [change for change in move.of("replace", "delete") if change.type in kept] == []


def test_the_same_tier_again_changes_nothing(terraform: Terraform) -> None:
    """Or every verdict would drown in noise."""
    move = verdict(Asked(before=ladder.recorded("scaled"), after=ladder.recorded("scaled")))
    assert (move.changes, move.findings) == ((), ())


def with_cluster(graph: Graph, *zones: str) -> Graph:
    """The platform with a cluster, such as a later release may bring, in some zones of its network."""
    subnets = [graph.named(f"network-private-{zone}").urn for zone in zones]
    ids = [next(s.value for s in graph.standins.values() if s.urn == urn and s.path == "id") for urn in subnets]
    like = graph.named("logs-bucket")
    made = Resource(
        urn=like.urn.replace("aws:s3/bucket:Bucket", "aws:eks/cluster:Cluster").replace("logs-bucket", "cluster"),
        type="aws:eks/cluster:Cluster",
        name="cluster",
        kind="custom",
        parent=like.parent,
        provider=like.provider,
        inputs={"name": "one", "roleArn": "arn:aws:iam::111100000001:role/one", "vpcConfig": {"subnetIds": ids}},
        options=Options(protect=True),
    )
    return replace(graph, resources=tuple(sorted((*graph.resources, made), key=lambda each: each.urn)))


def renamed(graph: Graph, name: str, new: str) -> Graph:
    """A resource under another logical name, and without an alias."""
    return without(beside(graph, name, new, {}), name)


Plant = Callable[[Graph], Graph]
SAME: Plant = lambda graph: graph  # noqa: E731
BUCKET = "aws:s3/bucket:Bucket"
PLANTED: dict[str, tuple[Plant, Plant, str, str, str]] = {
    "a key for a database that was born without one": (
        lambda graph: changed(graph, "vectors-cluster", "kmsKeyId", lambda _: None),
        SAME,
        "vectors-cluster",
        "replaced (kmsKeyId): lost would be every database in it",
        "keep kmsKeyId as it was born",
    ),
    "a resource under another name, without an alias": (
        SAME,
        lambda graph: renamed(graph, "data-bucket", "data-store"),
        "data-bucket",
        "deleted: lost would be every object in it",
        "if it is now called data-store, give that the alias 'data-bucket'",
    ),
    "object lock that comes later": (
        lambda graph: changed(graph, "logs-bucket", "objectLockEnabled", lambda _: None, BUCKET),
        SAME,
        "logs-bucket",
        "replaced (objectLockEnabled): lost would be every object in it",
        "let the bucket be born with object lock and without retention",
    ),
    "a zone more for a cluster": (
        lambda graph: with_cluster(graph, "a", "b"),
        lambda graph: with_cluster(graph, "a", "b", "c"),
        "cluster",
        "refused (vpcConfig.subnetIds): the subnets of a cluster stay in the zones that it was created with",
        "give the cluster subnets in three zones from birth",
    ),
    "a name that carries the tier": (
        SAME,
        lambda graph: changed(graph, "logs-invocations", "name", lambda name: f"{name}-repeatable"),
        "logs-invocations",
        "replaced (name): lost would be every event in it",
        "names carry neither a tier nor a release",
    ),
}
"""What is planted, in the graph before and after; the resource, what is said of it, and the way out."""


@pytest.fixture(scope="module")
def planted(terraform: Terraform) -> Move:
    """One move with every mistake in it: a plan takes seconds, however many there are."""
    before = after = goldens.graph_of("foundation/platform-pgvector")
    for plant_before, plant_after, *_ in PLANTED.values():
        before, after = plant_before(before), plant_after(after)
    return verdict(Asked(before={before.stack: before}, after={after.stack: after}))


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_breaking_change_is_caught_and_explained(planted: Move, what: str) -> None:
    """With the resource, the input, what would be lost, and a way out."""
    *_, name, said, way_out = PLANTED[what]
    (finding,) = of(planted, name)
    assert said in str(finding)
    assert way_out in finding.way_out


def test_nothing_else_is_found_in_the_planted_move(planted: Move) -> None:
    """Neighbours of a mistake are not blamed for it."""
    names = {finding.urn.rpartition("::")[2] for finding in planted.findings}
    behind = {"vectors-writer"}  # an instance goes with its database
    assert names == {name for _, _, name, _, _ in PLANTED.values()} | behind
    assert not planted.holds


def test_the_same_names_with_an_alias_lose_nothing(terraform: Terraform) -> None:
    """The way out that the finding names works."""
    before = goldens.graph_of("foundation/platform-pgvector")
    after = renamed(before, "data-bucket", "data-store")
    old, new = before.named("data-bucket"), after.named("data-store")
    aliased = replace(new, options=replace(new.options, aliases=(old.urn,)))
    after = replace(after, resources=tuple(aliased if r is new else r for r in after.resources))
    move = verdict(Asked(before={before.stack: before}, after={after.stack: after}))
    assert [str(finding) for finding in move.findings] == []


def of(move: Move, name: str) -> tuple[Finding, ...]:
    """Findings about the resource of this logical name."""
    return tuple(finding for finding in move.findings if finding.urn.endswith(f"::{name}"))
