"""People and pipelines use roles; a user or an access key is a secret that never expires."""

from policies.pack._rule import Context, Resource, Result, require


def decide(resource: Resource, context: Context) -> Result:
    """The type is none of ``needs.refused``."""
    return require(resource.type not in context.needs["refused"], f"a {resource.type.rpartition(':')[2]} is made")
