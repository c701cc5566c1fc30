"""Resource control policy of one unit, as pure functions: who cannot reach what its accounts own.

Does not bind the management account, service-linked roles and keys that AWS manages:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html (2026-11).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components._policy import Statement
from components.organization.rules import BREAK_GLASS, UnitRules

STORES: Sequence[str] = ("aoss:*", "dynamodb:*", "kms:*", "s3:*", "secretsmanager:*", "sqs:*")
"""What holds data, keys and secrets, of the services that such policies reach. These are S3, STS, KMS, SQS and Secrets
Manager, ECR and OpenSearch Serverless since 2025-06, Cognito and CloudWatch Logs since 2026-01, DynamoDB since 2026-02:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html#rcp-supported-services (2026-11).
An action of any other service makes AWS refuse the policy."""

TAKE_ROLE = "sts:AssumeRole"
"""Not ``AssumeRoleWithWebIdentity`` and ``AssumeRoleWithSAML``: who comes in by these belongs to no organization, and the
trust of each role says who may."""


def statements(rules: UnitRules, organization_id: str) -> dict[str, list[Statement]]:
    """Group to statements, for the packer. ``organization_id`` reads ``o-`` and ten or more characters."""
    return {
        "perimeter": [
            _deny(
                "OnlyOurOrganization",
                [*STORES, TAKE_ROLE],
                {
                    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": organization_id},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            ),
            # A service names an account where it acts for one; one that names none takes only what it was passed:
            # https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_examples.html (2026-11)
            _deny(
                "ServicesOnlyForUs",
                [*STORES, TAKE_ROLE],
                {
                    "StringNotEqualsIfExists": {"aws:SourceOrgID": organization_id},
                    "Null": {"aws:SourceAccount": "false"},
                    "Bool": {"aws:PrincipalIsAWSService": "true"},
                },
            ),
            _deny("OnlyTls", [*STORES, TAKE_ROLE], {"BoolIfExists": {"aws:SecureTransport": "false"}}),
            _deny(
                "BreakGlassIsTakenWithMfa",
                [TAKE_ROLE],
                {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
                rules.role(BREAK_GLASS),
            ),
        ]
    }


def _deny(sid: str, actions: Sequence[str], condition: Mapping[str, Any], resource: str = "*") -> Statement:
    """A Deny to everybody whom the condition meets; the only effect and principal that such policies know."""
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": "*",
        "Action": list(actions),
        "Resource": resource,
        "Condition": dict(condition),
    }
