"""Alarms that somebody is called for, each with the page that says what to do.

Owns: the alarms, their topic with its policy, and its subscribers.
Does not own: the key of the topic (``KeyRing``), what is reported as an event (``Watch``), what should be done: pages in
``docs/runbooks``, one per alarm.

The topic is not the one of ``Watch``: that one lets every rule of EventBridge in, since a condition would lose reports,
and what it says must not drown among alarms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
import pulumi_aws as aws

from components._alarm import Alarm, queries
from components._alarm_rules import (
    SERVICE_LEVEL,
    Objectives,
    Thresholds,
    database_alarm,
    evidence_alarms,
    guardrail_alarm,
    model_alarms,
    service_level_parts,
    service_level_rule,
)
from components._naming import physical_name
from components._policy import document
from components._topic import mailing_topic


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmsArgs:
    """What alarms are made of."""

    account_id: str
    """Twelve digits; only alarms of this account are reported."""

    counted_versions: Sequence[pulumi.Input[str]]
    """Accepted versions of the guardrail, each with metrics of its own."""

    emails: Sequence[str]
    """Who is called; each confirms the subscription once."""

    guardrail_arn: pulumi.Input[str]
    """Guardrail whose interventions are counted."""

    kms_key_arn: pulumi.Input[str]
    """Key of the topic; its policy must let CloudWatch use it."""

    name_prefix: str
    """Start of every physical name."""

    partition: str
    """``aws``, or the name of another AWS partition."""

    region: str
    """Where the models are called from."""

    runbooks: str
    """Address of the folder with a page per alarm, without a slash at its end."""

    thresholds: Thresholds
    """Where the lines are."""

    cluster_identifier: pulumi.Input[str] | None = field(default=None)
    """Identifier of the vector database's cluster; no alarm about one if left out."""

    objectives: Objectives | None = field(default=None)
    """What teams may rely on; no alarm about it if left out."""

    trail_log_group_name: pulumi.Input[str] | None = field(default=None)
    """Log group that the trail of API calls writes to; no alarm about it if left out, as where the trail is elsewhere."""


class Alarms(pulumi.ComponentResource):
    """A topic, and every alarm that it hears of."""

    alarm_arns: pulumi.Output[list[str]]
    """The alarms that ring, in the order in which they are looked at."""

    topic_arn: pulumi.Output[str]
    """Where they are reported; ready when its policy is."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the topic, its subscribers and the alarms."""
        super().__init__("llmlz:index:Alarms", name, {}, opts)
        _, self.topic_arn = mailing_topic(
            name,
            physical=physical_name("topic", args.name_prefix, "alarms"),
            kms_key_arn=args.kms_key_arn,
            emails=args.emails,
            policy=lambda arn: alarms_publish(arn, args),
            parent=self,
        )
        wanted = alarms(args)
        made = {alarm.name: self._alarm(name, args, alarm) for alarm in wanted}
        rings = [made[alarm.name].arn for alarm in wanted if alarm.rings]
        if args.objectives:
            rings.append(self._service_level(name, args, args.objectives, made))
        self.alarm_arns = pulumi.Output.all(*rings)
        self.register_outputs({"alarm_arns": self.alarm_arns, "topic_arn": self.topic_arn})

    def _alarm(self, name: str, args: AlarmsArgs, alarm: Alarm) -> aws.cloudwatch.MetricAlarm:
        return aws.cloudwatch.MetricAlarm(
            f"{name}-{alarm.name}",
            name=physical_name("alarm", args.name_prefix, alarm.name),
            alarm_actions=[self.topic_arn] if alarm.rings else [],
            alarm_description=described(alarm.says, args.runbooks, alarm.page or alarm.name),
            comparison_operator=alarm.comparison,
            datapoints_to_alarm=alarm.datapoints,
            evaluation_periods=alarm.evaluations,
            metric_queries=queries(alarm),
            threshold=alarm.threshold,
            treat_missing_data=alarm.silence,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _service_level(
        self, name: str, args: AlarmsArgs, objectives: Objectives, made: Mapping[str, aws.cloudwatch.MetricAlarm]
    ) -> pulumi.Output[str]:
        parts = service_level_parts(objectives)
        names = {part.name: physical_name("alarm", args.name_prefix, part.name) for part in parts}
        says = "Teams do not get what they may rely on: too many calls fail, or answers are late."
        composite = aws.cloudwatch.CompositeAlarm(
            f"{name}-{SERVICE_LEVEL}",
            alarm_name=physical_name("alarm", args.name_prefix, SERVICE_LEVEL),
            alarm_actions=[self.topic_arn],
            alarm_description=described(says, args.runbooks, SERVICE_LEVEL),
            alarm_rule=service_level_rule(names),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[made[part] for part in names]),
        )
        return composite.arn


def alarms(args: AlarmsArgs) -> list[Alarm]:
    """All alarms but the composite one, in the order in which somebody should look at them."""
    return [
        *model_alarms(args.thresholds),
        guardrail_alarm(args.thresholds.guardrail_percent, args.guardrail_arn, args.counted_versions),
        *evidence_alarms(args.trail_log_group_name),
        *([database_alarm(args.cluster_identifier)] if args.cluster_identifier is not None else []),
        *(service_level_parts(args.objectives) if args.objectives else []),
    ]


def described(says: str, runbooks: str, page: str) -> str:
    """What the mail says: what is wrong, and where to read on."""
    return f"{says} Runbook: {runbooks}/{page}.md"


def alarms_publish(topic_arn: str, args: AlarmsArgs) -> dict[str, Any]:
    """Alarms of this account, of this prefix, publish to the topic, and nothing else does.

    https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html (2026-11)
    """
    return document(
        [
            {
                "Sid": "AlarmsPublish",
                "Effect": "Allow",
                "Principal": {"Service": "cloudwatch.amazonaws.com"},
                "Action": "sns:Publish",
                "Resource": topic_arn,
                "Condition": {
                    "ArnLike": {"aws:SourceArn": _alarms_of(args)},
                    "StringEquals": {"aws:SourceAccount": args.account_id},
                },
            }
        ]
    )


def _alarms_of(args: AlarmsArgs) -> str:
    return f"arn:{args.partition}:cloudwatch:{args.region}:{args.account_id}:alarm:{args.name_prefix}-*"
