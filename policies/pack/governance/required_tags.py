"""Every resource says whose it is, what it costs whom, and what data it may hold."""

from policies.pack._rule import Context, Resource, Result
from policies.pack._tags import has_tags, tags_of


def decide(resource: Resource, context: Context) -> Result:
    """Each tag of ``needs.tags`` has a value, from the resource or from its provider's default tags."""
    return has_tags(tags_of(resource, context), context.needs["tags"])
