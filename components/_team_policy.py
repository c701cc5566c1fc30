"""What a team's role may do, as a pure function: the statements that access is decided by."""

from collections.abc import Sequence
from dataclasses import dataclass

from components._policy import Statement, allow, deny

INVOKE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
"""Converse and ConverseStream are authorised as these two actions:
https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamGrants:
    """The things a team's role is allowed to touch, by their ARNs."""

    team: str
    bucket_arn: str
    data_key_arn: str
    foundation_model_arns: Sequence[str]
    guardrail_arn: str
    guardrail_key_arn: str
    guardrail_versions: Sequence[str]
    profile_arns: Sequence[str]
    secret_arn: str
    secrets_key_arn: str
    applied_guardrail_arns: Sequence[str] = ()
    """Guardrails that the organization applies to every call; whoever calls must be allowed to apply them:
    https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-enforcements.html (2026-11)"""

    document_arns: Sequence[str] = ()
    """Published documents, each by its whole name: its platform's, and its own."""

    invoke_endpoint_ids: Sequence[str] = ()
    unguarded_model_arns: Sequence[str] = ()
    """Models that no guardrail can look at, such as embedding models:
    https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-supported.html (2026-11)"""


def team_statements(grants: TeamGrants) -> list[Statement]:
    """Models through own profiles with an accepted guardrail version; the team's prefix, secret and documents."""
    return [
        *model_statements(grants),
        *data_statements(grants),
        *secret_statements(grants),
        *document_statements(grants),
    ]


def model_statements(grants: TeamGrants) -> list[Statement]:
    """Only the team's profiles, and the models behind them only through these profiles.

    The last statements deny every call of a model that does not name an accepted guardrail version, and every call from elsewhere
    than an endpoint that is named. ``StringNotEquals`` matches when the key is missing, so a call without a guardrail,
    or over the internet, is denied as well:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (2026-11).
    """
    accepted = [f"{grants.guardrail_arn}:{version}" for version in grants.guardrail_versions]
    through = {"ArnEquals": {"bedrock:InferenceProfileArn": list(grants.profile_arns)}}
    profiles = f"arn:{grants.guardrail_arn.split(':')[1]}:bedrock:*:*:application-inference-profile/*"
    without: Statement = {
        "Sid": "NoCallWithoutTheGuardrail",
        "Effect": "Deny",
        "Action": list(INVOKE),
        # The model behind a profile is checked as well, and a profile does not say whether a guardrail can look at it.
        "NotResource": [*grants.unguarded_model_arns, profiles],
        "Condition": {"StringNotEquals": {"bedrock:GuardrailIdentifier": accepted}},
    }
    elsewhere = {"StringNotEquals": {"aws:SourceVpce": list(grants.invoke_endpoint_ids)}}
    return [
        allow("CallOwnProfiles", INVOKE, grants.profile_arns),
        allow("CallModelsThroughOwnProfiles", INVOKE, grants.foundation_model_arns, through),
        allow("ApplyTheGuardrail", ["bedrock:ApplyGuardrail"], [grants.guardrail_arn, *grants.applied_guardrail_arns]),
        allow("ReadTheGuardrailsRules", ["kms:Decrypt"], [grants.guardrail_key_arn]),
        without,
        *(
            [deny("NoCallFromElsewhere", ["bedrock:InvokeModel*"], ["*"], elsewhere)]
            if grants.invoke_endpoint_ids
            else []
        ),
    ]


def data_statements(grants: TeamGrants) -> list[Statement]:
    """Read and write below ``teams/<team>/``, and list nothing else."""
    prefix = f"teams/{grants.team}/"
    objects = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    listed = {"StringLike": {"s3:prefix": [f"{prefix}*"]}}
    return [
        allow("ListOwnPrefix", ["s3:ListBucket"], [grants.bucket_arn], listed),
        allow("UseOwnPrefix", objects, [f"{grants.bucket_arn}/{prefix}*"]),
        allow("UseDataKey", ["kms:Decrypt", "kms:GenerateDataKey"], [grants.data_key_arn]),
    ]


def secret_statements(grants: TeamGrants) -> list[Statement]:
    """Read the team's own secret."""
    return [
        allow("ReadOwnSecret", ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], [grants.secret_arn]),
        allow("DecryptSecrets", ["kms:Decrypt"], [grants.secrets_key_arn]),
    ]


def document_statements(grants: TeamGrants) -> list[Statement]:
    """Read published documents by their names; no other parameter, and no list of what there is."""
    if not grants.document_arns:
        return []
    return [allow("ReadPublishedDocuments", ["ssm:GetParameter"], grants.document_arns)]
