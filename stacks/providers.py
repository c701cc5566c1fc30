"""Explicit providers: the account is pinned and every resource is tagged. Default providers are never used."""

from collections.abc import Mapping

import pulumi_aws as aws

from stacks.kinds import Stack, TeamStack
from stacks.settings.platform import PlatformSettings
from stacks.settings.team import TeamFile


def aws_provider(stack: Stack) -> aws.Provider:
    """The one AWS provider of a stack; it refuses to work with credentials of another account."""
    return aws.Provider(
        "aws",
        region=stack.region,
        allowed_account_ids=[stack.account],
        default_tags={"tags": tags(stack)},
    )


def tags(stack: Stack) -> Mapping[str, str]:
    """Who owns it, who pays, what data it may hold: on every resource that takes tags."""
    about: PlatformSettings | TeamFile = stack.team if isinstance(stack, TeamStack) else stack.settings
    platform = stack.platform if isinstance(stack, TeamStack) else stack
    team = stack.team.team if isinstance(stack, TeamStack) else "platform"
    return {
        "cost-centre": about.cost_centre,
        "data-class": about.data_class,
        "environment": platform.settings.environment,
        "managed-by": "llmlz",
        "owner": about.owner,
        "stack": stack.name,
        "system-id": about.system_id,
        "team": team,
    }
