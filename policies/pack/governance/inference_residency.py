"""A prompt is answered where its data may be: a profile or a guardrail of another geography sends it away."""

import re
from collections.abc import Iterator

from policies.pack._documents import matches
from policies.pack._grants import is_boundary, statements
from policies.pack._places import named_region
from policies.pack._rule import HOLDS, Context, Resource, Result, require, together
from policies.pack._use import GUARDRAIL, calls_models
from policies.pack._values import UnreadableError, mapping, mappings, shown, text

PROFILE = "aws:bedrock/inferenceProfile:InferenceProfile"
AGENT, PROMPT = "aws:bedrock/agentAgent:AgentAgent", "aws:bedrock/agentPrompt:AgentPrompt"
MODEL_ARN = re.compile(
    r"arn:[a-z-]+:bedrock:(?P<region>[a-z0-9*?-]*):[^:]*:(?P<kind>[a-z-]+)/(?P<name>\S+)",
)
SOME_GLOBAL = "global.anthropic.claude-sonnet-4-5-20250929-v1:0"
"""A profile that answers anywhere in the world, to try patterns on."""

OWN = (
    "application-inference-profile",
    "custom-model",
    "imported-model",
    "provisioned-model",
    "custom-model-deployment",
)
"""Made in the account: what a profile of its own is copied from is judged there."""


def decide(resource: Resource, context: Context) -> Result:
    """Profiles, guardrails, agents, prompts and grants stay in the geography of their region."""
    if resource.type == PROFILE:
        source = text(mapping(resource.inputs, "modelSource") or {}, "copyFrom")
        return _stays("modelSource.copyFrom", source or "", resource, context)
    if resource.type == GUARDRAIL:
        config = mapping(resource.inputs, "crossRegionConfig")
        named = text(config or {}, "guardrailProfileIdentifier")
        at = "crossRegionConfig.guardrailProfileIdentifier"
        return HOLDS if config is None else _stays(at, named or "", resource, context)
    if resource.type == AGENT:
        return _stays("foundationModel", text(resource.inputs, "foundationModel") or "", resource, context)
    if resource.type == PROMPT:
        models = [
            (f"variants[{i}].modelId", text(v, "modelId")) for i, v in enumerate(mappings(resource.inputs, "variants"))
        ]
        return together(_stays(at, model, resource, context) for at, model in models if model is not None)
    return HOLDS if is_boundary(resource, context) else together(_granted(resource, context))


def _granted(resource: Resource, context: Context) -> Iterator[Result]:
    home = named_region(resource, context)
    for statement in statements(resource):
        if not (statement.allows and calls_models(statement)):
            continue
        if statement.not_resources:
            yield require(_worldwide(context), "a grant to call models reaches every geography (NotResource)")
        for name in statement.resources:
            yield _of_grant(name, home, resource, context)


def _of_grant(name: str, home: str, resource: Resource, context: Context) -> Result:
    found = MODEL_ARN.fullmatch(name)
    far = f"arn:aws:bedrock:{home}:{context.stack.account}:inference-profile/{SOME_GLOBAL}"
    if found is None:
        return require(
            _worldwide(context) or not matches(name, far), f"a grant to call models on {name!r} has no geography"
        )
    kind, (geography, point, _) = found.group("kind"), found.group("name").partition(".")
    if kind == "inference-profile" and (not point or set("*?") & set(geography)):
        return require(_worldwide(context), f"a grant to call models on {name!r} has no geography")
    return _stays("a grant to call models", name, resource, context)


def _worldwide(context: Context) -> bool:
    return bool(context.needs["worldwide"])


def _stays(at: str, value: str, resource: Resource, context: Context) -> Result:
    found = MODEL_ARN.fullmatch(value)
    kind = found.group("kind") if found else ""
    if kind in OWN:
        return HOLDS
    home = named_region(resource, context)
    if found and kind == "foundation-model":
        return _of_model(at, value, found.group("region"), home, context)
    name = found.group("name") if found else value
    geography, _, rest = name.partition(".")
    if not found and geography in context.needs["vendors"]:
        return HOLDS  # a model's plain id is answered in the region itself
    if not geography or not rest:
        raise UnreadableError(f"{at} is {shown(value)}, a model, a profile or their ARN is expected")
    inside = _reaches(geography, home, context)
    return require(inside, f"{at} is {value}, and {geography} is not the geography of {home}")


def _reaches(geography: str, home: str, context: Context) -> bool:
    begins = context.needs["geographies"].get(geography, [])
    return geography in context.needs["worldwide"] or any(home.startswith(beginning) for beginning in begins)


def _of_model(at: str, value: str, region: str, home: str, context: Context) -> Result:
    """A model in no region is the far end of a worldwide profile; a pattern is the region lock's to narrow."""
    if region == "*":
        return HOLDS
    if not region:
        return require(_worldwide(context), f"{at} is {value}, which a worldwide profile answers")
    return require(region.partition("-")[0] == home.partition("-")[0], f"{at} is {value}, far from {home}")
