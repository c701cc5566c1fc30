"""What stays as it is: logging, detectors, guardrails, keys, backups, boundaries and the roles of the bootstrap.

Who may change what:

- nobody: take a boundary off, leave the organization;
- the roles of the bootstrap: what the bootstrap made, themselves included;
- these and the pipeline: the break-glass role;
- the pipeline and break-glass: settings that stay switched on;
- break-glass: switch off, delete, bypass.

Break-glass means: with a second factor. AWS keeps the factor where a role is taken, and not in the session that follows:
"temporary credentials returned by AssumeRole do not include MFA information in the context"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html, 2026-11). So the role
cannot be taken without one, here, in the resource control policy and in its own trust; and a session of which AWS says
that there was none can do nothing. A Deny on an absent key would lock break-glass out for good.
"""

from collections.abc import Sequence

from components._policy import Statement
from components.organization.rules import BOUNDARIES, BREAK_GLASS, PIPELINE, PREVIEW, UnitRules

MFA = "aws:MultiFactorAuthPresent"

LOGGING: Sequence[str] = (
    "bedrock:DeleteModelInvocationLoggingConfiguration",
    "cloudtrail:DeleteTrail",
    "cloudtrail:StopLogging",
)
DETECTORS: Sequence[str] = (
    "access-analyzer:DeleteAnalyzer",
    "config:DeleteConfigurationRecorder",
    "config:DeleteDeliveryChannel",
    "config:StopConfigurationRecorder",
    "guardduty:DeleteDetector",
    "securityhub:BatchDisableStandards",
    "securityhub:DisableSecurityHub",
)
"""What looks on; a stack that lets go of one leaves it as it is."""

GUARDRAIL: Sequence[str] = (
    "bedrock:DeleteEnforcedGuardrailConfiguration",
    "bedrock:DeleteGuardrail",
    "bedrock:DeleteResourcePolicy",
)
KEYS: Sequence[str] = ("kms:DeleteImportedKeyMaterial", "kms:DisableKey", "kms:ScheduleKeyDeletion")
BACKUPS: Sequence[str] = (
    "backup:DeleteBackupVault*",
    "backup:DeleteRecoveryPoint",
    "backup:Disassociate*",
    "backup:UpdateRecoveryPoint*",
)
"""Backups that have lived their time are deleted by AWS Backup itself, which no policy of an organization binds."""
EVIDENCE: Sequence[str] = (
    "logs:DeleteLogGroup",
    "logs:DeleteLogStream",
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket",
    "s3:DeleteObject*",
)
SETTINGS: Sequence[str] = (
    "backup:DeleteBackup*",
    "backup:PutBackupVault*",
    "backup:UpdateBackupPlan",
    "bedrock:PutAccountDataRetention",
    "bedrock:PutEnforcedGuardrailConfiguration",
    "bedrock:PutModelInvocationLoggingConfiguration",
    "bedrock:PutResourcePolicy",
    "bedrock:UpdateGuardrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:UpdateTrail",
    "kms:DeleteAlias",
    "kms:DisableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:UpdateAlias",
)
EVIDENCE_SETTINGS: Sequence[str] = (
    "logs:AssociateKmsKey",
    "logs:DeleteDataProtectionPolicy",
    "logs:DeleteRetentionPolicy",
    "logs:DisassociateKmsKey",
    "logs:PutDataProtectionPolicy",
    "logs:PutRetentionPolicy",
    "s3:DeleteBucketPolicy",
    "s3:PutBucket*",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
)
READS: Sequence[str] = ("iam:Generate*", "iam:Get*", "iam:List*", "iam:PassRole", "iam:Simulate*", "sts:*")
"""Actions on a role or policy that change nothing of it."""


def tamper(rules: UnitRules) -> list[Statement]:
    """The statements, each with its own reach; those about evidence only where some is named."""
    break_glass, pipeline = rules.role(BREAK_GLASS), rules.role(PIPELINE)
    bootstrap = [rules.role(name) for name in rules.bootstrap]
    made = [
        *(rules.policy(name) for name in BOUNDARIES),
        *(rules.role(name) for name in (PIPELINE, PREVIEW)),
        *bootstrap,
        f"arn:{rules.partition}:iam::*:oidc-provider/token.actions.githubusercontent.com",
    ]
    evidence = [
        _only("EvidenceStays", EVIDENCE, rules.evidence, [break_glass]),
        _only("EvidenceSettingsStay", EVIDENCE_SETTINGS, rules.evidence, [break_glass, pipeline]),
    ]
    return [
        _only("DetectorsStay", DETECTORS, "*", [break_glass]),
        _only("LoggingStays", LOGGING, "*", [break_glass]),
        _only("GuardrailStays", GUARDRAIL, "*", [break_glass]),
        _only("KeysStay", KEYS, "*", [break_glass]),
        _only("BackupsStay", BACKUPS, "*", [break_glass]),
        _only("SettingsStay", SETTINGS, "*", [break_glass, pipeline]),
        *(evidence if rules.evidence else ()),
        {
            "Sid": "BreakGlassIsTakenWithMfa",
            "Effect": "Deny",
            "Action": "sts:AssumeRole",
            "Resource": break_glass,
            "Condition": {"BoolIfExists": {MFA: "false"}},
        },
        {
            "Sid": "BreakGlassWithoutMfaCanDoNothing",
            "Effect": "Deny",
            "Action": "*",
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:PrincipalArn": break_glass}, "Bool": {MFA: "false"}},
        },
        {
            "Sid": "BoundariesStay",
            "Effect": "Deny",
            "Action": ["iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"],
            "Resource": "*",
        },
        {
            "Sid": "OwnRolesCarryABoundary",
            "Effect": "Deny",
            "Action": ["iam:CreateRole", "iam:PutRolePermissionsBoundary"],
            "Resource": rules.role("llmlz-*"),
            "Condition": {"ArnNotLike": {"iam:PermissionsBoundary": [rules.policy(name) for name in BOUNDARIES]}},
        },
        _unchanged("BootstrapStays", made, bootstrap),
        _unchanged("BreakGlassStays", [break_glass], [*bootstrap, pipeline]),
        {"Sid": "LeaveOrganization", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"},
    ]


def _only(sid: str, actions: Sequence[str], resources: str | Sequence[str], principals: Sequence[str]) -> Statement:
    """A Deny for everybody else; ``*`` where an action has no resource, as a Deny with an ARN would never match it."""
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Action": list(actions),
        "Resource": resources if isinstance(resources, str) else list(resources),
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": list(principals)}},
    }


def _unchanged(sid: str, resources: Sequence[str], principals: Sequence[str]) -> Statement:
    """A Deny of everything but looking and taking, for everybody else."""
    return {
        "Sid": sid,
        "Effect": "Deny",
        "NotAction": list(READS),
        "Resource": list(resources),
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": list(principals)}},
    }
