"""Several stacks as one document."""

from typing import Any

import pytest

from llmlz.graph.known import filled, unfilled, used
from llmlz.graph.model import Graph
from llmlz.local.excluded import made_by_aws
from llmlz.rehearsal.merge import marked, merged, one_provider
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import render
from llmlz.rehearsal.schema import Schema
from tests.local.programs import small


@pytest.fixture(scope="module")
def graphs() -> tuple[Graph, Graph]:
    """The small platform and the team on it."""
    return small()


def test_a_team_refers_to_its_platform(graphs: tuple[Graph, Graph]) -> None:
    """What was a stand-in of another stack is a reference in the merged document."""
    both = merged(graphs)
    document = render(both, ProviderBlock.offline("eu-central-1", "111122223333")).document
    (policy,) = document["resource"]["aws_iam_role_policy"].values()
    assert "${aws_s3_bucket.bucket-" in policy["policy"]
    assert "${aws_kms_key.key-" in policy["policy"]


def test_a_text_that_another_stack_exports_keeps_the_order(graphs: tuple[Graph, Graph]) -> None:
    """A log group's name is known beforehand, so nothing in it is a reference; the metric waits for the group still."""
    both = merged(graphs)
    rendered = render(both, ProviderBlock.offline("eu-central-1", "111122223333"))
    (metric,) = rendered.document["resource"]["aws_cloudwatch_log_metric_filter"].values()
    (group,) = (a for a, urn in rendered.addresses.items() if urn == marked(graphs[0].named("logs").urn, graphs[0]))
    assert metric["log_group_name"] == "/llmlz/small"
    assert metric["depends_on"] == [group]


def test_equal_names_in_two_stacks_stay_apart(graphs: tuple[Graph, Graph]) -> None:
    """Two stacks of one shape are two sets of resources."""
    twin = Graph.from_json(graphs[0].to_json().replace("urn:pulumi:platform-small::", "urn:pulumi:platform-twin::"))
    twin = Graph.from_json(twin.to_json().replace('"stack": "platform-small"', '"stack": "platform-twin"'))
    both = merged([graphs[0], twin])
    rendered = render(both, ProviderBlock.offline("eu-central-1", "111122223333"))
    assert len(rendered.addresses) == len(made_by_aws(graphs[0])) + len(made_by_aws(twin)) == 12
    for graph in (graphs[0], twin):
        assert {marked(r.urn, graph) for r in made_by_aws(graph)} <= set(rendered.addresses.values())


def test_providers_that_differ_by_tags_become_one() -> None:
    """The tags move to the resources: a resource's own tag wins, and what takes no tags gets none."""
    document: dict[str, Any] = {
        "provider": {
            "aws": [
                {"region": "eu-central-1", "default_tags": [{"tags": {"team": "platform", "owner": "us"}}]},
                {"region": "eu-central-1", "alias": "p1", "default_tags": [{"tags": {"team": "claims"}}]},
                {"region": "us-east-1", "alias": "p2"},
            ]
        },
        "resource": {
            "aws_kms_key": {
                "a": {"tags": {"owner": "me"}},
                "b": {"provider": "aws.p1"},
                "c": {"provider": "aws.p2"},
            },
            "aws_kms_alias": {"a": {"provider": "aws.p1"}},
        },
    }
    one_provider(document, Schema.committed())
    assert document["provider"]["aws"] == [{"region": "eu-central-1"}, {"region": "us-east-1", "alias": "p2"}]
    assert document["resource"]["aws_kms_key"] == {
        "a": {"tags": {"team": "platform", "owner": "me"}},
        "b": {"tags": {"team": "claims"}},
        "c": {"provider": "aws.p2"},
    }
    assert document["resource"]["aws_kms_alias"] == {"a": {}}


def test_real_values_take_the_place_of_standins(graphs: tuple[Graph, Graph]) -> None:
    """Whole texts, texts inside texts, and the last part that a program cut out of an ARN."""
    outputs, real = graphs[0].outputs, "arn:aws:kms:eu-central-1:111122223333:key/mrk-1"
    arn = outputs["key_arn"]
    known = {core: (standin, real) for core, standin in used(arn, graphs[0]).items()}
    cut = arn.rpartition("/")[2]
    value = {"whole": arn, "inside": [f"{arn}/*"], "cut": cut, "other": outputs["guardrail_id"], "n": 3}
    assert filled(value, known) == {
        "whole": real,
        "inside": [f"{real}/*"],
        "cut": "mrk-1",
        "other": outputs["guardrail_id"],
        "n": 3,
    }
    assert unfilled(filled(value, known)) == ("other",)
