"""Stand-ins give way to what a live stack answered; what it did not answer stays."""

from collections.abc import Mapping
from typing import Any

from llmlz.graph.known import with_outputs
from llmlz.graph.model import Graph, Resource, Standin

Outputs = Mapping[str, Mapping[str, Any]]
KEY, ROLE = "urn:pulumi:s::p::aws:kms/key:Key::key", "urn:pulumi:s::p::aws:iam/role:Role::role"
CORE, NUMBER = "arn:aws:kms:r:a:key/ref000000000001q", 7_000_000_000_001_000


def graph(**inputs: object) -> Graph:
    """A role with these inputs, beside two stand-ins of a key."""
    role = Resource(urn=ROLE, type="aws:iam/role:Role", name="role", kind="custom", parent=None, inputs=inputs)
    standins = {
        "ref000000000001q": Standin(urn=KEY, path="arn", value=CORE),
        str(NUMBER): Standin(urn=KEY, path="ports[0].number", value=NUMBER),
    }
    return Graph(project="p", stack="s", resources=(role,), standins=standins, outputs={"key": CORE})


def test_a_known_output_takes_the_place_of_its_stand_in() -> None:
    """Alone, inside a text, in lists, and as a number; in the outputs of the stack too."""
    found = with_outputs(
        graph(policy=f'{{"Resource":"{CORE}"}}', keys=[CORE], port=NUMBER, on=True),
        {KEY: {"arn": "arn:real", "ports": [{"number": 443}]}},
    )
    assert found.resources[0].inputs == {
        "policy": '{"Resource":"arn:real"}',
        "keys": ["arn:real"],
        "port": 443,
        "on": True,
    }
    assert (found.outputs, found.standins) == ({"key": "arn:real"}, {})


def test_what_is_not_known_stays() -> None:
    """An output that the state does not have, of a resource that it does not have, or that is no plain value."""
    lives: list[Outputs] = [{}, {KEY: {}}, {KEY: {"arn": {"a": "b"}, "ports": []}}, {ROLE: {"arn": "other"}}]
    for live in lives:
        assert with_outputs(graph(policy=CORE, port=NUMBER), live).resources[0].inputs == {
            "policy": CORE,
            "port": NUMBER,
        }
