"""One page per tier: what it sets and locks, what a platform and a team hold, what the next tier adds, what it costs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from docs.generate.climb import Step, climb, usd
from docs.generate.markdown import code, page, prose, table
from stacks.tier import Tier, UnitPolicy, built_tiers, load_tier

KINDS: Mapping[UnitPolicy, str] = {
    "service_control": "service control",
    "resource_control": "resource control",
    "ai_opt_out": "opt-out of AI services",
    "bedrock": "Bedrock, which applies a guardrail",
}
HELD = """Counted in the recorded programs of `docs/examples/climb`.
The platform has the tier's defaults, the team three models and a space in the vector store."""


def build(name: str) -> str:
    """The page of one tier."""
    tier, step = load_tier(name), climb()[name]
    return page(
        name.capitalize(),
        _about(name, tier),
        [
            "## What it sets\n\nUsed where neither a stack nor the estate's overlay says otherwise.",
            table(["setting", "value"], [[code(path), code(value)] for path, value in leaves(tier.defaults)]),
            "## What it locks",
            table(["setting", "must be", "because", "more is allowed from"], map(_lock, sorted(tier.locks.items()))),
            f"## What a platform holds\n\n{HELD}",
            _counts(step.platform),
            "## What a team holds",
            _counts(step.team),
            f"## What it costs while idle\n\n{_cost(tier, step)}",
            table(["platform", "US dollars a month"], _amounts(step.platform_costs)),
            table(["team", "US dollars a month"], _amounts(step.team_costs)),
            *_next(name),
        ],
    )


def _about(name: str, tier: Tier) -> str:
    tiers = built_tiers()
    lines = [f"Assurance level {tier.level}; [all tiers](../tiers.md).", _organization(tier)]
    below = tiers[: tiers.index(name)]
    if below:
        lines.append(f"It holds whatever [{below[-1]}]({below[-1]}.md) holds, and more.")
    return "\n".join(lines)


def _organization(tier: Tier) -> str:
    """What an organization adds around platforms of the tier."""
    if not tier.unit_policies:
        return "It needs no organization."
    kinds = ", ".join(KINDS[kind] for kind in tier.unit_policies)
    people = "\nPeople come in through permission sets of the organization." if tier.people else ""
    return f"An organization puts these policies on a unit of this tier: {kinds}.{people}"


def _lock(item: tuple[str, Any]) -> list[str]:
    path, lock = item
    return [code(path), lock.says(), prose(lock.reason), lock.allowed_from or "no tier"]


def _counts(held: Mapping[str, int]) -> str:
    return table(["type", "number"], [[code(token), str(number)] for token, number in held.items()])


def _cost(tier: Tier, step: Step) -> str:
    return "\n".join(
        [
            f"List prices in {step.region}, from `llmlz/cost/data/prices.yaml`, where each has its source and date.",
            f"The platform costs {usd(step.platform_costs)} US dollars a month, the team {usd(step.team_costs)}.",
            f"A platform without optional parts may cost {tier.fixed_cost_ceiling_usd}.",
            "Calls of models, traffic and storage come on top, per use.",
        ]
    )


def _amounts(costs: Mapping[str, Decimal]) -> list[list[str]]:
    return [[what, f"{month:.2f}"] for what, month in costs.items()]


def _next(name: str) -> Sequence[str]:
    """What the tier above changes; nothing above the highest."""
    tiers = built_tiers()
    if name == tiers[-1]:
        return []
    above = tiers[tiers.index(name) + 1]
    here, there, low, high = climb()[name], climb()[above], load_tier(name), load_tier(above)
    more = [KINDS[kind] for kind in high.unit_policies if kind not in low.unit_policies]
    lines = [f"The page of [{above}]({above}.md) has all of it; here is the difference."]
    lines += [f"The organization adds policies: {', '.join(more)}."] if more else []
    lines += ["People come in through permission sets of the organization."] if high.people > low.people else []
    for what, now, then in (
        ("A platform", usd(here.platform_costs), usd(there.platform_costs)),
        ("A team", usd(here.team_costs), usd(there.team_costs)),
    ):
        lines.append(
            f"{what} costs {then} US dollars a month while idle, {f'not {now}' if then != now else 'as here'}."
        )
    return [
        f"## What {above} adds\n\n" + "\n".join(lines),
        table(["setting", "here", above], differences(dict(leaves(low.defaults)), dict(leaves(high.defaults)))),
        table(["lock", "here", above], differences(_said(low), _said(high))),
        table(["platform has", "here", above], differences(_numbers(here.platform), _numbers(there.platform))),
        table(["team has", "here", above], differences(_numbers(here.team), _numbers(there.team))),
    ]


def _said(tier: Tier) -> dict[str, str]:
    return {path: lock.says() for path, lock in tier.locks.items()}


def _numbers(held: Mapping[str, int]) -> dict[str, str]:
    return {token: str(number) for token, number in held.items()}


def differences(low: Mapping[str, str], high: Mapping[str, str]) -> list[list[str]]:
    """Rows for what is not the same in both; a dash for what one of them has not."""
    names = dict.fromkeys([*low, *high])
    return [[code(name), low.get(name, "-"), high.get(name, "-")] for name in names if low.get(name) != high.get(name)]


def leaves(values: Mapping[str, Any], at: str = "") -> Iterator[tuple[str, str]]:
    """Dotted path and text of every value."""
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from leaves(value, f"{at}{key}.")
        else:
            yield f"{at}{key}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
