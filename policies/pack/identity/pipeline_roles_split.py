"""What looks and what changes are two roles: code of a pull request runs with the first, and never with the second."""

from policies.pack._rule import HOLDS, Context, Resource, Result, require, together
from policies.pack._values import number
from policies.pack.identity._pipelines import in_environments, only_reads, pipelines


def decide(resource: Resource, context: Context) -> Result:
    """A pipeline's role only reads, or only jobs of environments take it; sessions end within ``needs.session``."""
    ways = pipelines(resource)
    if not ways:
        return HOLDS
    longest = number(resource.inputs, "maxSessionDuration")
    from_environments = {each for way in ways for each in in_environments(way)}
    guarded = from_environments == {True}
    return together(
        [
            require(longest is None or longest <= context.needs["session"], f"sessions last up to {longest} seconds"),
            require(len(from_environments) == 1, "jobs with and without an environment take the same role"),
            require(
                guarded or only_reads(resource, context, context.needs),
                "jobs without an environment take a role that does more than read",
            ),
        ]
    )
