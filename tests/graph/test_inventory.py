"""The graph as text for people: identities, counts, and inputs with references instead of stand-ins."""

import dataclasses
import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
import pytest

from llmlz.graph.inventory import counts, identities, identity, inventory, vanished
from llmlz.graph.model import Graph
from llmlz.graph.record import record
from llmlz.graph.standins import CORE


class Box(pulumi.ComponentResource):
    """A component with one topic."""

    def __init__(self, name: str) -> None:
        super().__init__("llmlz:index:Box", name)
        topic = aws.sns.Topic(
            f"{name}-topic",
            opts=pulumi.ResourceOptions(parent=self, protect=True, aliases=[pulumi.Alias(name="old-topic")]),
        )
        aws.sns.TopicSubscription(
            f"{name}-subscription",
            topic=topic.arn,
            protocol="lambda",
            endpoint=pulumi.Output.concat("arn:aws:lambda:eu-central-1:111122223333:function:", topic.name),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.register_outputs({})


@pytest.fixture(scope="module")
def small() -> Graph:
    """One component and a stack output."""

    def program() -> None:
        Box("box")
        pulumi.export("count", 2)

    return record(program, project="llmlz", stack_name="test", account="111122223333", region="eu-central-1")


def test_identity_is_type_name_and_parent(small: Graph) -> None:
    """What a live state knows a resource by, one line each, sorted."""
    assert identities(small) == [
        "aws:sns/topic:Topic box-topic < box",
        "aws:sns/topicSubscription:TopicSubscription box-subscription < box",
        "llmlz:index:Box box",
    ]


def test_the_inventory_reads_like_the_program(small: Graph) -> None:
    """References stand where a deployment would put values; options are shown where they are set."""
    assert inventory(small) == {
        "counts": {"aws:sns/topic:Topic": 1, "aws:sns/topicSubscription:TopicSubscription": 1},
        "outputs": {"count": 2},
        "resources": {
            "aws:sns/topic:Topic box-topic < box": {"options": {"aliases": ["old-topic"], "protect": True}},
            "aws:sns/topicSubscription:TopicSubscription box-subscription < box": {
                "inputs": {
                    "endpoint": "arn:aws:lambda:eu-central-1:111122223333:function:<box-topic.name>",
                    "protocol": "lambda",
                    "topic": "<box-topic.arn>",
                }
            },
            "llmlz:index:Box box": {},
        },
    }


def test_counts_leave_out_what_no_provider_makes(small: Graph) -> None:
    """Components, providers and reads cost nothing and are not counted."""
    assert sum(counts(small).values()) == 2


def test_a_renamed_resource_vanishes_without_an_alias(small: Graph) -> None:
    """The alias on the topic covers its former name, and only that."""
    before = ["aws:sns/topic:Topic old-topic < box", "aws:sns/topic:Topic older-topic < box", *identities(small)]
    assert vanished(before, small) == ["aws:sns/topic:Topic older-topic < box"]


def test_an_alias_covers_its_own_type_only(small: Graph) -> None:
    """A queue of the same name as an aliased topic is gone, whatever the topic was called."""
    before = ["aws:sqs/queue:Queue old-topic < box"]
    assert vanished(before, small) == before


def test_no_stand_in_is_left_in_the_inventory_of_the_example(graphs: Mapping[str, Graph]) -> None:
    """A golden never shows a hash in the place of a reference to a resource of its own stack."""
    platform = graphs["platform-sandbox"]
    assert CORE.findall(json.dumps(inventory(platform))) == []


def test_two_resources_of_one_identity_are_both_seen(small: Graph) -> None:
    """Identities are a list, not a set: a double would show in the golden."""
    topic = small.named("box-topic")
    doubled = dataclasses.replace(small, resources=(*small.resources, topic))
    assert identities(doubled).count(identity(small, topic)) == 2
