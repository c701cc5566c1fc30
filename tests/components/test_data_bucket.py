"""What the data bucket promises."""

import pytest

from components.data_bucket import DataBucket, DataBucketArgs
from llmlz.graph.model import Graph
from llmlz.graph.record import record

KEY = "arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """One bucket."""

    def program() -> None:
        args = DataBucketArgs(
            account_id="111122223333", kms_key_arn=KEY, name_prefix="llmlz-test", region="eu-central-1"
        )
        DataBucket("data", args)

    return record(program, project="llmlz", stack_name="test", account="111122223333", region="eu-central-1")


def test_the_name_is_unique_in_the_world_and_deterministic(graph: Graph) -> None:
    """A bucket whose creation was cut off can be found again."""
    assert graph.named("data-bucket").inputs["bucket"] == "llmlz-test-data-111122223333-eu-central-1"


def test_documents_survive_a_destroy(graph: Graph) -> None:
    """The bucket is protected, and never emptied by a deployment."""
    bucket = graph.named("data-bucket")
    assert bucket.options.protect
    assert "forceDestroy" not in bucket.inputs


def test_nothing_is_stored_before_the_bucket_is_closed(graph: Graph) -> None:
    """The policy waits for the public access block, and the name that others get waits for the policy."""
    closed = graph.named("data-bucket-closed").urn
    assert closed in graph.named("data-bucket-policy").options.depends_on


def test_objects_are_not_locked(graph: Graph) -> None:
    """Teams must be able to delete personal data."""
    assert graph.named("data-bucket").inputs["objectLockEnabled"] is False
