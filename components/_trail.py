"""What trails have in common: the events that they record, and the role by which they write to a log group."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

import pulumi
import pulumi_aws as aws

from components._policy import allow, document, service_trust

DataEvent = Literal[
    "agents",
    "async_invocations",
    "flows",
    "guardrails",
    "inline_agents",
    "knowledge_bases",
    "models",
    "prompts",
    "s3_objects",
    "vectors",
]
"""Kinds of data events, in words of ours."""

RESOURCE_TYPES: Mapping[DataEvent, Sequence[str]] = {
    "agents": ["AWS::Bedrock::AgentAlias"],
    "async_invocations": ["AWS::Bedrock::AsyncInvoke"],
    "flows": ["AWS::Bedrock::FlowAlias", "AWS::Bedrock::FlowExecution"],
    "guardrails": ["AWS::Bedrock::Guardrail"],
    "inline_agents": ["AWS::Bedrock::InlineAgent"],
    "knowledge_bases": ["AWS::Bedrock::KnowledgeBase"],
    "models": ["AWS::Bedrock::Model"],
    "prompts": ["AWS::Bedrock::PromptVersion"],
    "s3_objects": ["AWS::S3::Object"],
    "vectors": ["AWS::S3Vectors::VectorBucket", "AWS::S3Vectors::Index"],
}
"""Kind to CloudTrail's ``resources.type``. A name that CloudTrail does not know makes it refuse all selectors, so these
are from its own table: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
(2026-11). ``InvokeModel`` and ``Converse`` are management events, which every trail has:
https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html (2026-11)."""

if TYPE_CHECKING:  # naming a type of the SDK loads its whole service
    Selector = aws.cloudtrail.TrailAdvancedEventSelectorArgsDict
    Field = aws.cloudtrail.TrailAdvancedEventSelectorFieldSelectorArgsDict


def event_selectors(kinds: Sequence[DataEvent], own_buckets: str, archive: str) -> list[Selector] | None:
    """Selectors for these data events and for every management event; ``None``, which is CloudTrail's own, without any.

    Selectors replace the default, so management events have one of their own. Objects are those of buckets whose ARN
    starts with ``own_buckets``, but for ``archive``: each delivery to it would be an event that is delivered to it.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html (2026-11)
    """
    if not kinds:
        return None
    selectors = [_selector("management events", [_equals("eventCategory", "Management")])]
    for kind in sorted(kinds):
        for resource_type in RESOURCE_TYPES[kind]:
            fields = [_equals("eventCategory", "Data"), _equals("resources.type", resource_type)]
            if kind == "s3_objects":
                fields.append(
                    {"field": "resources.ARN", "starts_withs": [own_buckets], "not_starts_withs": [f"{archive}/"]}
                )
            selectors.append(_selector(f"data events of {resource_type}", fields))
    return selectors


def _selector(name: str, fields: list[Field]) -> Selector:
    return {"name": name, "field_selectors": fields}


def _equals(field: str, value: str) -> Field:
    return {"field": field, "equals": [value]}


def trail_writer(
    name: str,
    *,
    account_id: str,
    boundary_arn: pulumi.Input[str],
    log_group_arn: pulumi.Output[str],
    physical: str,
    parent: pulumi.Resource,
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """The role that CloudTrail takes to write to one log group, and its policy, which has to be there before the trail."""
    child = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        name,
        name=physical,
        assume_role_policy=json.dumps(service_trust(["cloudtrail.amazonaws.com"], account_id)),
        permissions_boundary=boundary_arn,
        opts=child,
    )
    writes = aws.iam.RolePolicy(
        f"{name}-writes",
        role=role.name,
        policy=log_group_arn.apply(lambda arn: json.dumps(write_logs(arn))),
        opts=child,
    )
    return role, writes


def write_logs(log_group_arn: str) -> dict[str, object]:
    """Write streams and events into one log group."""
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    return document([allow("WriteThisLogGroup", actions, [f"{log_group_arn}:log-stream:*"])])
