"""Policy packs for the engine: what it has to be told, and the starter that an official install brings.

The engine starts a Python pack with a program called ``pulumi-analyzer-policy-python`` that it looks for on PATH
(sdk/go/common/resource/plugin/analyzer_plugin.go of pulumi/pulumi 3.256.0). It comes with Pulumi's own install and not
with an engine that was built from modules, so one is written here.
"""

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STARTER = "pulumi-analyzer-policy-python"


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyPack:
    """A folder with ``PulumiPolicy.yaml``, and settings for it."""

    folder: Path
    config: Mapping[str, Any] = field(default_factory=dict)
    """Settings by policy, as in a file for ``--policy-pack-config``."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Violation:
    """What a policy said during a command."""

    policy: str
    urn: str
    mandatory: bool
    message: str


def arguments(packs: Sequence[PolicyPack], notes: Path) -> list[str]:
    """Options of ``pulumi preview`` and ``pulumi up`` for these packs; settings are written into ``notes``."""
    found = []
    for number, pack in enumerate(packs):
        config = notes / f"pack{number}.json"
        config.write_text(json.dumps(pack.config), encoding="utf-8")
        found += ["--policy-pack", str(pack.folder.resolve()), "--policy-pack-config", str(config)]
    return found


def write_starter(folder: Path) -> Path:
    """Write the starter into ``folder``, which is to come first on PATH; the engine runs it in the pack's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / STARTER
    path.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -u __main__.py "$@"\n', encoding="utf-8")
    path.chmod(0o755)
    return folder
