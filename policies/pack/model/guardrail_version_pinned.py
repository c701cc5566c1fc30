"""What runs is a version of a guardrail, which cannot change; a draft can."""

from policies.pack._relations import pointing_at, targets
from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._use import GUARDRAIL
from policies.pack._values import mappings, text
from policies.pack.model._enforcement import VERSION


def decide(resource: Resource, context: Context) -> Result:
    """A guardrail has a published version; an agent names one by number."""
    if resource.type == GUARDRAIL:
        versions = pointing_at(context, resource, VERSION, "guardrailArn", "guardrailArn")
        return require(bool(versions), "no version of this guardrail is published; callers could only use DRAFT")
    return together(
        require(
            _pinned(resource, context, index, text(used, "guardrailVersion")),
            f"guardrailConfigurations[{index}].guardrailVersion is {used.get('guardrailVersion')!r}, not a number",
        )
        for index, used in enumerate(mappings(resource.inputs, "guardrailConfigurations"))
    )


def _pinned(resource: Resource, context: Context, index: int, version: str | None) -> bool:
    at = f"guardrailConfigurations[{index}].guardrailVersion"
    return (version or "").isdigit() or bool(targets(resource, at, context, VERSION))
