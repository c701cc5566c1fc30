"""Tags as AWS will see them: the resource's own over the default tags of its provider."""

import json
from collections.abc import Mapping
from typing import Any

from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, mapping, shown


def tags_of(resource: Resource, context: Context) -> Mapping[str, Any]:
    """Every tag of a resource of this context's stack; raises ``UnreadableError``."""
    return {**default_tags(resource, context), **(mapping(resource.inputs, "tags") or {})}


def default_tags(resource: Resource, context: Context) -> Mapping[str, Any]:
    """The tags that the resource's provider adds to everything it makes."""
    if resource.provider is None:
        return {}
    provider = context.by_urn(resource.provider)
    if provider is None:
        raise UnreadableError(f"the provider {resource.provider} is not in this stack, so its default tags are unknown")
    raw = provider.inputs.get("defaultTags")
    if isinstance(raw, str):  # the SDK sends a provider's settings as JSON texts
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError):
            raise UnreadableError(f"defaultTags of {provider.name} is {shown(raw)}, JSON is expected") from None
    return mapping(mapping({"defaultTags": raw}, "defaultTags") or {}, "tags") or {}
