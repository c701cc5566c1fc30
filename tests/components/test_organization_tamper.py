"""Logging, detectors, guardrails, keys, boundaries and the roles of the bootstrap stay, by service control policies alone."""

from collections.abc import Mapping

import pytest

from tests.components.organization_unit import (
    ACCOUNT,
    ADMINISTRATOR,
    ARCHIVE,
    BREAK_GLASS,
    GUARDRAIL,
    HOME,
    LOGS,
    PIPELINE,
    TEAM,
    judged,
    role,
)

BREAK_GLASS_ONLY: Mapping[str, tuple[str, str]] = {
    "bedrock:DeleteModelInvocationLoggingConfiguration": ("LoggingStays", "*"),
    "cloudtrail:StopLogging": ("LoggingStays", f"arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/any"),
    "cloudtrail:DeleteTrail": ("LoggingStays", f"arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/any"),
    "access-analyzer:DeleteAnalyzer": ("DetectorsStay", f"arn:aws:access-analyzer:{HOME}:{ACCOUNT}:analyzer/any"),
    "config:StopConfigurationRecorder": ("DetectorsStay", "*"),
    "config:DeleteDeliveryChannel": ("DetectorsStay", "*"),
    "guardduty:DeleteDetector": ("DetectorsStay", f"arn:aws:guardduty:{HOME}:{ACCOUNT}:detector/any"),
    "securityhub:DisableSecurityHub": ("DetectorsStay", "*"),
    "securityhub:BatchDisableStandards": ("DetectorsStay", "*"),
    "bedrock:DeleteGuardrail": ("GuardrailStays", GUARDRAIL),
    "bedrock:DeleteEnforcedGuardrailConfiguration": ("GuardrailStays", "*"),
    "kms:ScheduleKeyDeletion": ("KeysStay", f"arn:aws:kms:{HOME}:{ACCOUNT}:key/any"),
    "kms:DisableKey": ("KeysStay", f"arn:aws:kms:{HOME}:{ACCOUNT}:key/any"),
    "logs:DeleteLogGroup": ("EvidenceStays", LOGS),
    "logs:DeleteLogStream": ("EvidenceStays", f"{LOGS}:log-stream:any"),
    "s3:DeleteObjectVersion": ("EvidenceStays", f"{ARCHIVE}/cloudtrail/any"),
    "s3:DeleteBucket": ("EvidenceStays", ARCHIVE),
}
SETTINGS: Mapping[str, tuple[str, str]] = {
    "bedrock:PutModelInvocationLoggingConfiguration": ("SettingsStay", "*"),
    "bedrock:PutEnforcedGuardrailConfiguration": ("SettingsStay", "*"),
    "bedrock:PutAccountDataRetention": ("SettingsStay", "*"),
    "bedrock:UpdateGuardrail": ("SettingsStay", GUARDRAIL),
    "cloudtrail:UpdateTrail": ("SettingsStay", f"arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/any"),
    "cloudtrail:PutEventSelectors": ("SettingsStay", f"arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/any"),
    "kms:PutKeyPolicy": ("SettingsStay", f"arn:aws:kms:{HOME}:{ACCOUNT}:key/any"),
    "logs:PutRetentionPolicy": ("EvidenceSettingsStay", LOGS),
    "s3:PutBucketPolicy": ("EvidenceSettingsStay", ARCHIVE),
}
WITH_MFA, WITHOUT_MFA = {"aws:MultiFactorAuthPresent": "true"}, {"aws:MultiFactorAuthPresent": "false"}


@pytest.mark.parametrize("action", BREAK_GLASS_ONLY)
def test_only_break_glass_switches_off_and_deletes(action: str) -> None:
    """Not the pipeline, not the account's root user, and not with a second factor of somebody else."""
    sid, resource = BREAK_GLASS_ONLY[action]
    assert judged(BREAK_GLASS, action, resource, WITH_MFA) is None
    for principal in (TEAM, PIPELINE, ADMINISTRATOR, f"arn:aws:iam::{ACCOUNT}:root"):
        assert judged(principal, action, resource, WITH_MFA, only=[sid]) == sid


@pytest.mark.parametrize("action", SETTINGS)
def test_settings_are_changed_by_the_pipeline_or_by_break_glass(action: str) -> None:
    """Nobody else; the pipeline must be able to build."""
    sid, resource = SETTINGS[action]
    assert judged(PIPELINE, action, resource) is None
    assert judged(BREAK_GLASS, action, resource, WITH_MFA) is None
    for principal in (TEAM, ADMINISTRATOR):
        assert judged(principal, action, resource, only=[sid]) == sid


