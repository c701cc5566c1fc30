"""A guardrail stops answers that the sources do not bear out, and answers to another question."""

from collections.abc import Mapping
from typing import Any

from policies.pack._rule import Context, Resource, Result, require, together, violated
from policies.pack._values import flag, mapping, mappings, number, text

CHECKS = ("GROUNDING", "RELEVANCE")
ABOVE_ALL = 1
"""A threshold is below it: docs.aws.amazon.com/bedrock/latest/APIReference/
API_GuardrailContextualGroundingFilterConfig.html (2026-11)"""


def decide(resource: Resource, context: Context) -> Result:
    """Both checks have at least ``needs.threshold``."""
    config = mapping(resource.inputs, "contextualGroundingPolicyConfig") or {}
    filters = [(text(f, "type"), f) for f in mappings(config, "filtersConfigs")]
    results = []
    for check in CHECKS:
        found = [f for kind, f in filters if kind == check]
        results += [_stops(check, f, context.needs["threshold"]) for f in found]
        results += [] if found else [violated(f"there is no check for {check}")]
    return together(results)


def _stops(check: str, found: Mapping[str, Any], least: float) -> Result:
    if flag(found, "enabled") is False or text(found, "action") not in (None, "BLOCK"):
        return violated(f"the check for {check} only watches")
    threshold = number(found, "threshold")
    return require(
        threshold is not None and least <= threshold < ABOVE_ALL,
        f"{check} has the threshold {threshold}, at least {least} is needed",
    )
