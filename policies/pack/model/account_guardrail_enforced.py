"""Bedrock itself applies a guardrail to every call of the account: no role, tag or forgotten argument leaves it out."""

from collections.abc import Sequence

from policies.pack._places import alone, in_account, region_of
from policies.pack._relations import sources
from policies.pack._rule import HOLDS, Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._use import of_models
from policies.pack._values import UnreadableError, mapping, text, texts
from policies.pack.model._attempt import attempt
from policies.pack.model._enforcement import NUMBER, comes_from_a_version, looks_at_all_models

ENFORCED = "aws:bedrock/enforcedGuardrailConfiguration:EnforcedGuardrailConfiguration"
EVERYTHING = "COMPREHENSIVE"
"""Tagged or not: docs.aws.amazon.com/bedrock/latest/APIReference/API_SelectiveContentGuarding.html (2026-11)"""


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Each region in which the stack uses models has an enforced guardrail, here or in another known stack."""
    regions = {region_of(s, context) for s in of_models(subjects, context)}
    return together(_enforced(region, context) for region in sorted(regions))


def _enforced(region: str, context: Context) -> Result:
    found = [(config, there) for config, there in in_account(context, ENFORCED) if region_of(config, there) == region]
    if found:
        return together(attempt(_sound, config, there) for config, there in found)
    if alone(context):
        return indeterminate(f"{region}: this stack enforces no guardrail; check it with the stack that it refers to")
    return violated(f"{region}: models are used and no guardrail is enforced for the account")


def _sound(config: Resource, context: Context) -> Result:
    guarding = mapping(config.inputs, "selectiveContentGuarding") or {}
    models = mapping(config.inputs, "modelEnforcement")
    included = None if models is None else texts(models, "includedModels")
    return together(
        [
            require(text(config.inputs, "guardrailArn") is not None, f"{config.name}: guardrailArn is not set"),
            _numbered(config, context),
            *(
                require(
                    text(guarding, part) == EVERYTHING,
                    f"{config.name}: selectiveContentGuarding.{part} is {guarding.get(part)!r}, so callers choose "
                    "what is looked at",
                )
                for part in ("messages", "system")
            ),
            *looks_at_all_models(included, texts(models or {}, "excludedModels"), context.needs["may_be_left_out"]),
        ]
    )


def _numbered(config: Resource, context: Context) -> Result:
    version = text(config.inputs, "guardrailVersion") or ""
    drafted = version.upper() == "DRAFT"
    if NUMBER.fullmatch(version) or (not drafted and comes_from_a_version(config, "guardrailVersion", context)):
        return HOLDS
    if not drafted and sources(config, "guardrailVersion"):
        raise UnreadableError("guardrailVersion comes from a resource that publishes no version here")
    return violated(f"{config.name}: guardrailVersion is {version!r}, not the number of a published version")
