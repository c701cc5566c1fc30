"""A guardrail blocks prompt attacks, and harmful content from a strength on that rises with the level."""

from collections.abc import Mapping
from typing import Any

from policies.pack._rule import HOLDS, Context, Resource, Result, require, together, violated
from policies.pack._values import flag, mapping, mappings, text

STRENGTHS = ("NONE", "LOW", "MEDIUM", "HIGH")
HARMFUL = ("HATE", "INSULTS", "MISCONDUCT", "SEXUAL", "VIOLENCE")


def decide(resource: Resource, context: Context) -> Result:
    """PROMPT_ATTACK is HIGH on input; every kind of harmful content has at least ``needs.harmful`` on both sides."""
    config = mapping(resource.inputs, "contentPolicyConfig") or {}
    filters = {text(f, "type"): f for f in mappings(config, "filtersConfigs")}
    least = context.needs["harmful"]
    return together(
        [
            _blocks(filters, "PROMPT_ATTACK", "input", "HIGH"),
            *(_blocks(filters, kind, side, least) for kind in HARMFUL for side in ("input", "output")),
        ]
    )


def _blocks(filters: Mapping[str | None, Mapping[str, Any]], kind: str, side: str, least: str) -> Result:
    if kind not in filters:
        return violated(f"there is no filter for {kind}")
    found = filters[kind]
    if flag(found, f"{side}Enabled") is False or text(found, f"{side}Action") == "NONE":
        return violated(f"the {side} filter for {kind} only watches")
    strength = text(found, f"{side}Strength")
    if strength in STRENGTHS and STRENGTHS.index(strength) >= STRENGTHS.index(least):
        return HOLDS
    return require(False, f"{kind} has {side} strength {strength}, at least {least} is needed")
