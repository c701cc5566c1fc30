"""Explicit providers: the account is pinned and every resource is tagged. Default providers are never used."""

import json
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from stacks.kinds import OrganizationStack, PlatformStack, RuntimeStack, Stack, TeamStack
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


def kubernetes_provider(
    stack: Stack,
    *,
    arn: pulumi.Input[str],
    certificate_authority: pulumi.Input[str],
    endpoint: pulumi.Input[str],
    name: pulumi.Input[str],
) -> kubernetes.Provider:
    """A provider for objects in one cluster, whose credentials are made anew for each use by AWS's command line.

    The identifier says which cluster it is, so that another address or certificate of the same one replaces nothing:
    https://www.pulumi.com/registry/packages/kubernetes/api-docs/provider/ (2026-11).
    """
    text = pulumi.Output.all(ca=certificate_authority, endpoint=endpoint, name=name).apply(
        lambda got: json.dumps(_kubeconfig(stack.region, got["ca"], got["endpoint"], got["name"]))
    )
    return kubernetes.Provider("kubernetes", cluster_identifier=arn, enable_server_side_apply=True, kubeconfig=text)


def _kubeconfig(region: str, certificate_authority: str, endpoint: str, name: str) -> Mapping[str, object]:
    """https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html (2026-11)."""
    token = {
        "apiVersion": "client.authentication.k8s.io/v1beta1",
        "args": ["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
        "command": "aws",
        "interactiveMode": "Never",
    }
    return {
        "apiVersion": "v1",
        "clusters": [
            {"cluster": {"certificate-authority-data": certificate_authority, "server": endpoint}, "name": name}
        ],
        "contexts": [{"context": {"cluster": name, "user": name}, "name": name}],
        "current-context": name,
        "kind": "Config",
        "users": [{"name": name, "user": {"exec": token}}],
    }


ENFORCING = "7.52.1"
"""The first plugin that knows enforced guardrails; the provider decides the plugin of all its resources:
https://www.pulumi.com/registry/packages/aws/api-docs/bedrock/enforcedguardrailconfiguration/ (2026-11)"""


def _enforces(stack: Stack) -> bool:
    return isinstance(stack, PlatformStack) and stack.settings.guardrail.applies_to == "account"


def tags(stack: Stack) -> Mapping[str, str]:
    """Who owns it, who pays, what data it may hold: on every resource that takes tags."""
    about = _described(stack)
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


def _described(stack: Stack) -> PlatformSettings | OrganizationSettings | TeamFile:
    """The settings that name owner, cost centre and data class: those of the platform for its runtime."""
    if isinstance(stack, TeamStack):
        return stack.team
    return stack.platform.settings if isinstance(stack, RuntimeStack) else stack.settings


def _environment(stack: Stack) -> str:
    if isinstance(stack, OrganizationStack):
        return "organization"
    return (stack if isinstance(stack, PlatformStack) else stack.platform).settings.environment
