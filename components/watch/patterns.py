"""What is watched, as event patterns: pure functions, each with the page that it rests on.

Rules see what happens in their own Region, and what AWS counts as a change: calls that only look, and calls for single
objects, are not sent to them:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html (2026-11)
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Pattern = Mapping[str, Any]
"""An event pattern of EventBridge: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
(2026-11)."""

CALL = "AWS API Call via CloudTrail"

LONGEST = 2048
"""Characters of a pattern before somebody asks AWS for more:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html (2026-11)."""


def pattern_text(pattern: Pattern, account_id: str) -> str:
    """The pattern for events of one account, as short as JSON can be; raises ``ValueError`` if it is too long."""
    text = json.dumps({**pattern, "account": [account_id]}, separators=(",", ":"))
    if len(text) > LONGEST:
        raise ValueError(
            f"an event pattern has {len(text)} characters, {LONGEST} are allowed: watch less with one rule"
        )
    return text


def role_taken(role_name: str, partition: str, account_id: str) -> Pattern:
    """Somebody takes a role or tries to, or changes something with it.

    Roles are taken at the STS endpoint of any Region, and consoles sign in at another one; the second half reports
    whoever came in there as soon as something is changed here:
    https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-sts.html (2026-11).
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


TAMPERING: Mapping[str, Sequence[str]] = {
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-tutorial.html names the events of the trail;
    # the others are the actions of each service's API reference (2026-11).
    "access-analyzer": ["CreateArchiveRule", "DeleteAnalyzer"],
    "backup": [
        "DeleteBackupPlan",
        "DeleteBackupVault",
        "DeleteBackupVaultAccessPolicy",
        "DeleteBackupVaultLockConfiguration",
        "DeleteRecoveryPoint",
        "PutBackupVaultAccessPolicy",
    ],
    "bedrock": [
        "DeleteEnforcedGuardrailConfiguration",
        "DeleteGuardrail",
        "DeleteModelInvocationLoggingConfiguration",
        "PutEnforcedGuardrailConfiguration",
        "PutModelInvocationLoggingConfiguration",
        "UpdateGuardrail",
    ],
    "cloudtrail": ["DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail"],
    "config": [
        "DeleteConfigurationRecorder",
        "DeleteDeliveryChannel",
        "PutDeliveryChannel",
        "StopConfigurationRecorder",
    ],
    "ec2": ["DeleteFlowLogs"],
    "guardduty": ["CreateFilter", "DeleteDetector", "DisassociateFromAdministratorAccount", "UpdateDetector"],
    "logs": [
        "DeleteAccountPolicy",
        "DeleteDataProtectionPolicy",
        "DeleteLogGroup",
        "DeleteRetentionPolicy",
        "DisassociateKmsKey",
        "PutDataProtectionPolicy",
        "PutRetentionPolicy",
    ],
    "route53resolver": [
        "DisassociateFirewallRuleGroup",
        "DisassociateResolverQueryLogConfig",
        "DeleteFirewallRule",
        "UpdateFirewallConfig",
        "UpdateFirewallDomains",
        "UpdateFirewallRule",
    ],
    "securityhub": ["BatchDisableStandards", "DisableSecurityHub"],
}
"""Service to calls that take evidence, a detector, a guardrail or a backup away, or make it see less."""

OF_BUCKETS: Sequence[Any] = ({"prefix": "DeleteBucket"}, {"prefix": "PutBucket"}, "PutObjectLockConfiguration")
"""Calls that change a bucket itself: its policy, its lock, its lifecycle, its encryption, the bucket as a whole.
Prefixes, because the names in the trail are not those of the API in every case:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html (2026-11)."""


def tampering(buckets: Sequence[str]) -> Pattern:
    """Somebody switches off, deletes or weakens what would show it, anywhere in the account; of buckets only these."""
    calls: list[Pattern] = [
        {"eventSource": [f"{service}.amazonaws.com"], "eventName": list(names)} for service, names in TAMPERING.items()
    ]
    archive = {
        "eventSource": ["s3.amazonaws.com"],
        "eventName": list(OF_BUCKETS),
        "requestParameters": {"bucketName": list(buckets)},
    }
    return {"detail-type": [CALL], "detail": {"$or": [*calls, archive]}}


HIGH = 7
"""From here on GuardDuty calls a finding high, from 9 on critical:
https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html (2026-11)."""


def findings() -> Pattern:
    """GuardDuty reports something of high severity, or Security Hub something critical that is new.

    What GuardDuty tells Security Hub is left out there, or it would be reported twice:
    https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html and
    https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html (2026-11)
    """
    threats = {
        "source": ["aws.guardduty"],
        "detail-type": ["GuardDuty Finding"],
        "detail": {"severity": [{"numeric": [">=", HIGH]}]},
    }
    weaknesses = {
        "source": ["aws.securityhub"],
        "detail-type": ["Security Hub Findings - Imported"],
        "detail": {
            "findings": {
                "ProductName": [{"anything-but": "GuardDuty"}],
                "RecordState": ["ACTIVE"],
                "Severity": {"Label": ["CRITICAL"]},
                "Workflow": {"Status": ["NEW"]},
            }
        },
    }
    return {"$or": [threats, weaknesses]}
