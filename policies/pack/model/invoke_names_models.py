"""A grant to call models names each model; a wildcard would admit tomorrow's models unseen."""

import re

from policies.pack._grants import is_boundary, statements
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._use import calls_models

EXACT = re.compile(
    r"arn:[^:*?]+:bedrock:"
    r"([^:]*::foundation-model/[^*?]+"  # any region: a profile forwards to those of its geography
    r"|[^:*?]+:[^:*?]*:(inference-profile|application-inference-profile|custom-model|custom-model-deployment"
    r"|imported-model|provisioned-model|prompt-router|default-prompt-router)/[^*?]+)"
)


def decide(resource: Resource, context: Context) -> Result:
    """Every Allow that covers a call lists exact models or profiles as its resources."""
    if is_boundary(resource, context):
        return HOLDS
    grants = [s for s in statements(resource) if s.allows and calls_models(s)]
    unnamed = [violated("calls are allowed for all models but a few (NotResource)") for s in grants if s.not_resources]
    named = (require(bool(EXACT.fullmatch(r)), f"calls are allowed on {r!r}") for s in grants for r in s.resources)
    return together([*unnamed, *named])
