"""The page that compares tiers: one line each, and the way to the page of each."""

from docs.generate.climb import climb, usd
from docs.generate.markdown import page, table
from docs.generate.tier_pages import KINDS
from stacks.tier import TIERS, built_tiers, load_tier

INTRO = """A tier is data: defaults that apply unless someone says otherwise, and locks that nobody may loosen.
[Settings and tiers](../concepts/settings-and-tiers.md) says how the layers work.
The files are in `stacks/tiers`.
Each tier has a page: what it sets and locks, what a platform and a team hold, what they cost idle, what the next tier adds."""


def build() -> str:
    """The page."""
    missing = [name for name in TIERS if name not in built_tiers()]
    state = f"Built in this release: {', '.join(built_tiers())}."
    state += f"\nNot built yet: {', '.join(missing)}." if missing else ""
    head = ["tier", "assurance level", "organization", "platform, idle", "ceiling", "team, idle", "resources"]
    costs = (
        "US dollars a month, in the region of `docs/examples/climb`; resources are those of a platform and of a team."
    )
    return page("Tiers", f"{INTRO}\n{state}", [table(head, map(_row, built_tiers())), costs])


def _row(name: str) -> list[str]:
    tier, step = load_tier(name), climb()[name]
    return [
        f"[{name}](tiers/{name}.md)",
        str(tier.level),
        ", ".join(KINDS[kind] for kind in tier.unit_policies) or "none needed",
        usd(step.platform_costs),
        str(tier.fixed_cost_ceiling_usd),
        usd(step.team_costs),
        f"{sum(step.platform.values())} and {sum(step.team.values())}",
    ]
