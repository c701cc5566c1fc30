"""A recorded program, replayed: the same program as far as any reader can tell."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from llmlz.errors import LocalCloudError
from llmlz.graph.model import Graph, Standin
from llmlz.graph.record import record
from llmlz.graph.standins import cores
from llmlz.local.live import Live, Part, inside
from llmlz.local.replay import replayed
from tests import estates
from tests.local.replays import comparable, recorded

BUCKET = "aws:s3/bucket:Bucket"


@pytest.mark.parametrize("stack", list(estates.example().stacks))
def test_the_estate_replayed_records_the_same(stack: str, graphs: Mapping[str, Graph]) -> None:
    """Types, names, parents, providers, dependencies, references, inputs and outputs of every resource."""
    graph = graphs[stack]
    again = recorded_as(replayed(graph), graph, graphs)
    assert comparable(again) == comparable(graph)
    assert any(resource.options.protect for resource in graph.resources)
    assert not any(resource.options.protect for resource in again.resources)


def test_outputs_are_outputs_again() -> None:
    """Replayed where every ARN is another, the inputs are what the program itself makes there: no text was copied."""
    here, there = recorded(), recorded(account="999999999999")
    assert comparable(recorded(account="999999999999", made_by=replayed(here))) == comparable(there)
    assert "999999999999" in str(there.named("policy").inputs)


def test_what_such_a_program_holds() -> None:
    """The program of the test above does use a list, a number, a cut, a file, a secret and a nested output."""
    graph = recorded()
    paths = {standin.path for standin in graph.standins.values()}
    assert {"nameServers[0]", "port", "masterUserSecrets[0].secretArn", "endpoint", "keyId"} <= paths
    assert graph.named("parameter").secrets == ("value",)
    assert [r.output for r in graph.named("parameter").references if r.at == "description"] == [None]
    assert graph.named("function").inputs["code"]["$archive"]["read.me"] == {
        "$asset": {"path": "tests/local/replays.py"}
    }
    assert graph.named("bucket").options.custom_timeouts == {"create": "30m", "delete": "1h"}


def test_what_is_left_out_stays_as_it_was_recorded() -> None:
    """A policy that names a missing bucket is deployed with the recorded ARN; everything else is still an output."""
    here = recorded()
    there = recorded(account="999999999999", made_by=replayed(without(here, BUCKET)))
    assert {r.name for r in here.resources} - {r.name for r in there.resources} == {"bucket"}
    policy = there.named("policy").inputs["policy"]
    bucket = next(s for s in here.standins.values() if s.path == "arn" and here.by_urn[s.urn].type == BUCKET)
    assert str(bucket.value) in policy
    assert "arn:aws:kms:eu-central-1:999999999999:key/" in policy
    assert "zone" in {urn.rpartition("::")[2] for urn in there.named("parameter").options.depends_on}


def test_a_parent_or_provider_cannot_be_left_out() -> None:
    """The children would become other resources, or land with another provider."""
    for token, role in (("test:index:Box", "parent"), ("pulumi:providers:aws", "provider")):
        with pytest.raises(LocalCloudError, match=f"is left out, but is the {role} of .*: leave that out too"):
            replayed(without(recorded(), token))


def test_a_cut_that_cannot_be_made_again_is_refused() -> None:
    """The recorded host says nothing of the real one; deployed with it, the input would be wrong without a word."""

    def slices() -> None:
        queue = aws.sqs.Queue("queue")
        aws.ssm.Parameter("parameter", type="String", value=queue.url.apply(lambda url: url.split("/")[2]))

    expected = r"parameter: value holds a part of url of queue that cannot be cut .*: 'ref[0-9a-f]{12}q.example'"
    with pytest.raises(LocalCloudError, match=expected):
        recorded(made_by=replayed(recorded(made_by=slices)))


def test_an_output_that_is_not_answered_is_named() -> None:
    """Nothing becomes the word None in a policy, and a list that is too short is no riddle."""
    secret = Standin(urn="urn:pulumi:box::llmlz::x::database", path="masterUserSecrets[0].secretArn", value="ref")
    part = Part("ref", None, secret)  # type: ignore[arg-type]  # the output is not asked
    with pytest.raises(LocalCloudError, match=r"^policy: policy is built from masterUserSecrets.* of database, which"):
        part.of(None, "policy: policy")
    lacking: tuple[Any, ...] = ([], None, [{}])
    for real in lacking:
        with pytest.raises(
            LocalCloudError, match=r"^database was made without masterUserSecrets\[0\].secretArn, which"
        ):
            inside(real, ["[0]", "secretArn"], secret)
    assert inside([{"secretArn": "arn"}], ["[0]", "secretArn"], secret) == "arn"


def test_a_list_of_unknown_length_is_passed_whole() -> None:
    """A recording shows one name server; a zone has several, and a record of all of them gets all of them."""
    core = "ref0123456789abq"
    standin = Standin(urn="urn:of:zone", path="nameServers[0]", value=core)

    def program() -> None:
        live = Live({core: standin})
        live.made[standin.urn] = pulumi.CustomResource("test:index:Zone", "zone", {"nameServers": ["a.ns", "b.ns"]})
        for name, value in (("whole", [core]), ("first", core), ("inside", [f"{core}."]), ("two", [core, "c.ns"])):
            pulumi.export(name, live.value(value))

    assert recorded(made_by=program).outputs == {
        "whole": ["a.ns", "b.ns"],
        "first": "a.ns",
        "inside": ["a.ns."],
        "two": ["a.ns", "c.ns"],
    }


def test_each_resource_is_told_of_once() -> None:
    """Progress: what a provider made, and neither components nor providers."""
    told: list[str] = []
    graph = recorded()
    recorded(made_by=replayed(graph, made=lambda resource: told.append(resource.name)))
    assert sorted(told) == sorted(resource.name for resource in graph.custom())


def test_a_part_of_a_number_is_no_standin() -> None:
    """A number of the program's own stays a number."""

    def numbers() -> None:
        cluster = aws.rds.Cluster("database", engine="aurora-postgresql", port=5432)
        aws.ssm.Parameter("parameter", type="String", value=pulumi.Output.format("{0}", cluster.port))

    graph = recorded(made_by=numbers)
    assert comparable(recorded(made_by=replayed(graph))) == comparable(graph)
    assert not any(True for _ in cores(str(graph.named("parameter").inputs["value"])))


def without(graph: Graph, token: str) -> Graph:
    """The graph without the resources of a type."""
    return replace(graph, resources=tuple(r for r in graph.resources if r.type != token))


def recorded_as(program: Callable[[], None], graph: Graph, others: Mapping[str, Graph]) -> Graph:
    """A program recorded as if it were the stack of ``graph``."""
    return record(
        program,
        project=graph.project,
        stack_name=graph.stack,
        account=graph.account,
        region=graph.region,
        others=others,
    )
