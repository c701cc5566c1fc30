"""One stack owns invocation logging in an account and region: of two, the last writer wins without a word."""

from policies.pack._places import in_account, region_of
from policies.pack._rule import Context, Resource, Result, require


def decide(resource: Resource, context: Context) -> Result:
    """No second configuration is known for the same account and region."""
    region = region_of(resource, context)
    others = ((r, there) for r, there in in_account(context, resource.type) if r.urn != resource.urn)
    rivals = [other.urn for other, there in others if region_of(other, there) == region]
    return require(not rivals, f"{region} has another invocation logging configuration: {', '.join(rivals)}")
