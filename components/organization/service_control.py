"""Service control policies of one unit, as pure functions: what no principal of its accounts can do.

Each statement is right alone: nothing here counts on a boundary, a role's own policy or another statement. Service
control policies do not bind the management account, AWS services and service-linked roles:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html (2026-11).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from components._policy import Statement
from components.organization.rules import PIPELINE, UnitRules
from components.organization.tamper import tamper

INVOKE = "bedrock:InvokeModel*"
"""Every way to run a model: with and without a stream, one-way, two-way and asynchronous."""

GLOBAL_SERVICES: Sequence[str] = (
    "account:*",
    "aws-marketplace:*",
    "aws-portal:*",
    "billing:*",
    "budgets:*",
    "ce:*",
    "cloudfront:*",
    "cloudtrail:LookupEvents",
    "consolidatedbilling:*",
    "cur:*",
    "ec2:DescribeRegions",
    "freetier:*",
    "health:*",
    "iam:*",
    "invoicing:*",
    "organizations:*",
    "payments:*",
    "pricing:*",
    "route53:*",
    "route53domains:*",
    "s3:GetAccountPublic*",
    "s3:ListAllMyBuckets",
    "s3:PutAccountPublic*",
    "savingsplans:*",
    "shield:*",
    "sts:*",
    "support:*",
    "supportplans:*",
    "tax:*",
    "trustedadvisor:*",
    "waf:*",
    "wafv2:*",
)
"""Services with one endpoint for the whole world, which is in another region than ours: those of AWS's own list that an
account of a landing zone needs. Keys are not among them, unlike in that list: a key outside the regions protects nothing.
https://docs.aws.amazon.com/controltower/latest/controlreference/primary-region-deny-policy.html (2026-11)"""

MODELS_WITHOUT_GUARDRAIL: Sequence[str] = (
    "bedrock:AgenticRetrieve*",
    "bedrock:CreateAdvancedPromptOptimizationJob",
    "bedrock:CreateCustomModel*",
    "bedrock:CreateEvaluationJob",
    "bedrock:CreateMarketplaceModelEndpoint",
    "bedrock:CreateModel*",
    "bedrock:CreatePromptRouter",
    "bedrock:CreateProvisionedModelThroughput",
    "bedrock:GenerateQuery",
    "bedrock:InvokeAgent",
    "bedrock:InvokeBlueprint*",
    "bedrock:InvokeBuilder",
    "bedrock:InvokeDataAutomation*",
    "bedrock:InvokeFlow",
    "bedrock:InvokeInlineAgent",
    "bedrock:OptimizePrompt",
    "bedrock:RegisterMarketplaceModelEndpoint",
    "bedrock:Rerank",
    "bedrock:RetrieveAndGenerate*",
    "bedrock:StartFlowExecution",
    "bedrock:UpdateMarketplaceModelEndpoint",
    "bedrock:UpdateProvisionedModelThroughput",
)
"""Actions that run a model, or make one that can be run, and that do not know the condition key of the guardrail: jobs
(``CreateModel*`` is batch, customisation, import, copy and evaluation), agents, flows, retrieval with an answer, routers,
own models and endpoints. https://docs.aws.amazon.com/service-authorization/latest/reference/list_bedrock.html (2026-11)"""

LASTING_CREDENTIALS: Sequence[str] = (
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateServiceSpecificCredential",
    "iam:CreateUser",
    "iam:ResetServiceSpecificCredential",
    "iam:UpdateLoginProfile",
    "iam:UpdateServiceSpecificCredential",
)
"""Bedrock API keys are service-specific credentials: https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html
(2026-11). To delete any of them stays possible."""

SUBSCRIPTIONS: Sequence[str] = (
    "aws-marketplace:AcceptAgreementRequest",
    "aws-marketplace:CreateAgreementRequest",
    "aws-marketplace:Subscribe",
    "bedrock:CreateFoundationModelAgreement",
    "bedrock:DeleteFoundationModelAgreement",
    "bedrock:PutFoundationModelEntitlement",
    "bedrock:PutUseCaseForModelAccess",
)


def statements(rules: UnitRules) -> dict[str, list[Statement]]:
    """Group to statements, for the packer. The names of the groups are identity: a document keeps its name."""
    return {"models": models(rules), "calls": calls(rules), "doors": doors(rules), "tamper": tamper(rules)}


