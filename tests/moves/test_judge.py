"""What is made of a plan: losses, what is protected or retained, and what nobody can decide."""

from dataclasses import replace
from typing import Any

import pytest

from llmlz.cli.moving import rules
from llmlz.graph.model import Graph, Options, Reference, Resource
from llmlz.moves.judge import judged
from llmlz.moves.model import Change, Move
from llmlz.moves.planned import Planned

BUCKET, QUEUE, STORE = "aws:s3/bucket:Bucket", "aws:sqs/queue:Queue", "aws:s3/vectorsVectorBucket:VectorsVectorBucket"


def resource(token: str, name: str = "one", options: Options | None = None, **inputs: Any) -> Resource:
    """One resource."""
    urn = f"urn:pulumi:s::p::{token}::{name}"
    return Resource(
        urn=urn, type=token, name=name, kind="custom", parent=None, inputs=inputs, options=options or Options()
    )


def graph(*resources: Resource) -> Graph:
    """A graph of these."""
    return Graph(project="p", stack="s", resources=resources, account="111122223333", region="eu-central-1")


def judge(before: Graph, after: Graph, *changes: Change, unseen: tuple[Resource, ...] = (), **more: Any) -> Move:
    """The move that these changes of a plan make."""
    left_out = {urn: frozenset(paths) for urn, paths in more.get("left_out", {}).items()}
    planned = Planned(changes=changes, unseen=frozenset(r.urn for r in unseen), left_out=left_out)
    return judged(before, after, planned, rules(), live=bool(more.get("live")))


def change(of: Resource, action: str, *properties: str) -> Change:
    """A change that the provider plans."""
    return Change(urn=of.urn, type=of.type, action=action, properties=properties)  # type: ignore[arg-type]


def test_what_holds_no_state_may_be_replaced() -> None:
    """A queue is made again by the next deployment."""
    queue = resource(QUEUE, name="q")
    move = judge(graph(queue), graph(queue), change(queue, "replace", "name"))
    assert (move.holds, move.counts()) == (True, {QUEUE: {"replace": 1}})


def test_a_protected_resource_stops_the_engine_whatever_it_holds() -> None:
    """The move would end half-way."""
    queue = resource(QUEUE, options=Options(protect=True))
    (finding,) = judge(graph(queue), graph(), change(queue, "delete")).findings
    assert (finding.rule, finding.because) == ("protected", "the engine refuses: it is protected")


def test_what_is_retained_is_not_lost() -> None:
    """It leaves the state, and stays in the cloud."""
    bucket = resource(BUCKET, options=Options(retain_on_delete=True))
    assert judge(graph(bucket), graph(), change(bucket, "delete")).holds


def test_a_type_that_the_provider_does_not_know_is_judged_by_its_rows() -> None:
    """A new one is made, a vanished one lost, a changed one is what the rows say."""
    store = resource(STORE, vectorBucketName="one")
    other = replace(store, inputs={"vectorBucketName": "two"})
    gone = judge(graph(store), graph(), unseen=(store,))
    assert [(c.action, c.judged_by) for c in gone.changes] == [("delete", "rows")]
    assert [f.rule for f in gone.findings] == ["deleted"]
    assert [c.action for c in judge(graph(), graph(store), unseen=(store,)).changes] == ["create"]
    (finding,) = judge(graph(store), graph(other), unseen=(store,)).findings
    assert (finding.rule, finding.properties) == ("replaced", ("vectorBucketName",))
    assert judge(graph(store), graph(store), unseen=(store,)).changes == ()


def test_a_change_that_nobody_knows_is_undecided_and_fails() -> None:
    """Of something that holds state, in an input that neither the provider nor a row knows."""
    store = resource(STORE, vectorBucketName="one")
    other = replace(store, inputs={"vectorBucketName": "one", "shape": "round"})
    move = judge(graph(store), graph(other), unseen=(store,))
    assert [(f.rule, f.properties) for f in move.findings] == [("undecided", ("shape",))]
    assert not move.holds


def test_an_input_that_did_not_reach_the_provider_is_undecided_too() -> None:
    """The plan says nothing about it; other inputs of the resource are the provider's."""
    bucket = resource(BUCKET, bucket="one", newer="a", tags={"a": "b"})
    other = replace(bucket, inputs={"bucket": "one", "newer": "b", "tags": {"a": "c"}})
    seen = judge(graph(bucket), graph(other), change(bucket, "update", "tags"), left_out={bucket.urn: ["newer"]})
    assert [(f.rule, f.properties) for f in seen.findings] == [("undecided", ("newer",))]


