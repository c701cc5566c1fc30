"""A database has no address on the internet."""

from policies.pack._rule import Context, Resource, Result, require
from policies.pack._values import flag


def decide(resource: Resource, context: Context) -> Result:
    """``publiclyAccessible`` is not set; the provider leaves it off by default."""
    return require(flag(resource.inputs, "publiclyAccessible") is not True, "publiclyAccessible is set")
