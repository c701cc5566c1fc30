"""The page of capabilities: what each tier promises, and what is not built yet."""

from docs.generate.markdown import page, prose, table
from stacks.capabilities import Promise, capabilities
from stacks.tier import TIERS

INTRO = """What each tier adds, row by row; what a lower tier added stays, unless a line says until when.
A test looks at every cell in the graphs of one estate at that tier.
What is not built yet says so, and what it comes with.
The data is `stacks/capabilities.yaml`."""


def build() -> str:
    """The page."""
    return page("Capabilities", INTRO, (_section(name) for name in capabilities()))


def _section(name: str) -> str:
    row = capabilities()[name]
    cells = [[tier, "; ".join(_words(promise, tier) for promise in row.added(tier))] for tier in TIERS]
    return f"## {name[0].upper()}{name[1:]}\n\n{table(['tier', 'adds'], cells)}"


def _words(promise: Promise, tier: str) -> str:
    if promise.absent:
        return f"not built yet: {prose(promise.absent)}"
    return prose(promise.says) + (
        f" (until {promise.until})" if promise.until != TIERS[-1] and promise.until != tier else ""
    )
