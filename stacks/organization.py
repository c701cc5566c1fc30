"""The organization stack: units with a tier each, and the policies that follow from the tier and the one list."""

import json
from collections.abc import Mapping

import pulumi

from components.cost_tags import CostTags, CostTagsArgs
from components.organization import (
    NewUnit,
    OrganizationGuardrail,
    OrganizationGuardrailArgs,
    OrganizationUnit,
    OrganizationUnitArgs,
    ai_opt_out,
)
from components.permission_sets import PermissionSets, PermissionSetsArgs
from stacks.kinds import OrganizationStack, UnitPlan
from stacks.parts.delegated import delegate
from stacks.parts.guardrail import guardrail_rules
from stacks.parts.people import permission_sets
from stacks.parts.unit_policies import Documents, bedrock_documents, resource_control, service_control
from stacks.parts.vaults import log_vaults
from stacks.providers import aws_provider


def organization(stack: OrganizationStack) -> None:
    """Build every unit with its policies, what people come in through, and the guardrail of the organization."""
    settings = stack.settings
    opts = pulumi.ResourceOptions(providers=[aws_provider(stack)])

    guardrails = _guardrails(stack)
    units = {name: _unit(stack, plan, guardrails, opts) for name, plan in stack.units.items()}
    delegate(settings.delegated, opts)
    log_vaults(stack, opts)
    if settings.cost_tags:
        CostTags("cost-tags", CostTagsArgs(keys=settings.cost_tags), opts)
    if settings.identity_center:
        sets = permission_sets(stack, settings.identity_center)
        people = PermissionSets(
            "people",
            PermissionSetsArgs(
                instance_arn=settings.identity_center.instance_arn, name_prefix=stack.name_prefix, sets=sets
            ),
            opts,
        )
        pulumi.export("permission_sets", people.arns)

    pulumi.export(
        "guardrails",
        {
            region: {"arn": made.guardrail_arn, "resource_policy": made.resource_policy, "version": made.version}
            for region, made in guardrails.items()
        },
    )
    pulumi.export("unit_ids", {name: unit.unit_id for name, unit in units.items()})


def _unit(
    stack: OrganizationStack,
    plan: UnitPlan,
    guardrails: Mapping[str, OrganizationGuardrail],
    opts: pulumi.ResourceOptions,
) -> OrganizationUnit:
    wanted, new, existing = plan.tier_data.unit_policies, plan.unit.new, plan.unit.existing
    nothing: Documents = {}
    return OrganizationUnit(
        plan.name,
        OrganizationUnitArgs(
            name_prefix=stack.name_prefix,
            unit=plan.name,
            ai_opt_out=json.dumps(ai_opt_out(), separators=(",", ":")) if "ai_opt_out" in wanted else None,
            bedrock=bedrock_documents(stack, plan, guardrails) if "bedrock" in wanted else None,
            existing=existing.id if existing else None,
            new=NewUnit(
                accounts={name: account.email for name, account in new.accounts.items()},
                parent_id=stack.settings.root_id,
            )
            if new
            else None,
            resource_control=resource_control(stack, plan) if "resource_control" in wanted else nothing,
            service_control=service_control(stack, plan) if "service_control" in wanted else nothing,
        ),
        opts,
    )


def _guardrails(stack: OrganizationStack) -> dict[str, OrganizationGuardrail]:
    """Region to the guardrail that Bedrock applies there for the organization; none where no unit asks for it."""
    plans = [plan for plan in stack.units.values() if "bedrock" in plan.tier_data.unit_policies]
    regions = sorted({platform.region for plan in plans for platform in plan.platforms})
    return {
        region: OrganizationGuardrail(
            f"guardrail-{region}",
            OrganizationGuardrailArgs(
                name_prefix=stack.name_prefix,
                organization_id=stack.settings.organization_id,
                rules=guardrail_rules(plans[0].tier_data.defaults["guardrail"]),
            ),
            pulumi.ResourceOptions(providers=[aws_provider(stack, f"aws-{region}", region)]),
        )
        for region in regions
    }
