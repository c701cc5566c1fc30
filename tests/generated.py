"""Generated estates: one organization with an account at each tier, and as many teams as asked for."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML

from llmlz.graph.model import Graph
from stacks.estate import Estate, load_estate
from stacks.tier import TIERS

ORGANIZATION = "organization"
MANAGEMENT = "999900001111"
LOG_ARCHIVE = "999900003333"
USER = "arn:aws:iam::999900002222:user/on-call"
PLACES: Mapping[str, tuple[str, str]] = {
    "foundation": ("111100000001", "eu-central-1"),
    "repeatable": ("111100000002", "eu-west-1"),
    "reliable": ("111100000003", "eu-central-1"),
    "scaled": ("111100000004", "us-east-1"),
}
"""Tier to the account and region of its platform."""

MODELS = ("nova-lite", "nova-micro", "nova-pro", "claude-haiku-4-5", "claude-sonnet-4-6", "titan-embed-v2")
EMBEDDING = "titan-embed-v2"
APPROVED = 4
"""Models per team."""

WORKFLOW = {"workflow": "example/landing-zone/.github/workflows/team.yml", "ref": "refs/tags/v0.1.0"}


def platform_of(tier: str) -> str:
    """Stack of the platform at a tier."""
    return f"platform-{tier}"


def team_name(number: int) -> str:
    """Short name of a generated team."""
    return f"t{number:03d}"


def write_estate(folder: Path, teams: int, *, pipelines: bool = False) -> None:
    """Stack and team files; team ``n`` is on the platform of tier ``n % 4``, from the highest tier down.

    With ``pipelines`` every team deploys from a repository of its own, and has a knowledge base.
    """
    _write(folder / f"Pulumi.{ORGANIZATION}.yaml", _stack("organization", None, organization_settings()))
    for number, (tier, (account, region)) in enumerate(PLACES.items()):
        settings = {
            "account": account,
            "region": region,
            "owner": "platform@example.com",
            "budget_usd": 100_000,
            "environment": f"zone-{number}",
            "models": list(MODELS),
            "network": {"new": {"cidr": f"10.{number}.0.0/16"}},
            "pipelines": WORKFLOW if pipelines else None,
        }
        _write(folder / f"Pulumi.{platform_of(tier)}.yaml", _stack("platform", tier, settings))
    for number in range(teams):
        tier, name = TIERS[3 - number % 4], team_name(number)
        wishes = {"team": name, "platform": platform_of(tier)}
        _write(folder / f"Pulumi.team-{name}.yaml", _stack("team", None, wishes))
        own = _deploying(number, name) if pipelines else {}
        _write(folder / "teams" / f"{name}.yaml", {**_team(number, name), **own})


def organization_settings() -> dict[str, Any]:
    """One unit per tier, each with the account of its platform."""
    return {
        "management_account": MANAGEMENT,
        "organization_id": "o-exampleorg1",
        "root_id": "r-ab12",
        "region": "eu-central-1",
        "owner": "governance@example.com",
        "cost_centre": "governance",
        "break_glass": [USER],
        "log_archive": {"account": LOG_ARCHIVE, "regions": ["eu-central-1", "us-east-1"]},
        "units": {
            f"unit-{tier}": {
                "tier": tier,
                "new": {"accounts": {f"account-{tier}": {"email": f"aws+{tier}@example.com", "id": account}}},
            }
            for tier, (account, _) in PLACES.items()
        },
        "identity_center": {
            "instance_arn": "arn:aws:sso:::instance/ssoins-0123456789abcdef",
            "auditors": ["0123456789-01234567-89ab-cdef-0123-456789abcdef"],
            "finance": ["0123456789-11234567-89ab-cdef-0123-456789abcdef"],
            "developers": ["0123456789-21234567-89ab-cdef-0123-456789abcdef"],
        },
    }


def _stack(kind: str, tier: str | None, settings: Mapping[str, Any]) -> dict[str, Any]:
    config: dict[str, Any] = {"llmlz:kind": kind, "llmlz:settings": dict(settings)}
    return {"config": {**config, "llmlz:tier": tier} if tier else config}


def _team(number: int, name: str) -> dict[str, Any]:
    models = [MODELS[(number + step) % len(MODELS)] for step in range(APPROVED)]
    return {
        "team": name,
        "owner": f"{name}@example.com",
        "cost_centre": f"cc-{number}",
        "data_class": "internal",
        "system_id": f"ai-{number:04d}",
        "environments": [f"zone-{place}" for place in range(4)],
        "limits": {"budget_usd": 100},
        "models": models,
        "vectors": {"dimensions": 1024},
    }


def _deploying(number: int, name: str) -> dict[str, Any]:
    models = _team(number, name)["models"]
    return {
        "pipeline": {"repository": f"example/{name}", "environment": "live"},
        "models": models if EMBEDDING in models else [*models, EMBEDDING],
        "knowledge": {"handbook": {"model": EMBEDDING, "connectors": {"manuals": {"kind": "s3"}}}},
    }


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(dict(content), file)


@cache
def generated(teams: int, *, pipelines: bool = False) -> Estate:
    """The estate with this many teams, read once per process."""
    with TemporaryDirectory() as folder:
        write_estate(Path(folder), teams, pipelines=pipelines)
        return load_estate(Path(folder))


@cache
def recorded(teams: int, *, pipelines: bool = False) -> Mapping[str, Graph]:
    """Its graphs, recorded once per process."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # tests of settings do not wait for Pulumi

    return record_estate(generated(teams, pipelines=pipelines))


def programs(teams: int) -> Mapping[str, Callable[[], None]]:
    """Stack name to program, platforms before the organization, and that before teams."""
    from stacks.program import program  # noqa: PLC0415

    return {name: program(stack) for name, stack in generated(teams).stacks.items()}