def test_data_that_only_looks_like_evidence_can_be_deleted() -> None:
    """Teams delete what is theirs."""
    data = f"arn:aws:s3:::llmlz-production-data-{ACCOUNT}-{HOME}/teams/claims/logs-1"
    assert judged(TEAM, "s3:DeleteObject", data) is None
    assert judged(TEAM, "logs:DeleteLogGroup", f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/aws/lambda/any") is None


def test_break_glass_is_not_taken_without_a_second_factor() -> None:
    """Whether AWS says that there was none or says nothing."""
    for context in ({}, WITHOUT_MFA):
        assert judged(TEAM, "sts:AssumeRole", BREAK_GLASS, context) == "BreakGlassIsTakenWithMfa"
    assert judged(TEAM, "sts:AssumeRole", BREAK_GLASS, WITH_MFA) is None
    assert judged(TEAM, "sts:AssumeRole", role("llmlz-any")) is None


def test_a_session_of_break_glass_works_though_aws_tells_it_nothing_of_the_second_factor() -> None:
    """A session that AssumeRole gave carries no such key: a Deny on its absence would lock break-glass out."""
    assert judged(BREAK_GLASS, "cloudtrail:StopLogging", "*") is None
    assert judged(BREAK_GLASS, "cloudtrail:StopLogging", "*", WITHOUT_MFA) == "BreakGlassWithoutMfaCanDoNothing"
    assert judged(BREAK_GLASS, "s3:ListAllMyBuckets", "*", WITHOUT_MFA) == "BreakGlassWithoutMfaCanDoNothing"


def test_roles_of_the_landing_zone_are_made_with_a_boundary() -> None:
    """One of the two, whoever makes them; roles of others are not our business."""
    for action in ("iam:CreateRole", "iam:PutRolePermissionsBoundary"):
        for principal in (TEAM, PIPELINE, ADMINISTRATOR):
            for boundary in ("llmlz-boundary", "llmlz-platform-boundary"):
                bound = {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/{boundary}"}
                assert judged(principal, action, role("llmlz-new"), bound) is None
            for wrong in ({}, {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/mine"}):
                assert judged(principal, action, role("llmlz-new"), wrong) == "OwnRolesCarryABoundary"
    assert judged(TEAM, "iam:CreateRole", role("another")) is None


def test_no_boundary_is_ever_taken_off() -> None:
    """By nobody, of no role and no user."""
    for principal in (TEAM, PIPELINE, BREAK_GLASS, ADMINISTRATOR):
        for action in ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"):
            assert judged(principal, action, role("another"), WITH_MFA) == "BoundariesStay"


MADE_BY_BOOTSTRAP = [
    role("llmlz-apply"),
    role("llmlz-preview"),
    ADMINISTRATOR,
    f"arn:aws:iam::{ACCOUNT}:policy/llmlz-boundary",
    f"arn:aws:iam::{ACCOUNT}:policy/llmlz-platform-boundary",
    f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com",
]


@pytest.mark.parametrize("resource", MADE_BY_BOOTSTRAP)
def test_what_the_bootstrap_made_is_changed_by_its_administrator_alone(resource: str) -> None:
    """Policies, roles and the provider that the pipeline comes through; looking at them stays open."""
    for action in ("iam:CreatePolicyVersion", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:TagRole"):
        for principal in (TEAM, PIPELINE, BREAK_GLASS):
            assert judged(principal, action, resource, WITH_MFA) == "BootstrapStays"
        assert judged(ADMINISTRATOR, action, resource) is None
    assert judged(TEAM, "iam:GetRole", resource) is None
    assert judged(TEAM, "sts:AssumeRoleWithWebIdentity", resource) is None


def test_the_break_glass_role_is_changed_by_pipeline_or_administrator() -> None:
    """Not by whoever has taken it: its trust holds the second factor."""
    for action in ("iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy"):
        assert judged(PIPELINE, action, BREAK_GLASS) is None
        assert judged(ADMINISTRATOR, action, BREAK_GLASS) is None
        for principal in (TEAM, BREAK_GLASS):
            assert judged(principal, action, BREAK_GLASS, WITH_MFA) == "BreakGlassStays"


def test_nobody_leaves_the_organization() -> None:
    """An account outside has no policies at all."""
    for principal in (TEAM, PIPELINE, BREAK_GLASS, f"arn:aws:iam::{ACCOUNT}:root"):
        assert judged(principal, "organizations:LeaveOrganization", "*", WITH_MFA) == "LeaveOrganization"
