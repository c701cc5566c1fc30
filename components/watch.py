"""What is reported within minutes: events that should never happen, by mail.

Owns: the topic, its policy and its subscribers, one rule per watched thing.
Does not own: the key of the topic (``KeyRing``), the trail that makes API calls into events (``LogArchive``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components._naming import physical_name
from components._policy import document

Pattern = Mapping[str, Any]
"""An event pattern of EventBridge: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
(2026-11)."""


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
        topic = aws.sns.Topic(
            f"{name}-topic",
            name=physical_name("topic", args.name_prefix, "watch"),
            kms_master_key_id=args.kms_key_arn,
            opts=child,
        )
        policy = aws.sns.TopicPolicy(
            f"{name}-topic-policy",
            arn=topic.arn,
            policy=topic.arn.apply(lambda arn: json.dumps(rules_publish(arn))),
            opts=child,
        )
        for email in args.emails:
            aws.sns.TopicSubscription(
                f"{name}-to-{email}", topic=topic.arn, protocol="email", endpoint=email, opts=child
            )
        for watched, pattern in args.patterns.items():
            rule = aws.cloudwatch.EventRule(
                f"{name}-{watched}",
                name=physical_name("event-rule", args.name_prefix, watched),
                description=f"Reports {watched}",
                event_pattern=json.dumps({**pattern, "account": [args.account_id]}),
                opts=child,
            )
            aws.cloudwatch.EventTarget(
                f"{name}-{watched}-target", rule=rule.name, target_id="mail", arn=topic.arn, opts=child
            )
        self.topic_arn = pulumi.Output.all(topic.arn, policy.id).apply(lambda made: str(made[0]))
        self.register_outputs({"topic_arn": self.topic_arn})


CALL = "AWS API Call via CloudTrail"


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


def role_taken(role_name: str, partition: str, account_id: str) -> Pattern:
    """Somebody takes a role or tries to, or changes something with it.

    Rules see what happens in their own Region. Roles are taken at the STS endpoint of any Region, and consoles sign in
    at another one; the second half reports whoever came in there as soon as something is changed here. Calls that only
    look are not sent to rules: https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-sts.html and
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html (2026-11).
    """
    arn = f"arn:{partition}:iam::{account_id}:role/{role_name}"
    taken = {
        "eventSource": ["sts.amazonaws.com"],
        "eventName": ["AssumeRole"],
        "requestParameters": {"roleArn": [arn]},
    }
    used = {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": [arn]}}}}
    return {"detail-type": [CALL], "detail": {"$or": [taken, used]}}


def backups_failed() -> Pattern:
    """A backup, a copy or a restore, tests included, that did not come to its end.

    Restores say ``status`` where the others say ``state``:
    https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html (2026-11)
    """
    jobs = [f"{job} Job State Change" for job in ("Backup", "Copy", "Restore")]
    failed = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"]
    return {"source": ["aws.backup"], "detail-type": jobs, "detail": {"$or": [{"state": failed}, {"status": failed}]}}


def keys_switched_off() -> Pattern:
    """A key is disabled, loses its material, or is on its way to deletion.

    https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-creating-cloudwatch-alarm.html (2026-11)
    """
    switches = ["DeleteImportedKeyMaterial", "DisableKey", "ScheduleKeyDeletion"]
    return {"detail-type": [CALL], "detail": {"eventSource": ["kms.amazonaws.com"], "eventName": switches}}
