"""Tags as AWS will see them: the resource's own over the default tags of its provider."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.pack._places import provider_of
from policies.pack._rule import Context, Resource, Result, require
from policies.pack._values import from_json, mapping, text


def tags_of(resource: Resource, context: Context) -> Mapping[str, Any]:
    """Every tag of a resource of this context's stack; raises ``UnreadableError``."""
    return {**default_tags(resource, context), **(mapping(resource.inputs, "tags") or {})}


def default_tags(resource: Resource, context: Context) -> Mapping[str, Any]:
    """The tags that the resource's provider adds to everything it makes; raises ``UnreadableError``."""
    provider = provider_of(resource, context)
    if provider is None:
        return {}
    # the SDK sends a provider's settings as JSON texts
    defaults = from_json(provider.inputs.get("defaultTags"), f"defaultTags of {provider.name}")
    return mapping(mapping({"defaultTags": defaults}, "defaultTags") or {}, "tags") or {}


def has_tags(tags: Mapping[str, Any], names: Iterable[str]) -> Result:
    """Each of these tags has a value; blanks are none."""
    missing = [name for name in names if not (text(tags, name) or "").strip()]
    return require(not missing, f"tags are missing or empty: {', '.join(missing)}")
