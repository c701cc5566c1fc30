"""Every resource says whose it is, what it costs whom, and what data it may hold."""

import json
from collections.abc import Mapping
from typing import Any

from policies.pack._rule import Context, Resource, Result, require, together
from policies.pack._values import UnreadableError, mapping, shown, text


def decide(resource: Resource, context: Context) -> Result:
    """Each tag of ``needs.tags`` has a value, from the resource or from its provider's default tags."""
    tags = {**_default_tags(resource, context), **(mapping(resource.inputs, "tags") or {})}
    missing = [name for name in context.needs["tags"] if text(tags, name) is None]
    return together([require(not missing, f"tags are missing or empty: {', '.join(missing)}")])


def _default_tags(resource: Resource, context: Context) -> Mapping[str, Any]:
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
    defaults = mapping({"defaultTags": raw}, "defaultTags") or {}
    return mapping(defaults, "tags") or {}
