"""From an input to the resource that it names."""

from collections.abc import Callable
from dataclasses import replace

import pulumi
import pulumi_aws as aws

from llmlz.access.follow import named_at
from llmlz.access.layers import output_of
from llmlz.graph.model import Graph

Recorded = Callable[[Callable[[], None]], Graph]
BUCKET, POLICY = "aws:s3/bucket:Bucket", "aws:s3/bucketPolicy:BucketPolicy"


def named(graph: Graph, *outputs: str) -> str | None:
    """Name of the bucket that the policy is on."""
    found = named_at(graph, graph.named("policy"), "bucket", (BUCKET,), outputs or ("id",))
    return found.name if found else None


def test_by_its_text_by_its_own_name_and_by_the_reference(recorded: Recorded) -> None:
    """An output, an input that is echoed, and a text that was changed on its way."""

    def program(at: Callable[[aws.s3.Bucket], pulumi.Input[str]]) -> None:
        aws.s3.Bucket("other", bucket="other")
        aws.s3.BucketPolicy("policy", bucket=at(aws.s3.Bucket("mine", bucket="llmlz-data")), policy="{}")

    assert named(recorded(lambda: program(lambda bucket: bucket.id))) == "mine"
    assert named(recorded(lambda: program(lambda bucket: bucket.bucket)), "bucket") == "mine"
    assert named(recorded(lambda: program(lambda bucket: bucket.id.apply(lambda text: f"{text}/")))) == "mine"
    assert named(recorded(lambda: program(lambda _: "elsewhere"))) is None


def test_a_text_goes_before_references(recorded: Recorded) -> None:
    """An output may wait for another bucket of the same type, which is then referenced as well."""

    def program() -> None:
        mine, other = aws.s3.Bucket("mine"), aws.s3.Bucket("other")
        ready = pulumi.Output.all(mine.id, other.id).apply(lambda made: str(made[0]))
        aws.s3.BucketPolicy("policy", bucket=ready, policy="{}")

    graph = recorded(program)
    assert named(graph) == "mine"
    silent = tuple(replace(r, references=()) for r in graph.resources)
    assert named(replace(graph, resources=silent)) == "mine"


def test_several_that_could_be_meant_are_none(recorded: Recorded) -> None:
    """A text that is made of two, or the same id twice: nobody guesses."""

    def program() -> None:
        both = pulumi.Output.concat(aws.s3.Bucket("mine").id, aws.s3.Bucket("other").id)
        aws.s3.BucketPolicy("policy", bucket=both, policy="{}")

    graph = recorded(program)
    assert named(graph) is None
    id_ = output_of(graph, graph.named("mine"), "id")
    alike = tuple(
        replace(r, outputs={"id": id_}) if r.type == BUCKET else replace(r, inputs={"bucket": id_})
        for r in graph.resources
    )
    assert named(replace(graph, resources=alike)) is None
