"""What is reported within minutes: events that should never happen, by mail.

Owns: the topic, its policy and its subscribers, one rule per watched thing.
Does not own: the key of the topic (``KeyRing``), the trail that makes API calls into events (``LogArchive``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import document
from components._topic import mailing_topic
from components.watch.patterns import Pattern, pattern_text


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchArgs:
    """What a watch is made of."""

    account_id: str
    """Twelve digits; only events of this account are reported."""

    emails: Sequence[str]
    """Who hears of it; each confirms the subscription once."""

    kms_key_arn: pulumi.Input[str]
    """Key of the topic; its policy must let EventBridge use it."""

    name_prefix: str
    """Start of every physical name."""

    patterns: Mapping[str, Pattern]
    """What is watched to the events that show it. The name is identity."""


class Watch(pulumi.ComponentResource):
    """A topic, and a rule for everything that is watched."""

    topic_arn: pulumi.Output[str]
    """Where the reports go; ready when its policy is."""

    def __init__(self, name: str, args: WatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the topic, its subscribers and the rules."""
        super().__init__("llmlz:index:Watch", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        topic, self.topic_arn = mailing_topic(
            name,
            physical=physical_name("topic", args.name_prefix, "watch"),
            kms_key_arn=args.kms_key_arn,
            emails=args.emails,
            policy=rules_publish,
            parent=self,
        )
        for watched, pattern in args.patterns.items():
            rule = aws.cloudwatch.EventRule(
                f"{name}-{watched}",
                name=physical_name("event-rule", args.name_prefix, watched),
                description=f"Reports {watched}",
                event_pattern=pattern_text(pattern, args.account_id),
                opts=child,
            )
            aws.cloudwatch.EventTarget(
                f"{name}-{watched}-target", rule=rule.name, target_id="mail", arn=topic.arn, opts=child
            )
        self.register_outputs({"topic_arn": self.topic_arn})


def rules_publish(topic_arn: str) -> dict[str, Any]:
    """Rules of EventBridge publish to the topic, and no other service; people and roles as their own policies say.

    No condition: EventBridge sends nothing that one could hold on to, and a condition loses every report without a word.
    So somebody who knows the topic could have another account's rule write to it; nobody can read it, or silence it.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions (2026-11)
    """
    return document(
        [
            {
                "Sid": "RulesPublish",
                "Effect": "Allow",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": topic_arn,
            }
        ]
    )
