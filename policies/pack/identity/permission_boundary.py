"""Every principal that a stack makes stays inside a permission boundary."""

from policies.pack._rule import Context, Resource, Result, require
from policies.pack._values import text


def decide(resource: Resource, context: Context) -> Result:
    """``permissionsBoundary`` is the ARN of a policy that is not one of AWS's own."""
    arn = text(resource.inputs, "permissionsBoundary")
    if arn is None:
        return require(False, "permissionsBoundary is not set")
    ours = arn.startswith("arn:") and ":policy/" in arn and ":iam::aws:" not in arn
    return require(ours, f"permissionsBoundary is {arn!r}, not a customer's policy")
