"""The first files of an estate: one platform, one team, and the team's stack on that platform.

Owns: writing them once. A file that is there is never touched.
Does not own: what the files mean; ``stacks`` reads and checks them.
"""

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "stacks" / "schemas"
"""Editors check the files against these, where the estate is in the same repository."""

ENVIRONMENT = "sandbox"
"""Where everybody starts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstEstate:
    """What the first files say."""

    account: str
    """Twelve digits."""

    budget_usd: int
    """What the account may spend a month, in US dollars."""

    owner: str
    """Mail address of who answers for the platform."""

    region: str
    """AWS region of the platform."""

    secrets_provider: str
    """URL of the key that encrypts secrets in stack files and state."""

    team: str
    """Short name of the first team."""

    team_budget_usd: int
    """What the team may spend a month, in US dollars."""

    team_models: tuple[str, ...]
    """Models of the team, by their aliases in the catalogue."""

    tier: str
    """Tier of the platform."""

    @property
    def platform_stack(self) -> str:
        """Name of the platform's stack."""
        return f"platform-{ENVIRONMENT}"

    @property
    def team_stack(self) -> str:
        """Name of the team's stack."""
        return f"team-{self.team}-{ENVIRONMENT}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What happened to each file, by paths in the estate's folder."""

    new: tuple[str, ...]
    kept: tuple[str, ...]
    """Files that were there already and were left as they are."""


def write_estate(folder: Path, first: FirstEstate) -> Written:
    """Write what is missing; the second run writes nothing. Raises ``OSError`` when the folder cannot be written."""
    new, kept = [], []
    for name, (schema, content) in sorted(_files(first).items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(_text(path, schema, content))
        except FileExistsError:
            kept.append(name)
        else:
            new.append(name)
    return Written(new=tuple(new), kept=tuple(kept))


def _files(first: FirstEstate) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    """Path to schema and content."""
    platform = {
        "account": first.account,
        "region": first.region,
        "owner": first.owner,
        "budget_usd": first.budget_usd,
    }
    team = {
        "team": first.team,
        "owner": first.owner,
        "cost_centre": first.team,
        "data_class": "internal",
        "system_id": first.team,
        "environments": [ENVIRONMENT],
        "limits": {"budget_usd": first.team_budget_usd},
        "models": list(first.team_models),
    }
    return {
        f"Pulumi.{first.platform_stack}.yaml": (
            "stack",
            {
                "secretsprovider": first.secrets_provider,
                "config": {"llmlz:kind": "platform", "llmlz:tier": first.tier, "llmlz:settings": platform},
            },
        ),
        f"Pulumi.{first.team_stack}.yaml": (
            "stack",
            {
                "secretsprovider": first.secrets_provider,
                "config": {
                    "llmlz:kind": "team",
                    "llmlz:settings": {"team": first.team, "platform": first.platform_stack},
                },
            },
        ),
        f"teams/{first.team}.yaml": ("team", team),
    }


def _text(path: Path, schema: str, content: Mapping[str, Any]) -> str:
    out = io.StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.dump(dict(content), out)
    if not path.resolve().is_relative_to(ROOT):
        return out.getvalue()
    where = Path(os.path.relpath(SCHEMAS / f"{schema}.schema.json", path.parent)).as_posix()
    return f"# yaml-language-server: $schema={where}\n{out.getvalue()}"
