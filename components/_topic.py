"""A topic that mails: what reports and alarms have in common."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws


def mailing_topic(
    name: str,
    *,
    physical: str,
    kms_key_arn: pulumi.Input[str],
    emails: Sequence[str],
    policy: Callable[[str], Mapping[str, Any]],
    parent: pulumi.Resource,
) -> tuple[aws.sns.Topic, pulumi.Output[str]]:
    """The topic, and its ARN that is ready when its policy is; ``policy`` makes the document from the ARN.

    Each address confirms its subscription once.
    """
    child = pulumi.ResourceOptions(parent=parent)
    topic = aws.sns.Topic(f"{name}-topic", name=physical, kms_master_key_id=kms_key_arn, opts=child)
    attached = aws.sns.TopicPolicy(
        f"{name}-topic-policy",
        arn=topic.arn,
        policy=topic.arn.apply(lambda arn: json.dumps(policy(arn))),
        opts=child,
    )
    for email in emails:
        aws.sns.TopicSubscription(f"{name}-to-{email}", topic=topic.arn, protocol="email", endpoint=email, opts=child)
    return topic, pulumi.Output.all(topic.arn, attached.id).apply(lambda made: str(made[0]))
