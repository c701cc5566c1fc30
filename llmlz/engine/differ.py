"""Which inputs changed, and whether a change replaces the resource.

The rules are data (``data/replace.yaml``): what the AWS provider plans to destroy and create again when one input
changes. What is not in the table is planned as an update in place.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi.runtime import rpc
from ruamel.yaml import YAML

from llmlz.graph.model import texts

TABLE = Path(__file__).parent / "data" / "replace.yaml"
ABSENT = object()
"""Differs from every value, ``None`` included."""


@dataclass(frozen=True, slots=True)
class Change:
    """One input that is not what it was."""

    path: str
    """Path of the input, such as ``cidrBlock`` or ``vpcConfig.subnetIds[0]``."""

    replaces: bool

    @property
    def input(self) -> str:
        """Name of the input, without what lies inside it."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]


@functools.cache
def rules() -> Mapping[str, tuple[str, ...]]:
    """Token to the paths of inputs, without positions, whose change replaces the resource."""
    table = YAML(typ="safe").load(TABLE)["replace"]
    return {token: tuple(paths) for token, paths in table.items()}


def changes(token: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every leaf that differs, in the order of its path; secrets are compared by what they hold."""
    before, after = dict(texts(revealed(old))), dict(texts(revealed(new)))
    return tuple(_changes(rules().get(token, ()), before, after))


def revealed(value: Any) -> Any:
    """A value without the wrapping of secrets."""
    if rpc.is_rpc_secret(value):
        return revealed(rpc.unwrap_rpc_secret(value))
    if isinstance(value, Mapping):
        return {key: revealed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [revealed(inner) for inner in value]
    return value


def _changes(replacing: tuple[str, ...], before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for path in sorted(before.keys() | after.keys()):
        if before.get(path, ABSENT) != after.get(path, ABSENT):
            yield Change(path, any(covers(rule, path) for rule in replacing))


def covers(whole: str, path: str) -> bool:
    """Whether a path of a table or an option is that of an input, or of what holds it; ``*`` and positions stand for any."""
    bare, inner = _bare(whole), _bare(path)
    return whole == "*" or inner == bare or inner.startswith(f"{bare}.")


def _bare(path: str) -> str:
    return re.sub(r"\[(\d+|\*)\]|\.\*(?=\.|$)", "", path)
