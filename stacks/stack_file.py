"""A stack file, ``Pulumi.<stack>.yaml``: its kind, its tier and its values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stacks.files import display, read_mapping
from stacks.problems import Problem, SettingsError
from stacks.tier import TIERS, built_tiers
from stacks.validate import closest, shown

AT = "llmlz:settings"
KINDS = ("organization", "platform", "runtime", "team")
NO_TIER = {
    "organization": "each of its units has one",
    "runtime": "a runtime has the tier of its platform",
    "team": "a team has the tier of its platform",
}
CONFIG_KEYS = ("llmlz:kind", "llmlz:settings", "llmlz:tier", "pulumi:disable-default-providers")
FILE_KEYS = ("config", "encryptedkey", "encryptionsalt", "environment", "secretsprovider")
"""https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/ (2026-11)"""


@dataclass(frozen=True, kw_only=True, slots=True)
class StackFile:
    """What a stack file says, before tiers are looked at."""

    name: str
    shown: str
    kind: str
    tier: str | None
    settings: Mapping[str, Any]


def read_stack_file(path: Path) -> StackFile:
    """The file's content; raises ``SettingsError`` with every problem of its outer shape."""
    file = display(path)
    raw = read_mapping(path)
    config = raw.get("config")
    if not isinstance(config, Mapping):
        raise SettingsError(
            [
                Problem(
                    file=file,
                    path="config",
                    value=shown(config),
                    expected="keys and values",
                    fix="add llmlz:kind and llmlz:settings",
                )
            ]
        )
    problems = [_unknown(file, key, FILE_KEYS, "") for key in raw if key not in FILE_KEYS]
    problems += [_unknown(file, key, CONFIG_KEYS, "") for key in config if key not in CONFIG_KEYS]
    kind, tier, settings = config.get("llmlz:kind"), config.get("llmlz:tier"), config.get("llmlz:settings")
    if kind not in KINDS:
        problems.append(_choice(file, "llmlz:kind", kind, KINDS))
    elif kind == "platform" and tier not in built_tiers():
        near = "" if tier not in TIERS else f" (tier {tier} is not built in this release)"
        problems.append(_choice(file, "llmlz:tier", tier, built_tiers(), near))
    elif kind != "platform" and tier is not None:
        expected = f"no tier: {NO_TIER[str(kind)]}"
        problems.append(Problem(file=file, path="llmlz:tier", value=shown(tier), expected=expected, fix="remove it"))
    if not isinstance(settings, Mapping):
        problems.append(
            Problem(
                file=file,
                path=AT,
                value=shown(settings) if settings else "",
                expected="keys and values",
                fix=f"add {AT}",
            )
        )
    if problems:
        raise SettingsError(problems)
    name = path.name.removeprefix("Pulumi.").removesuffix(".yaml")
    return StackFile(name=name, shown=file, kind=str(kind), tier=tier, settings=dict(settings or {}))


def _unknown(file: str, key: str, known: tuple[str, ...], at: str) -> Problem:
    expected = f"one of {', '.join(known)}{closest(str(key), known)}"
    if str(key).startswith("aws:"):
        expected = "no provider settings: account and region come from llmlz:settings"
    return Problem(
        file=file, path=f"{at}{key}", value="", expected=expected, fix="remove the key, or correct its spelling"
    )


def _choice(file: str, path: str, value: Any, known: tuple[str, ...], more: str = "") -> Problem:
    near = closest(str(value), known) if value else ""
    return Problem(
        file=file,
        path=path,
        value=shown(value) if value is not None else "",
        expected=f"one of {', '.join(known)}{near}{more}",
        fix=f"set {path}" if value is None else "correct the value",
    )
