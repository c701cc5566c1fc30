"""Every call of a model leaves a record, with its text."""

from collections.abc import Sequence

from policies.pack._places import alone, in_account, region_of
from policies.pack._rule import Context, Resource, Result, indeterminate, require, together, violated
from policies.pack._use import of_models
from policies.pack._values import flag, mapping
from policies.pack.logging._destinations import CONFIGURATION


def decide_stack(subjects: Sequence[Resource], context: Context) -> Result:
    """Each region in which the stack uses models has a configuration, here or in another known stack."""
    regions = {region_of(s, context) for s in of_models(subjects, context)}
    return together(_logged(region, context) for region in sorted(regions))


def _logged(region: str, context: Context) -> Result:
    found = [config for config, there in in_account(context, CONFIGURATION) if region_of(config, there) == region]
    if found:
        return together(_delivers(resource) for resource in found)
    if alone(context):
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