def test_a_row_about_another_change_of_the_input_decides_nothing() -> None:
    """More items are refused; of fewer nobody has said anything."""
    cluster = resource("aws:eks/cluster:Cluster", vpcConfig={"subnetIds": ["a", "b"]})
    fewer = replace(cluster, inputs={"vpcConfig": {"subnetIds": ["a"]}})
    (finding,) = judge(graph(cluster), graph(fewer), unseen=(cluster,)).findings
    assert (finding.rule, finding.properties) == ("undecided", ("vpcConfig.subnetIds[1]",))


def test_options_of_the_program_count() -> None:
    """What is ignored does not change; what it asks to replace on is replaced."""
    store = resource(STORE, vectorBucketName="one")
    ignoring = replace(store, inputs={"vectorBucketName": "two"}, options=Options(ignore_changes=("vectorBucketName",)))
    assert judge(graph(store), graph(ignoring), unseen=(store,)).changes == ()
    bucket = resource(BUCKET, tags={"a": "b"})
    asking = replace(bucket, inputs={"tags": {"a": "c"}}, options=Options(replace_on_changes=("tags",)))
    move = judge(graph(bucket), graph(asking), change(bucket, "update", "tags"))
    assert [f.rule for f in move.findings] == ["replaced"]


@pytest.mark.parametrize("given", [f"{STORE}::one", f"urn:pulumi:s::p::{STORE}::one"])
def test_an_alias_is_the_same_resource(given: str) -> None:
    """By the end of a URN, or by a whole one; never one of another type."""
    store = resource(STORE, vectorBucketName="one")
    whole = given if given.startswith("urn:") else f"urn:pulumi:s::p::{given}"
    renamed = replace(store, urn=store.urn.replace("::one", "::two"), name="two", options=Options(aliases=(whole,)))
    assert judge(graph(store), graph(renamed), unseen=(store, renamed)).changes == ()
    other = resource(QUEUE, name="two", options=Options(aliases=(whole,)))
    move = judge(graph(store), graph(other), change(other, "create"), unseen=(store,))
    assert [finding.rule for finding in move.findings] == ["deleted"]


def test_each_of_several_alike_is_judged() -> None:
    """The gap is one row of the list, and every resource that has it is looked at."""
    stores = [resource(STORE, name=name, vectorBucketName=name) for name in ("one", "two", "three")]
    move = judge(graph(*stores), graph(), unseen=tuple(stores))
    assert sorted(finding.urn for finding in move.findings) == sorted(store.urn for store in stores)


def provided(region: str, token: str = BUCKET, **more: Any) -> Graph:
    """A resource that an explicit provider makes, in a region."""
    provider = replace(resource("pulumi:providers:aws", name="aws", region=region, **more), kind="provider")
    return graph(replace(resource(token, bucket="one"), provider=provider.urn), provider)


def test_another_region_or_account_is_another_resource() -> None:
    """The engine makes it again there, and a plan of one document shows nothing of that."""
    same = judge(provided("eu-central-1"), provided("eu-central-1"))
    assert same.findings == ()
    for after in (provided("eu-west-1"), provided("eu-central-1", allowedAccountIds='["1"]')):
        (finding,) = judge(provided("eu-central-1"), after).findings
        assert (finding.rule, finding.because.startswith("it would be made again elsewhere")) == ("replaced", True)
    listed = provided("eu-central-1", allowedAccountIds=["1"])
    assert judge(listed, provided("eu-central-1", allowedAccountIds='["1"]')).findings == ()
    own = resource(BUCKET, bucket="one", region="eu-west-1")
    assert [
        f.rule for f in judge(graph(resource(BUCKET, bucket="one", region="eu-central-1")), graph(own)).findings
    ] == ["replaced"]


def test_a_plan_that_disagrees_with_the_graphs_is_undecided() -> None:
    """A state that is not the one of the first graph, or a resource that the plan forgot."""
    bucket = resource(BUCKET, bucket="one")
    for before, after, changes in (
        (graph(bucket), graph(), ()),
        (graph(bucket), graph(bucket), (change(bucket, "create"),)),
        (graph(), graph(bucket), ()),
        (graph(), graph(), (change(bucket, "update"),)),
    ):
        assert [f.rule for f in judge(before, after, *changes).findings] == ["undecided"]


