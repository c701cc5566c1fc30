"""One estate that can stand on any tier: an organization with one unit, a platform in it, its runtime and a team."""

import atexit
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from ruamel.yaml import YAML

from llmlz.graph.model import Graph
from stacks.estate import Estate, load_estate
from stacks.tier import TIERS
from tests import generated

ORGANIZATION, PLATFORM, RUNTIME, TEAM = "organization", "platform-prod", "runtime-prod", "team-claims"
ACCOUNT, REGION = "111100000001", "eu-central-1"
SERVING = {
    "purpose": "serving",
    "instance_types": ["g6.xlarge"],
    "capacity": ["on-demand"],
    "max_gpus": 2,
    "max_cpus": 16,
    "max_memory_gib": 64,
}
"""A pool that any tier may have."""

SIGNED = {"key": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/mrk-00000000000000000000000000000000"}
"""What the highest tier demands, and any tier may have."""

CLIMBS = tuple((low, high) for number, low in enumerate(TIERS) for high in TIERS[number + 1 :])
"""The six upward moves."""


def write(folder: Path, tier: str, **settings: Any) -> Path:
    """The files of the estate, with its platform and its unit at a tier."""
    unit = {"tier": tier, "new": {"accounts": {"place": {"email": "aws@example.com", "id": ACCOUNT}}}}
    organization = {**generated.organization_settings(), "units": {"teams": unit}}
    platform = {
        "account": ACCOUNT,
        "region": REGION,
        "owner": "platform@example.com",
        "budget_usd": 10_000,
        "environment": "pilots",
        "models": ["nova-lite", "claude-haiku-4-5", "titan-embed-v2"],
        **settings,
    }
    team = {
        "team": "claims",
        "owner": "claims@example.com",
        "cost_centre": "cc-1",
        "data_class": "internal",
        "system_id": "ai-0001",
        "environments": ["pilots"],
        "limits": {"budget_usd": 100},
        "models": ["nova-lite", "titan-embed-v2"],
        "vectors": {"dimensions": 1024},
        "cluster": {"cpus": 8, "memory_gib": 32, "gpus": 1},
        "documents": {"masked_copies": {}},
    }
    _write(folder / f"Pulumi.{ORGANIZATION}.yaml", _stack("organization", organization))
    _write(folder / f"Pulumi.{PLATFORM}.yaml", _stack("platform", platform, tier))
    _write(
        folder / f"Pulumi.{RUNTIME}.yaml",
        _stack("runtime", {"platform": PLATFORM, "pools": {"serving": SERVING}, "signatures": SIGNED}),
    )
    _write(folder / f"Pulumi.{TEAM}.yaml", _stack("team", {"team": "claims", "platform": PLATFORM}))
    _write(folder / "teams" / "claims.yaml", team)
    return folder


def _stack(kind: str, settings: Mapping[str, Any], tier: str | None = None) -> dict[str, Any]:
    config = {"llmlz:kind": kind, "llmlz:settings": dict(settings)}
    return {"config": {**config, "llmlz:tier": tier} if tier else config}


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(dict(content), file)


@cache
def folder() -> Path:
    """The estate at the lowest tier, written once per process."""
    place = Path(mkdtemp(prefix="llmlz-ladder-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return write(place, TIERS[0])


@cache
def estate(tier: str) -> Estate:
    """The estate with its platform at a tier."""
    return load_estate(folder(), {PLATFORM: tier})


@cache
def recorded(tier: str) -> Mapping[str, Graph]:
    """Its graphs, recorded once per process."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # tests of settings do not wait for Pulumi

    return record_estate(estate(tier))


def programs(tier: str) -> Mapping[str, Callable[[], None]]:
    """Stack name to program, in the order of deployment."""
    from stacks.program import program  # noqa: PLC0415

    return {name: program(stack) for name, stack in estate(tier).stacks.items()}
