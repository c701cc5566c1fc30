"""Explicit providers: the account is pinned and every resource is tagged. Default providers are never used."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from stacks.kinds import OrganizationStack, PlatformStack, Stack, TeamStack
from stacks.settings.organization import OrganizationSettings
from stacks.settings.platform import PlatformSettings
from stacks.settings.team import TeamFile


def aws_provider(stack: Stack, name: str = "aws", region: str | None = None) -> aws.Provider:
    """An AWS provider of a stack, for its own region or another; it refuses credentials of another account."""
    return aws.Provider(
        name,
        region=region or stack.region,
        allowed_account_ids=[stack.account],
        default_tags={"tags": tags(stack)},
        opts=pulumi.ResourceOptions(version=ENFORCING) if _enforces(stack) else None,
    )


def account_provider(stack: OrganizationStack, name: str, region: str, account: str, role: str) -> aws.Provider:
    """A provider for another account of the organization, by a role there; it refuses credentials of any other.

    Inputs of a provider travel as JSON, in which a plain dictionary would keep its snake case; the class does not.
    """
    taken = aws.ProviderAssumeRoleArgs(
        role_arn=f"arn:{stack.partition}:iam::{account}:role/{role}", session_name=f"llmlz-{stack.name}"
    )
    return aws.Provider(
        name,
        region=region,
        allowed_account_ids=[account],
        assume_roles=[taken],
        default_tags={"tags": tags(stack)},
    )


ENFORCING = "7.52.1"
"""The first plugin that knows enforced guardrails; the provider decides the plugin of all its resources:
https://www.pulumi.com/registry/packages/aws/api-docs/bedrock/enforcedguardrailconfiguration/ (2026-11)"""


def _enforces(stack: Stack) -> bool:
    return isinstance(stack, PlatformStack) and stack.settings.guardrail.applies_to == "account"


def tags(stack: Stack) -> Mapping[str, str]:
    """Who owns it, who pays, what data it may hold: on every resource that takes tags."""
    about: PlatformSettings | OrganizationSettings | TeamFile = (
        stack.team if isinstance(stack, TeamStack) else stack.settings
    )
    team = stack.team.team if isinstance(stack, TeamStack) else "platform"
    said = (
        {}
        if isinstance(about, OrganizationSettings)
        else {"lawful-basis": about.lawful_basis, "source": about.data_source}
    )
    return {
        **{name: value for name, value in said.items() if value is not None},
        "cost-centre": about.cost_centre,
        "data-class": about.data_class,
        "environment": _environment(stack),
        "managed-by": "llmlz",
        "owner": about.owner,
        "stack": stack.name,
        "system-id": about.system_id,
        "team": team,
    }


def _environment(stack: Stack) -> str:
    if isinstance(stack, OrganizationStack):
        return "organization"
    return (stack.platform if isinstance(stack, TeamStack) else stack).settings.environment
