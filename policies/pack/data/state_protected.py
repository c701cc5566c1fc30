"""What holds state is deleted by nobody in passing: not by the engine, and where AWS offers it, not by the API."""

from policies.pack._rule import HOLDS, Context, Resource, Result, require, together
from policies.pack._values import flag


def decide(resource: Resource, context: Context) -> Result:
    """The engine protects it; ``needs.deletion_protection`` names the input that AWS has for this type."""
    name = context.needs["deletion_protection"].get(resource.type)
    api = HOLDS if name is None else require(flag(resource.inputs, name) is True, f"{name} is not set")
    return together([require(resource.options.protect, "the resource is not protected in the engine"), api])