def models(rules: UnitRules) -> list[Statement]:
    """Approved models only, and only through the application inference profiles of teams.

    What may be called is listed and the rest is denied, as a model call has a dozen kinds of resources and new ones come.
    ``ArnNotLike`` is true for an absent key, so a call of the model itself is denied too.
    """
    approved = [f"arn:{rules.partition}:bedrock:*::foundation-model/{model}" for model in rules.models]
    profiles = f"arn:{rules.partition}:bedrock:*:*:application-inference-profile/*"
    return [
        {"Sid": "OnlyApprovedModels", "Effect": "Deny", "Action": INVOKE, "NotResource": [*approved, profiles]},
        {
            "Sid": "OnlyThroughProfiles",
            "Effect": "Deny",
            "Action": INVOKE,
            "Resource": f"arn:{rules.partition}:bedrock:*::foundation-model/*",
            "Condition": {"ArnNotLike": {"bedrock:InferenceProfileArn": profiles}},
        },
    ]


def calls(rules: UnitRules) -> list[Statement]:
    """With an accepted guardrail version; in the home regions, and models also where their profiles answer.

    A profile's call is authorised once more in the region that answers, with that region as the requested one. Who is
    in such a region can call nothing there directly: ``OnlyThroughProfiles`` denies it.
    """
    answering = sorted({*rules.regions, *rules.destinations})
    return [
        _guarded(rules),
        {
            "Sid": "OnlyApprovedRegions",
            "Effect": "Deny",
            "NotAction": [*GLOBAL_SERVICES, INVOKE],
            "Resource": "*",
            "Condition": {"StringNotEquals": {"aws:RequestedRegion": sorted(rules.regions)}},
        },
        _deny_unless_one_of("InvokeOnlyWhereProfilesAnswer", INVOKE, "aws:RequestedRegion", answering),
    ]


def _guarded(rules: UnitRules) -> Statement:
    """A Deny of every model that a guardrail can look at, unless an accepted one is named.

    A profile does not say which model it is of; the model behind it is checked as well, and that is where this binds.
    """
    unguarded = [f"arn:{rules.partition}:bedrock:*::foundation-model/{model}" for model in rules.unguarded]
    profiles = f"arn:{rules.partition}:bedrock:*:*:application-inference-profile/*"
    statement: Statement = {
        "Sid": "OnlyAcceptedGuardrails",
        "Effect": "Deny",
        "Action": INVOKE,
        "NotResource": [*unguarded, profiles],
    }
    accepted = {"StringNotEquals": {"bedrock:GuardrailIdentifier": list(rules.guardrails)}}
    return {**statement, "Condition": accepted} if rules.guardrails else statement


def doors(rules: UnitRules) -> list[Statement]:
    """Side doors: other endpoints, bearer tokens, lasting credentials, own guardrails, ways without a guardrail."""
    pipeline_only = {"ArnNotLike": {"aws:PrincipalArn": rules.role(PIPELINE)}}
    return [
        _deny("NoMantle", ["bedrock-mantle:*"]),
        _deny("NoBearerTokens", ["bedrock-mantle:CallWithBearerToken", "bedrock:CallWithBearerToken"]),
        _deny("NoLastingCredentials", LASTING_CREDENTIALS),
        _deny("NoModelsWithoutGuardrail", MODELS_WITHOUT_GUARDRAIL),
        _deny("NoOwnGuardrails", ["bedrock:CreateGuardrail", "bedrock:CreateGuardrailVersion"], pipeline_only),
        _deny("NoOwnProfiles", ["bedrock:CreateInferenceProfile"], pipeline_only),
        _deny("NoSubscriptions", SUBSCRIPTIONS, pipeline_only),
    ]


def _deny(sid: str, actions: Sequence[str], condition: Mapping[str, Any] | None = None) -> Statement:
    """A Deny on everything: many of these actions have no resource, and a Deny with an ARN would never match them."""
    statement: Statement = {"Sid": sid, "Effect": "Deny", "Action": list(actions), "Resource": "*"}
    return {**statement, "Condition": dict(condition)} if condition else statement


def _deny_unless_one_of(sid: str, action: str, key: str, accepted: Sequence[str]) -> Statement:
    """A Deny when the key is absent or none of ``accepted``; of everything when nothing is accepted."""
    return _deny(sid, [action], {"StringNotEquals": {key: list(accepted)}} if accepted else None)
