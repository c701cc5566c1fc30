"""A guardrail takes personal data out of questions and answers, in kinds that grow with the level."""

from collections.abc import Mapping
from typing import Any

from policies.pack._rule import Context, Resource, Result, together, violated
from policies.pack._values import flag, mapping, mappings, text

ACTS = ("BLOCK", "ANONYMIZE")


def decide(resource: Resource, context: Context) -> Result:
    """Every kind in ``needs.entities`` is blocked or masked on both sides; ``NONE`` only reports it."""
    config = mapping(resource.inputs, "sensitiveInformationPolicyConfig") or {}
    found: dict[str | None, list[Mapping[str, Any]]] = {}
    for entity in mappings(config, "piiEntitiesConfigs"):
        found.setdefault(text(entity, "type"), []).append(entity)
    missing = [kind for kind in context.needs["entities"] if kind not in found]
    return together(
        [
            *([violated(f"nothing filters {', '.join(missing)}")] if missing else []),
            *(
                violated(f"{kind} passes on {side}: {how}")
                for kind in context.needs["entities"]
                for entity in found.get(kind, ())
                for side in ("input", "output")
                if (how := _passes(entity, side))
            ),
        ]
    )


def _passes(entity: Mapping[str, Any], side: str) -> str:
    """How data of this kind gets through on one side; an action for the side goes before the one for both."""
    if flag(entity, f"{side}Enabled") is False:
        return f"{side}Enabled is False"
    own, both = text(entity, f"{side}Action"), text(entity, "action")
    return "" if (own or both) in ACTS else f"the action is {own or both}"
