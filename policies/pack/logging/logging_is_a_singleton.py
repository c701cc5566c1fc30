"""One stack owns invocation logging in an account and region: of two, the last writer wins without a word."""

from policies.pack._rule import Context, Resource, Result, require
from policies.pack.logging._invocation_logging import configurations, region_of


def decide(resource: Resource, context: Context) -> Result:
    """No second configuration is known for the same account and region."""
    region = region_of(resource, context.stack)
    rivals = [r.urn for r in configurations(context, region) if r.urn != resource.urn]
    return require(not rivals, f"{region} has another invocation logging configuration: {', '.join(rivals)}")
