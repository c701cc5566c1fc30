"""From what the SDK sends to plain JSON values, and the references that stand in them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import rpc

from llmlz.graph.model import Reference, Standin, texts
from llmlz.graph.standins import cores

ASSET, ARCHIVE = "$asset", "$archive"
"""Keys under which files appear in a graph: ``{"$archive": {"index.py": {"$asset": {"text": …}}}}``."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain value and the paths in it that are secret."""

    value: Any
    secrets: tuple[str, ...]


def plain(value: Any, root: Path) -> Plain:
    """Unwrap secrets, write files as texts or paths under ``root``, and numbers as integers where they are whole."""
    secrets: list[str] = []

    def walk(value: Any, path: str) -> Any:
        if rpc.is_rpc_secret(value):
            secrets.append(path)
            return walk(rpc.unwrap_rpc_secret(value), path)
        if isinstance(value, Mapping):
            return {k: walk(v, f"{path}.{k}" if path else k) for k, v in value.items() if not k.startswith("__")}
        if isinstance(value, list | tuple):
            return [walk(v, f"{path}[{i}]") for i, v in enumerate(value)]
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, pulumi.Asset | pulumi.Archive):
            return _file(value, root)
        if value is None or isinstance(value, str | int | float | bool):
            return value
        raise TypeError(f"{path}: a {type(value).__name__} cannot be recorded")

    return Plain(walk(value, ""), tuple(sorted(secrets)))


def is_file(value: Any) -> bool:
    """Whether a plain value stands for an asset or an archive."""
    return isinstance(value, Mapping) and bool(value.keys() & {ASSET, ARCHIVE})


def _file(value: Any, root: Path) -> dict[str, Any]:
    if isinstance(value, pulumi.StringAsset):
        return {ASSET: {"text": value.text}}
    if isinstance(value, pulumi.AssetArchive):
        return {ARCHIVE: {name: _file(item, root) for name, item in sorted(value.assets.items())}}
    key = ARCHIVE if isinstance(value, pulumi.FileArchive) else ASSET
    path = Path(value.path).resolve()
    return {key: {"path": path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name}}


def references(
    inputs: Any, dependencies: Mapping[str, Sequence[str]], standins: Mapping[str, Standin]
) -> tuple[Reference, ...]:
    """Every place of ``inputs`` that holds an output, and every dependency that the texts do not show.

    ``dependencies`` is input name to URNs, as the SDK reports it: a second net under the first, since a text that was
    cut or hashed on the way no longer holds its stand-in.
    """
    found = set(_visible(inputs, standins))
    shown = {(re.split(r"[.\[]", r.at, maxsplit=1)[0], r.to) for r in found}
    for name, urns in dependencies.items():
        found |= {Reference(at=name, to=urn) for urn in urns if (name, urn) not in shown}
    return tuple(sorted(found, key=lambda r: (r.at, r.to, r.output or "")))


def _visible(inputs: Any, standins: Mapping[str, Standin]) -> Iterator[Reference]:
    for path, leaf in texts(inputs):
        if isinstance(leaf, str | int) and not isinstance(leaf, bool):
            for core in cores(str(leaf)):
                if core in standins:
                    yield Reference(at=path, to=standins[core].urn, output=standins[core].path)