def test_a_type_that_nobody_has_classified_is_undecided() -> None:
    """Its deletion may lose everything, for all that anybody has looked up."""
    pool = resource("aws:cognito/userPool:UserPool")
    (finding,) = judge(graph(pool), graph(), change(pool, "delete")).findings
    assert (finding.rule, "stacks/stateless.yaml" in finding.way_out) == ("undecided", True)


def test_what_is_gone_for_good_without_holding_state_is_said() -> None:
    """An address that others may have on their lists; the move may be made."""
    address = resource("aws:ec2/eip:Eip")
    move = judge(graph(address), graph(), change(address, "delete"))
    assert ([finding.rule for finding in move.findings], move.holds) == (["irreversible"], True)


def test_an_update_that_deletes_is_found() -> None:
    """A shorter retention erases events in place."""
    group = resource("aws:cloudwatch/logGroup:LogGroup", name="one", retentionInDays=365)
    shorter = replace(group, inputs={**group.inputs, "retentionInDays": 30})
    move = judge(graph(group), graph(shorter), change(group, "update", "retentionInDays"))
    assert ([finding.rule for finding in move.findings], move.holds) == (["loses"], False)


@pytest.mark.parametrize("whole", ["*", "tags", "tags.a", "rules[*].id", "rules[0].id"])
def test_paths_of_options_are_understood(whole: str) -> None:
    """A star, a path, a path inside, and positions, given or not."""
    bucket = resource(BUCKET, tags={"a": "b"}, rules=[{"id": "x"}])
    asking = replace(
        bucket, inputs={"tags": {"a": "c"}, "rules": [{"id": "y"}]}, options=Options(replace_on_changes=(whole,))
    )
    assert [f.rule for f in judge(graph(bucket), graph(asking), change(bucket, "update")).findings] == ["replaced"]


def test_a_part_that_is_ignored_hides_no_other_part() -> None:
    """A refused change beside it is still refused."""
    cluster = resource("aws:eks/cluster:Cluster", vpcConfig={"subnetIds": ["a"], "other": 1})
    more = {"vpcConfig": {"subnetIds": ["a", "b"], "other": 2}}
    ignoring = replace(cluster, inputs=more, options=Options(ignore_changes=("vpcConfig.other",)))
    assert [f.rule for f in judge(graph(cluster), graph(ignoring), change(cluster, "update")).findings] == ["refused"]
    silent = replace(cluster, inputs=more, options=Options(ignore_changes=("vpcConfig",)))
    assert judge(graph(cluster), graph(silent)).findings == ()


def test_retaining_helps_only_an_unprotected_deletion() -> None:
    """The engine refuses what is protected, and a replacement goes on with an empty one."""
    kept = resource(BUCKET, options=Options(retain_on_delete=True, protect=True))
    assert [f.rule for f in judge(graph(kept), graph(), change(kept, "delete")).findings] == ["deleted"]
    let_go = resource(BUCKET, options=Options(retain_on_delete=True))
    assert [f.rule for f in judge(graph(let_go), graph(let_go), change(let_go, "replace", "bucket")).findings] == [
        "replaced"
    ]


def test_a_name_that_is_no_longer_said_is_another_name() -> None:
    """The plan keeps it, and the engine makes one up."""
    bucket = resource(BUCKET, bucket="one")
    (finding,) = judge(graph(bucket), graph(replace(bucket, inputs={}))).findings
    assert (finding.rule, finding.properties) == ("replaced", ("bucket",))


def test_over_a_live_state_what_follows_from_a_replacement_is_undecided() -> None:
    """Outputs that the move itself changes are read as they were."""
    group, database = resource(QUEUE, name="group"), resource("aws:rds/cluster:Cluster", clusterIdentifier="one")
    database = replace(database, references=(Reference(at="dbSubnetGroupName", to=group.urn),))
    both = graph(group, database)
    assert judge(both, both, change(group, "replace", "name")).findings == ()
    (finding,) = judge(both, both, change(group, "replace", "name"), live=True).findings
    assert (finding.rule, "which is replaced" in finding.because) == ("undecided", True)
