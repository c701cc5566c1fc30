"""What a recording refuses, with which words, and that a refusal leaves nothing behind."""

import gc
from collections.abc import Callable, Iterator, Mapping

import pulumi
import pulumi_aws as aws
import pytest

from llmlz.graph.monitor import RecordingError
from tests.graph.recording import URN, Program, line_of, recorded

HERE = "tests/graph/test_monitor.py"
abandoned = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
"""Work that the SDK had prepared for a program that ended early; it is of no use to anyone."""


@pytest.fixture
def refused() -> Iterator[Callable[[Program], str]]:
    """Records a program that must be refused, and gives the message."""

    def run(program: Program) -> str:
        with pytest.raises(RecordingError) as caught:
            recorded(program)
        return str(caught.value)

    yield run
    gc.collect()  # what a refused program leaves unfinished ends here, not in another test


def test_two_resources_of_one_name_are_refused(refused: Callable[[Program], str]) -> None:
    """The engine would refuse them too; the message has the URN and the line of the second."""

    def program() -> None:
        aws.sns.Topic("twin")
        aws.sns.Topic("twin")  # the second twin

    message = refused(program)
    assert f"two resources are called {URN}aws:sns/topic:Topic::twin, the second at {HERE}:" in message
    assert int(message.rpartition(":")[2]) in (
        line_of("the second" + " twin", HERE) - 1,
        line_of("the second" + " twin", HERE),
    )


@pytest.mark.parametrize(
    "program",
    [
        aws.get_caller_identity,
        lambda: pulumi.export("x", aws.get_caller_identity_output().account_id),
    ],
    ids=["at once", "as an output"],
)
def test_a_data_source_is_refused_with_what_to_do(program: Program, refused: Callable[[Program], str]) -> None:
    """A plan must not depend on what an account holds today."""
    assert refused(program) == (
        "the program calls aws:index/getCallerIdentity:getCallerIdentity:"
        " look it up in stacks/ and pass the result as an argument"
    )


def test_a_resource_that_is_only_read_is_refused(refused: Callable[[Program], str]) -> None:
    """``get`` asks an account; the message says how to do without."""
    message = refused(lambda: aws.sns.Topic.get("there", "arn:aws:sns:eu-central-1:111122223333:there"))
    assert message == "aws:sns/topic:Topic 'there' is read, not made: pass what it holds as an argument"


@abandoned
def test_a_stack_that_was_not_recorded_is_refused(refused: Callable[[Program], str]) -> None:
    """No output is ever guessed; the message names both stacks."""

    def program() -> None:
        other = pulumi.StackReference("organization/llmlz/other")
        pulumi.export("x", other.require_output("x"))

    assert refused(program) == "stack 'organization/llmlz/other' is referenced, but it was not recorded before 'test'"


def _transform(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
    return pulumi.ResourceTransformResult({**args.props, "displayName": "changed by the engine"}, args.opts)


def test_a_transform_of_the_whole_stack_is_refused(refused: Callable[[Program], str]) -> None:
    """The engine would change inputs after they were recorded, and every reader would judge the wrong ones."""

    def program() -> None:
        pulumi.runtime.register_resource_transform(_transform)
        aws.sns.Topic("a", display_name="as written")

    assert "registers a transform: a recording cannot run it and would show other inputs" in refused(program)


def test_a_transform_of_one_resource_is_refused(refused: Callable[[Program], str]) -> None:
    """As an option of a single resource, or of a component, it changes inputs just the same."""

    def program() -> None:
        aws.sns.Topic("a", display_name="as written", opts=pulumi.ResourceOptions(transforms=[_transform]))

    assert "transform" in refused(program)


def test_a_transformation_is_recorded_with_what_it_did() -> None:
    """The older kind runs in the program itself: the graph shows its result."""

    def change(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult({**args.props, "display_name": "changed"}, args.opts)

    def program() -> None:
        aws.sns.Topic("a", display_name="as written", opts=pulumi.ResourceOptions(transformations=[change]))

    assert recorded(program).named("a").inputs == {"displayName": "changed"}


def test_an_error_of_the_program_is_its_own() -> None:
    """What a program raises arrives as it was raised, and the garbage collector works again."""

    def program() -> None:
        aws.sns.Topic("a")
        raise LookupError("no such thing")

    assert gc.isenabled()
    with pytest.raises(LookupError, match="no such thing"):
        recorded(program)
    assert gc.isenabled()


@abandoned
@pytest.mark.parametrize("refuse", ["twin", "read", "call", "stack"])
def test_a_refused_program_leaves_nothing_behind(refuse: str, refused: Callable[[Program], str]) -> None:
    """The next program in the same process is recorded as if it were the first."""

    def sound() -> None:
        pulumi.export("arn", aws.sns.Topic("sound").arn)

    programs: Mapping[str, Program] = {
        "twin": lambda: [aws.sns.Topic("twin"), aws.sns.Topic("twin")],
        "read": lambda: aws.sns.Topic.get("there", "arn:aws:sns:eu-central-1:111122223333:there"),
        "call": lambda: pulumi.export("x", aws.get_caller_identity_output().account_id),
        "stack": lambda: pulumi.export("x", pulumi.StackReference("organization/llmlz/other").require_output("x")),
    }
    before = recorded(sound)
    refused(programs[refuse])
    assert recorded(sound) == before
