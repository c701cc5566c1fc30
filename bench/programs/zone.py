"""An estate on disk with one platform of the smallest tier and any number of teams that differ by name only.

``python -m bench.programs.zone <teams> <folder>`` writes one. Equal teams make growth readable: what a size costs more
than another is the number of teams, and nothing else.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bench.programs.values import ACCOUNT, BUDGET_USD, DIMENSIONS, OWNER, REGION, team_names
from stacks.tier import TIERS

PLATFORM = "platform-bench"
ENVIRONMENT = "bench"
MODELS = ("claude-haiku-4-5", "nova-micro", "titan-embed-v2")


def write(folder: Path, teams: int) -> None:
    """Write stack and team files, as people write them."""
    settings = {
        "account": ACCOUNT,
        "region": REGION,
        "owner": OWNER,
        "budget_usd": 1_000_000,
        "environment": ENVIRONMENT,
        "models": list(MODELS),
        "network": {"new": {"cidr": "10.0.0.0/16"}},
    }
    _write(
        folder / f"Pulumi.{PLATFORM}.yaml",
        {"config": {"llmlz:kind": "platform", "llmlz:tier": TIERS[0], "llmlz:settings": settings}},
    )
    for team in team_names(teams):
        wishes = {"team": team, "platform": PLATFORM}
        _write(folder / f"Pulumi.{stack_of(team)}.yaml", {"config": {"llmlz:kind": "team", "llmlz:settings": wishes}})
        write_team(folder, team)


def stack_of(team: str) -> str:
    """Stack of a team."""
    return f"stack-{team}"


def write_team(folder: Path, team: str, budget_usd: int = BUDGET_USD) -> None:
    """Write one team's file, anew if it is there."""
    wishes = {
        "team": team,
        "owner": OWNER,
        "cost_centre": "cc-1",
        "data_class": "internal",
        "system_id": "ai-0001",
        "environments": [ENVIRONMENT],
        "limits": {"budget_usd": budget_usd},
        "models": list(MODELS),
        "vectors": {"dimensions": DIMENSIONS},
    }
    _write(folder / "teams" / f"{team}.yaml", wishes)


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(dict(content), file)


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
