"""Fixtures become graphs, and mutations change every resource of a type."""

import pytest
from pydantic import ValidationError

from llmlz.checks.fixtures import Fixture, FixtureResource, Mutation

BUCKET = "aws:s3/bucket:Bucket"
STACK = Fixture(
    name="two buckets",
    resources=[
        FixtureResource(type=BUCKET, name="a", inputs={"tags": {"team": "x"}}, protect=True),
        FixtureResource(type=BUCKET, name="b"),
        FixtureResource(
            type="aws:s3/bucketPolicy:BucketPolicy",
            name="c",
            documents={"policy": {"Version": "1"}},
            references={"bucket": "a.id"},
        ),
    ],
)


def test_a_fixture_is_a_graph_with_texts_and_references() -> None:
    """Documents are JSON texts, as programs pass them."""
    policy = STACK.graph().named("c")
    assert policy.inputs == {"policy": '{"Version": "1"}'}
    assert [(r.at, r.to.rpartition("::")[2], r.output) for r in policy.references] == [("bucket", "a", "id")]


def test_a_mutation_changes_all_of_a_type_and_nothing_else() -> None:
    """What a stack looked like before is left alone, so that mutations do not add up."""
    before = STACK.graph()
    mutation = Mutation(
        what="x", on=BUCKET, set={"inputs.tags.owner": "y", "options.protect": False}, remove=["inputs.tags.team"]
    )
    after = mutation.apply(before)
    assert [dict(after.named(name).inputs) for name in "ab"] == [{"tags": {"owner": "y"}}, {"tags": {"owner": "y"}}]
    assert after.named("a").options.protect is False
    assert after.named("c") == before.named("c")
    assert before == STACK.graph()


def test_resources_come_and_go() -> None:
    """``drop`` takes a type away, ``add`` brings one resource."""
    user = FixtureResource(type="aws:iam/user:User", name="robot")
    after = Mutation(what="x", drop=[BUCKET], add=user).apply(STACK.graph())
    assert sorted(r.name for r in after.resources) == ["c", "robot"]


def test_a_mutation_without_a_change_is_refused() -> None:
    """It would let a control pass its own test without seeing anything."""
    with pytest.raises(ValidationError, match="the mutation changes nothing"):
        Mutation(what="x")
    with pytest.raises(ValidationError, match="need the type in on"):
        Mutation(what="x", remove=["inputs.tags"])
