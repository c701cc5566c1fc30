"""Every call of a model leaves a record, with its text."""

from collections.abc import Sequence

from policies.pack._rule import Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._use import of_models
from policies.pack._values import flag, mapping
from policies.pack.logging._invocation_logging import configurations, region_of

STACK_REFERENCE = "pulumi:pulumi:StackReference"


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Each region in which the stack uses models has a configuration, here or in another known stack."""
    regions = {region_of(s, context.stack) for s in of_models(subjects, context)}
    return together(_logged(region, context) for region in sorted(regions))


def _logged(region: str, context: Context) -> Result:
    found = list(configurations(context, region))
    if found:
        return together(_delivers(resource) for resource in found)
    if context.of_type(STACK_REFERENCE) and not context.others:
        return indeterminate(
            f"{region}: this stack has no invocation logging; check it with the stack that it refers to"
        )
    return violated(f"{region}: models are used and their calls are not logged")


def _delivers(resource: Resource) -> Result:
    config = mapping(resource.inputs, "loggingConfig") or {}
    target = mapping(config, "cloudwatchConfig") or mapping(config, "s3Config")
    return together(
        [
            require(bool(target), f"{resource.name}: neither a log group nor a bucket receives the records"),
            require(flag(config, "textDataDeliveryEnabled") is not False, f"{resource.name}: text is left out"),
        ]
    )
