"""What a live state is still about to delete or to make stands before every move."""

from dataclasses import replace

from llmlz.cli.moving import rules
from llmlz.graph.export import Pending, State
from llmlz.graph.model import Graph, Options, Resource
from llmlz.moves.away import unsettled, whole

BUCKET, QUEUE = "aws:s3/bucket:Bucket", "aws:sqs/queue:Queue"
EMPTY = Graph(project="p", stack="s", resources=())


def urn(token: str) -> str:
    """URN of a resource of this type."""
    return f"urn:pulumi:s::p::{token}::one"


def test_an_old_one_that_is_still_to_be_deleted_is_a_loss() -> None:
    """The next deployment deletes it, whatever the program says; a queue is nothing to keep."""
    state = State(graph=EMPTY, pending=(), condemned=(urn(BUCKET), urn(QUEUE)))
    (finding,) = unsettled(state, rules())
    assert (finding.rule, finding.type) == ("deleted", BUCKET)


def test_an_operation_that_never_ended_is_undecided() -> None:
    """Nobody knows whether the resource is there."""
    state = State(graph=EMPTY, pending=(Pending(urn=urn(QUEUE), operation="creating"),), condemned=())
    (finding,) = unsettled(state, rules())
    assert (finding.rule, finding.blocks) == ("undecided", True)


def test_a_destroy_names_what_is_protected_or_holds_state() -> None:
    """What is retained stays in the cloud, unless it is protected: that stops the engine."""
    bucket = Resource(urn=urn(BUCKET), type=BUCKET, name="one", kind="custom", parent=None, inputs={})
    for options, found in (
        (Options(), ["deleted"]),
        (Options(protect=True), ["protected"]),
        (Options(retain_on_delete=True), []),
        (Options(retain_on_delete=True, protect=True), ["protected"]),
    ):
        graph = replace(EMPTY, resources=(replace(bucket, options=options),))
        assert [finding.rule for finding in whole([graph], rules()).findings] == found
