"""A generated estate of one platform in two regions, with an organization around it and a team in each region."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML

from llmlz.graph.model import Graph
from stacks.estate import Estate, load_estate

FIRST, SECOND, ORGANIZATION = "platform-first", "platform-a-second", "organization"
"""The second region's stack comes first by name, so that the order of recording cannot be an accident."""
TEAMS: Mapping[str, str] = {"team-first": FIRST, "team-second": SECOND}
ACCOUNT, OTHER_ACCOUNT, REGION, OTHER_REGION = "111100000009", "111100000010", "eu-central-1", "eu-west-1"
MODELS = ("nova-lite", "claude-haiku-4-5", "titan-embed-v2")


def write_estate(folder: Path, **changes: Mapping[str, Any]) -> None:
    """The files; ``changes`` are laid over the settings of ``first``, ``second`` and ``organization``."""
    settings: dict[str, dict[str, Any]] = {
        FIRST: {
            "region": REGION,
            "network": {"new": {"cidr": "10.0.0.0/16"}},
            "vector_store": {"engine": "pgvector", "min_acu": 0.5, "max_acu": 2},
            "backup": {"copy_to": SECOND},
            **changes.get("first", {}),
        },
        SECOND: {
            "region": OTHER_REGION,
            "network": {"new": {"cidr": "10.1.0.0/16"}},
            "vector_store": None,
            "primary": FIRST,
            **changes.get("second", {}),
        },
    }
    for name, own in settings.items():
        common = {
            "account": ACCOUNT,
            "owner": "platform@example.com",
            "budget_usd": 100_000,
            "environment": "prod",
            "models": list(MODELS),
        }
        tier = own.pop("tier", "scaled")
        whole = {key: value for key, value in {**common, **own}.items() if value is not REMOVED}
        _write(folder / f"Pulumi.{name}.yaml", {"config": _config("platform", whole, tier)})
    _write(
        folder / f"Pulumi.{ORGANIZATION}.yaml",
        {"config": _config("organization", {**_organization(), **changes.get("organization", {})})},
    )
    for name, platform in TEAMS.items():
        wishes = {"team": "claims", "platform": platform}
        _write(folder / f"Pulumi.{name}.yaml", {"config": _config("team", wishes)})
    _write(folder / "teams" / "claims.yaml", _team())


REMOVED: Any = object()
"""Takes a setting away."""


def _config(kind: str, settings: Mapping[str, Any], tier: str | None = None) -> dict[str, Any]:
    config: dict[str, Any] = {"llmlz:kind": kind, "llmlz:settings": dict(settings)}
    return {**config, "llmlz:tier": tier} if tier else config


def _organization() -> dict[str, Any]:
    return {
        "management_account": "999900001111",
        "organization_id": "o-exampleorg1",
        "root_id": "r-ab12",
        "region": REGION,
        "owner": "governance@example.com",
        "cost_centre": "governance",
        "break_glass": ["arn:aws:iam::999900002222:user/on-call"],
        "log_archive": {"account": "999900003333", "regions": [REGION, OTHER_REGION]},
        "units": {
            "regulated": {
                "tier": "scaled",
                "existing": {"id": "ou-ab12-12345678", "accounts": [ACCOUNT, OTHER_ACCOUNT]},
            },
        },
        "identity_center": {
            "instance_arn": "arn:aws:sso:::instance/ssoins-0123456789abcdef",
            "auditors": ["0123456789-01234567-89ab-cdef-0123-456789abcdef"],
            "finance": ["0123456789-11234567-89ab-cdef-0123-456789abcdef"],
            "developers": ["0123456789-21234567-89ab-cdef-0123-456789abcdef"],
        },
    }


def _team() -> dict[str, Any]:
    return {
        "team": "claims",
        "owner": "claims@example.com",
        "cost_centre": "cc-1",
        "data_class": "internal",
        "system_id": "ai-0001",
        "environments": ["prod"],
        "limits": {"budget_usd": 100},
        "models": list(MODELS),
    }


def _write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(dict(content), file)


@cache
def estate() -> Estate:
    """The estate, read once per process."""
    with TemporaryDirectory() as folder:
        write_estate(Path(folder))
        return load_estate(Path(folder))


@cache
def graphs() -> Mapping[str, Graph]:
    """Its graphs, recorded once per process."""
    from llmlz.cli.recording import record_estate  # noqa: PLC0415  # tests of settings do not wait for Pulumi

    return record_estate(estate())
