"""Physical names: one formula, and the limits that AWS sets, as data.

``<prefix>-<role>`` within an account and region; ``<prefix>-<role>-<account>-<region>`` where the name is unique in the
world. Names are deterministic, so that a resource whose creation was cut off can be found and adopted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

LARGE_DATA_PREFIX = "bedrock-large-data"
"""Where in the archive bucket Bedrock delivers prompts and answers that do not fit a log event."""

TRAIL_PREFIX = "cloudtrail"
"""Where in a bucket the trail of an account delivers."""

ORGANIZATION_TRAIL_PREFIX = "organization"
"""Where in a bucket the trail of an organization delivers."""


@dataclass(frozen=True, slots=True)
class NameRule:
    """What AWS accepts as a name of one kind of thing."""

    longest: int
    """Characters."""

    pattern: str
    """A regular expression for the whole name."""


RULES: Mapping[str, NameRule] = {
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html (2026-11)
    "bucket": NameRule(63, r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3VectorBuckets_CreateVectorBucket.html (2026-11)
    "vector-bucket": NameRule(63, r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3VectorBuckets_CreateIndex.html (2026-11)
    "vector-index": NameRule(63, r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"),
    # https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_CreateKnowledgeBase.html (2026-11)
    "knowledge-base": NameRule(100, r"([0-9a-zA-Z][_-]?)+"),
    # https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html (2026-11)
    "cluster": NameRule(100, r"[0-9A-Za-z][A-Za-z0-9_-]*"),
    # https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html (2026-11)
    "node-group": NameRule(63, r"[0-9A-Za-z][A-Za-z0-9_-]*"),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11)
    "role": NameRule(64, r"[\w+=,.@-]+"),
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html (2026-11)
    "database": NameRule(63, r"[a-z](?!.*--)[a-z0-9-]*[a-z0-9]"),
    # https://docs.aws.amazon.com/opensearch-service/latest/ServerlessAPIReference/API_CreateCollection.html (2026-11), and
    # endpoints and policies by the same rule
    "collection": NameRule(32, r"[a-z][a-z0-9-]{2,31}"),
    # https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateGuardrail.html (2026-11)
    "guardrail": NameRule(50, r"[0-9a-zA-Z_-]+"),
    # https://docs.aws.amazon.com/bedrock/latest/APIReference/API_CreateInferenceProfile.html (2026-11)
    "inference-profile": NameRule(64, r"([0-9a-zA-Z][ _-]?)+"),
    # https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html (2026-11)
    "function": NameRule(64, r"[a-zA-Z0-9_-]+"),
    # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html (2026-11)
    "table": NameRule(255, r"[a-zA-Z0-9_.-]{3,}"),
    # https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html (2026-11)
    "state-machine": NameRule(80, r"[A-Za-z0-9_-]+"),
    # https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html (2026-11)
    "schedule": NameRule(64, r"[0-9a-zA-Z_.-]+"),
    # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html (2026-11)
    "secret": NameRule(512, r"[A-Za-z0-9/_+=.@-]+"),
    # https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganizationalUnit.html (2026-11)
    "organizational-unit": NameRule(128, r"[ -~]+"),
    # https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html (2026-11)
    "account": NameRule(50, r"[ -~]+"),
    # https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreatePolicy.html (2026-11)
    "organization-policy": NameRule(128, r"[ -~]+"),
    # https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html (2026-11)
    "permission-set": NameRule(32, r"[\w+=,.@-]+"),
    # https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html (2026-11)
    "topic": NameRule(256, r"[A-Za-z0-9_-]+"),
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html (2026-11)
    "backup-vault": NameRule(50, r"[a-zA-Z0-9_-]+"),
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupSelection.html (2026-11), and plans by the same rule
    "backup-plan": NameRule(50, r"[a-zA-Z0-9_.-]+"),
    # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingPlanForCreate.html (2026-11)
    "restore-test": NameRule(50, r"[a-zA-Z0-9_]+"),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html (2026-11)
    "alarm": NameRule(255, r"[ -~]+"),
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11)
    "policy": NameRule(128, r"[\w+=,.@-]+"),
    # https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_AnomalyMonitor.html (2026-11)
    "anomaly-monitor": NameRule(1024, r"[ -~]+"),
    # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html (2026-11)
    "event-rule": NameRule(64, r"[.A-Za-z0-9_-]+"),
    # https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_CreateAnalyzer.html (2026-11)
    "analyzer": NameRule(255, r"[A-Za-z][A-Za-z0-9_.-]*"),
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_CreateFirewallRule.html (2026-11)
    "dns-firewall": NameRule(64, r"(?!^[0-9]+$)[a-zA-Z0-9_' -]+"),
    # https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html (2026-11)
    "log-policy": NameRule(255, r"[A-Za-z0-9_-]+"),
    # A path of fifteen levels at most:
    # https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html (2026-11)
    "parameter": NameRule(1011, r"(/[A-Za-z0-9_.-]+){1,15}"),
}
"""Kind to rule. A kind without a row is not limited in practice."""


def physical_name(kind: str, *parts: str) -> str:
    """``parts`` joined by dashes, checked against the rule of ``kind``; raises ``ValueError`` with both lengths."""
    name, rule = "-".join(parts), RULES[kind]
    if len(name) > rule.longest:
        raise ValueError(
            f"{kind} name {name!r} has {len(name)} characters, {rule.longest} are allowed:"
            " shorten the prefix or the team's name"
        )
    if not re.fullmatch(rule.pattern, name):
        raise ValueError(f"{kind} name {name!r} does not match {rule.pattern}")
    return name
