"""Bedrock itself applies a guardrail to every call of the account: no role, tag or forgotten argument leaves it out."""

from collections.abc import Sequence

from policies.pack._rule import Context, Resource, Result, Stack, indeterminate, require, together, violated
from policies.pack._values import UnreadableError, mapping, text, texts
from policies.pack.model._around import STACK_REFERENCE, attempt, in_account, region_of
from policies.pack.model._enforcement import NUMBER, comes_from_a_version, looks_at_all_models
from policies.pack.model._organization import serves_the_organization

ENFORCED = "aws:bedrock/enforcedGuardrailConfiguration:EnforcedGuardrailConfiguration"
EVERYTHING = "COMPREHENSIVE"
"""Tagged or not: docs.aws.amazon.com/bedrock/latest/APIReference/API_SelectiveContentGuarding.html (2026-11)"""


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Each region in which the stack uses models has an enforced guardrail, here or in another known stack.

    A guardrail that only serves the policy of an organization is no use of models: the calls are those of members.
    """
    users = [s for s in subjects if not serves_the_organization(s, context)]
    return together(_enforced(region, context) for region in sorted({region_of(s, context.stack) for s in users}))


def _enforced(region: str, context: Context) -> Result:
    found = [(r, s) for r, s in in_account(context, ENFORCED) if region_of(r, s) == region]
    if found:
        return together(_sound(resource, stack, context) for resource, stack in found)
    if context.of_type(STACK_REFERENCE) and not context.others:
        return indeterminate(f"{region}: this stack enforces no guardrail; check it with the stack that it refers to")
    return violated(f"{region}: models are used and no guardrail is enforced for the account")


def _sound(resource: Resource, stack: Stack, context: Context) -> Result:
    def decide(config: Resource, _: Context) -> Result:
        guarding = mapping(config.inputs, "selectiveContentGuarding") or {}
        models = mapping(config.inputs, "modelEnforcement")
        included = None if models is None else texts(models, "includedModels")
        return together(
            [
                require(text(config.inputs, "guardrailArn") is not None, f"{config.name}: guardrailArn is not set"),
                _numbered(config, stack),
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

    return attempt(decide, resource, context)


def _numbered(config: Resource, stack: Stack) -> Result:
    version = text(config.inputs, "guardrailVersion") or ""
    if NUMBER.fullmatch(version) or (
        version.upper() != "DRAFT" and comes_from_a_version(config, "guardrailVersion", stack)
    ):
        return require(True, "")
    if version.upper() != "DRAFT" and any(r.at == "guardrailVersion" for r in config.references):
        raise UnreadableError("guardrailVersion comes from a resource that publishes no version here")
    return violated(f"{config.name}: guardrailVersion is {version!r}, not the number of a published version")
