"""Which class of data a resource may hold, by its tag or by the default tags of its provider."""

import json

from policies.pack._rule import Context, Resource
from policies.pack._values import UnreadableError, mapping, shown, text


def data_class(resource: Resource, context: Context, tag: str) -> str | None:
    """The value of ``tag``; ``None`` where nobody says."""
    return text(mapping(resource.inputs, "tags") or {}, tag) or _default(resource, context, tag)


def _default(resource: Resource, context: Context, tag: str) -> str | None:
    if resource.provider is None:
        return None
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
    return text(mapping(defaults, "tags") or {}, tag)
