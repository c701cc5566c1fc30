"""What the echo provider answers, without an engine."""

from typing import Any

import pulumi_aws as aws
import pytest
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct

from llmlz.engine.answers import Answers, computed
from llmlz.graph.model import token_of
from llmlz.graph.standins import Standins

URN = "urn:pulumi:dev::platform::llmlz:index:KeyRing$aws:kms/key:Key::keys-archive"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


@pytest.fixture
def answers() -> Answers:
    """Answers for one account; the SDK's class is loaded, as in any program that registers a key."""
    assert aws.kms.Key.__name__ == "Key"
    return Answers(Standins(account="111122223333", region="eu-central-1", partition="aws"))


def struct(**values: Any) -> Struct:
    """A message."""
    made = Struct()
    made.update(values)
    return made


def test_the_type_is_the_last_of_the_chain() -> None:
    """Parents stand before it."""
    assert token_of(URN) == "aws:kms/key:Key"


def test_computed_outputs_are_those_that_are_always_there(answers: Answers) -> None:
    """An optional one stays away when nobody gives it."""
    assert "arn" in computed("aws:kms/key:Key")
    assert "customKeyStoreId" not in computed("aws:kms/key:Key")


def test_a_preview_keeps_inputs_and_knows_nothing_else(answers: Answers) -> None:
    """Every computed output is unknown."""
    outputs = MessageToDict(answers.unknown(URN, struct(description="archive")))
    assert outputs["description"] == "archive"
    assert {name for name, value in outputs.items() if value == UNKNOWN} == {
        name for name in computed("aws:kms/key:Key") if name != "description"
    }


def test_a_create_gives_what_a_recording_gives(answers: Answers) -> None:
    """The same stand-in for the same output, and an ARN that looks like one."""
    outputs = MessageToDict(answers.known(URN, struct(description="archive")))
    standins = Standins(account="111122223333", region="eu-central-1", partition="aws")
    assert outputs["arn"] == standins.text(URN, "aws:kms/key:Key", "arn")
    assert outputs["arn"].startswith("arn:aws:kms:eu-central-1:111122223333:key/")
    assert outputs["description"] == "archive"


def test_an_update_keeps_what_was_computed(answers: Answers) -> None:
    """Inputs change, come and go; the ARN stays."""
    state = struct(arn="arn:aws:kms:::key/a", description="old", policy="p")
    outputs = answers.changed(state, struct(description="old", policy="p"), struct(description="new", isEnabled=True))
    assert MessageToDict(outputs) == {"arn": "arn:aws:kms:::key/a", "description": "new", "isEnabled": True}
