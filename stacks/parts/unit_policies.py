"""The documents of one unit, from its tier, the models of its platforms and the guardrails that these publish."""

from collections.abc import Mapping, Sequence

import pulumi

from components.organization import (
    LIMITS,
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    OrganizationGuardrail,
    UnitRules,
    bedrock_policy,
    minified,
    pack,
    resource_control_statements,
    service_control_statements,
)
from stacks.access_list import guarded, unit_models
from stacks.kinds import OrganizationStack, PlatformStack, UnitPlan
from stacks.outputs import PlatformReference
from stacks.parts.evidence import evidence

Documents = Mapping[str, pulumi.Input[str]]
"""Name of a document to its JSON text."""


def service_control(stack: OrganizationStack, plan: UnitPlan) -> Documents:
    """Service control policies; how many there are is decided with stand-ins as long as the real guardrails."""
    names = sorted(_packed(stack, plan, [arn for platform in plan.platforms for arn in _as_long(platform)]))
    guardrails = pulumi.Output.all(*(_accepted(platform) for platform in plan.platforms))

    def texts(accepted: Sequence[Sequence[str]]) -> dict[str, str]:
        found = _packed(stack, plan, [arn for versions in accepted for arn in versions])
        if sorted(found) != names:
            raise ValueError(f"unit {plan.name}: documents {sorted(found)} were packed, {names} were planned")
        return found

    real = guardrails.apply(texts)
    return {name: real.apply(lambda found, name=name: str(found[name])) for name in names}  # type: ignore[misc]


def resource_control(stack: OrganizationStack, plan: UnitPlan) -> Documents:
    """Resource control policies; they name no guardrail."""
    statements = resource_control_statements(_rules(stack, plan, []), stack.settings.organization_id)
    limit = LIMITS[RESOURCE_CONTROL]
    packed = pack(statements, longest=limit.longest, most=limit.free)
    return {name: minified(document) for name, document in packed.items()}


def bedrock_documents(
    stack: OrganizationStack, plan: UnitPlan, guardrails: Mapping[str, OrganizationGuardrail]
) -> pulumi.Output[str]:
    """The Bedrock policy of a unit: the organization's guardrail in each region of its platforms."""
    regions = sorted({platform.region for platform in plan.platforms})
    unguarded = sorted(model.model_id for model in stack.catalogue.models.values() if not guarded(model))
    identifiers = pulumi.Output.all(**{region: guardrails[region].identifier for region in regions})
    return identifiers.apply(lambda found: minified(bedrock_policy(found, unguarded)))


def _packed(stack: OrganizationStack, plan: UnitPlan, guardrails: Sequence[str]) -> dict[str, str]:
    limit = LIMITS[SERVICE_CONTROL]
    statements = service_control_statements(_rules(stack, plan, guardrails))
    packed = pack(statements, longest=limit.longest, most=limit.free)
    return {name: minified(document) for name, document in packed.items()}


def _rules(stack: OrganizationStack, plan: UnitPlan, guardrails: Sequence[str]) -> UnitRules:
    together = unit_models(plan.platforms, stack.region, plan.unit.regions)
    return UnitRules(
        guardrails=guardrails,
        models=together.models,
        partition=stack.partition,
        regions=together.regions,
        bootstrap=stack.settings.bootstrap_roles,
        destinations=together.destinations,
        unguarded=together.unguarded,
        evidence=[arn for platform in plan.platforms for arn in evidence(platform)],
    )


def _accepted(platform: PlatformStack) -> pulumi.Output[list[str]]:
    """``<ARN>:<version>`` of every guardrail version that a platform accepts."""
    published = PlatformReference(platform.name)
    return pulumi.Output.all(published.read("guardrail_arn"), published.read("guardrail_versions")).apply(
        lambda got: [f"{got[0]}:{version}" for version in got[1]]
    )


def _as_long(platform: PlatformStack) -> list[str]:
    """Stand-ins for the accepted guardrails: ids have twelve characters, versions up to eight digits."""
    place = f"arn:{platform.partition}:bedrock:{platform.region}:{platform.account}"
    return [f"{place}:guardrail/{'x' * 12}:{'9' * 8}" for _ in platform.settings.guardrail.versions]
