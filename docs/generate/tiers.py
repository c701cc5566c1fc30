"""The page of tiers: what each sets, and what it lets nobody change."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from docs.generate.markdown import code, page, prose, table
from stacks.tier import TIERS, Tier, UnitPolicy, built_tiers, load_tier

INTRO = """A tier is data: defaults that apply unless someone says otherwise, and locks that nobody may loosen.
[Settings and tiers](../concepts/settings-and-tiers.md) says how the layers work.
The files are in `stacks/tiers`."""

KINDS: Mapping[UnitPolicy, str] = {
    "service_control": "service control",
    "resource_control": "resource control",
    "ai_opt_out": "opt-out of AI services",
    "bedrock": "Bedrock, which applies a guardrail",
}


def build() -> str:
    """The page."""
    missing = [name for name in TIERS if name not in built_tiers()]
    state = f"Built in this release: {', '.join(built_tiers())}."
    state += f"\nNot built yet: {', '.join(missing)}." if missing else ""
    return page("Tiers", f"{INTRO}\n{state}", map(_section, built_tiers()))


def _section(name: str) -> str:
    tier = load_tier(name)
    defaults = [[code(path), code(value)] for path, value in _leaves(tier.defaults)]
    locks = [
        [code(path), lock.says(), prose(lock.reason), lock.allowed_from or "no tier"]
        for path, lock in sorted(tier.locks.items())
    ]
    about = [
        f"Assurance level {tier.level}.",
        f"An idle platform without optional parts may cost {tier.fixed_cost_ceiling_usd} US dollars a month.",
        _policies(tier),
    ]
    return "\n\n".join(
        [
            f"## {name}",
            "\n".join(about),
            "Defaults:",
            table(["setting", "value"], defaults),
            "Locks:",
            table(["setting", "must be", "because", "more is allowed from"], locks),
        ]
    )


def _policies(tier: Tier) -> str:
    """What an organization adds around platforms of the tier."""
    if not tier.unit_policies:
        return "It needs no organization."
    kinds = ", ".join(KINDS[kind] for kind in tier.unit_policies)
    people = "\nPeople come in through permission sets of the organization." if tier.people else ""
    return f"An organization puts these policies on a unit of this tier: {kinds}.{people}"


def _leaves(values: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{at}{key}.")
        else:
            yield f"{at}{key}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
