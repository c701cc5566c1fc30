"""One resource as the engine writes it, turned into a resource of the graph.

Previews and states use the same JSON for a resource (``apitype.ResourceV3`` in Pulumi's SDK). What the engine marks
inside values is made plain here:

* a value that only a deployment will know becomes ``{"$unknown": True}``;
* a secret becomes ``"[secret]"``, and its path is kept in ``Resource.secrets``;
* files become ``$asset`` and ``$archive``, as in a recorded graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

from pulumi.runtime import rpc

from llmlz.graph.model import Kind, Options, Resource, Source
from llmlz.graph.monitor import NOT_PROGRAM, STACK
from llmlz.graph.plain import ARCHIVE, ASSET, references

UNKNOWN = "$unknown"
"""Key of the marker that stands where nothing is known yet."""
SECRET = "[secret]"  # noqa: S105  # what the engine shows, not a secret
SENTINELS = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # flag
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # text
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # list
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
"""What the engine writes for unknowns: sdk/go/common/resource/plugin/rpc.go of pulumi/pulumi 3.256.0."""

ENGINE_INPUTS = ("version",)
"""Inputs that the engine adds to a provider; a program does not set them."""
BUILTIN = "pulumi:providers:pulumi"
"""The engine's own provider, which reads stack references."""
UNITS = (("h", 3600), ("m", 60), ("s", 1))


@dataclass(slots=True)
class Made:
    """A plain value, and the paths in it that are secret."""

    value: Any = None
    secrets: list[str] = field(default_factory=list)


def plain(value: Any) -> Made:
    """The value without the engine's marks."""
    made = Made()
    made.value = _walk(value, "", made)
    return made


def resource(state: Mapping[str, Any], *, root: Path, project_folder: Path) -> Resource:
    """The resource of one state. ``project_folder`` is where ``Pulumi.yaml`` was: source paths start there."""
    kind = _kind(state)
    added = ENGINE_INPUTS if kind == "provider" else ()
    given = {name: value for name, value in state.get("inputs", {}).items() if name not in added}
    inputs, outputs = plain(given), plain(state.get("outputs", {}))
    if kind == "read" and not inputs.value:
        inputs.value = {"name": outputs.value["name"]} if "name" in outputs.value else {}
    if state.get("id"):
        outputs.value = {**outputs.value, "id": plain(state["id"]).value}
    return Resource(
        urn=state["urn"],
        type=state["type"],
        name=state["urn"].rpartition("::")[2],
        kind=kind,
        parent=parent(state),
        inputs=inputs.value,
        options=_options(state),
        outputs=outputs.value,
        provider=_provider(state),
        references=references(inputs.value, state.get("propertyDependencies", {}), {}),
        secrets=tuple(sorted(inputs.secrets)),
        source=_source(state, root, project_folder),
    )


def parent(state: Mapping[str, Any]) -> str | None:
    """URN of the parent; ``None`` where that is the stack."""
    urn: str = state.get("parent", "")
    return urn if urn and urn.split("::")[2] != STACK else None


def is_default_provider(urn: str) -> bool:
    """Whether the engine made this provider by itself; a recorded graph has none of those."""
    token, name = urn.split("::")[2:4]
    return token == BUILTIN or (token.startswith("pulumi:providers:") and name.startswith("default_"))


def _provider(state: Mapping[str, Any]) -> str | None:
    urn: str = state.get("provider", "").rpartition("::")[0]
    return urn if urn and not is_default_provider(urn) else None


def _walk(value: Any, path: str, made: Made) -> Any:
    if isinstance(value, Mapping):
        if rpc._special_sig_key in value:
            return _marked(value, path, made)
        return {k: _walk(v, f"{path}.{k}" if path else k, made) for k, v in value.items() if not k.startswith("__")}
    if isinstance(value, list):
        return [_walk(inner, f"{path}[{index}]", made) for index, inner in enumerate(value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value == SECRET:
        made.secrets.append(path)
    elif isinstance(value, str) and any(sentinel in value for sentinel in SENTINELS):
        return {UNKNOWN: True}
    return value


def _marked(value: Mapping[str, Any], path: str, made: Made) -> Any:
    """A value with the engine's mark: a file, a resource, or a secret; what is not known is kept like a secret."""
    mark = value[rpc._special_sig_key]
    if mark == rpc._special_resource_sig:
        return value["urn"]
    if mark not in (rpc._special_asset_sig, rpc._special_archive_sig):
        made.secrets.append(path)
        return SECRET
    key = ASSET if mark == rpc._special_asset_sig else ARCHIVE
    if "assets" in value:
        return {key: {name: _walk(inner, f"{path}.{name}", made) for name, inner in sorted(value["assets"].items())}}
    return {key: {name: value[name] for name in ("text", "path", "uri") if name in value}}


def _kind(state: Mapping[str, Any]) -> Kind:
    if not state.get("custom"):
        return "component"
    if state.get("external"):
        return "read"
    return "provider" if state["type"].startswith("pulumi:providers:") else "custom"


def _options(state: Mapping[str, Any]) -> Options:
    timeouts = state.get("customTimeouts") or {}
    return Options(
        aliases=tuple(sorted(state.get("aliases", ()))),
        custom_timeouts={name: _duration(seconds) for name, seconds in timeouts.items() if seconds},
        delete_before_replace=bool(state.get("deleteBeforeReplace")),
        depends_on=tuple(sorted(state.get("dependencies", ()))),
        ignore_changes=tuple(sorted(state.get("ignoreChanges", ()))),
        import_id=state.get("importID") or None,
        protect=bool(state.get("protect")),
        replace_on_changes=tuple(sorted(state.get("replaceOnChanges", ()))),
        retain_on_delete=bool(state.get("retainOnDelete")),
    )


def _duration(seconds: float) -> str:
    """Seconds in the largest unit that divides them: 1800 is ``30m``."""
    return next(f"{int(seconds // size)}{unit}" for unit, size in UNITS if seconds % size == 0 or size == 1)


def _source(state: Mapping[str, Any], root: Path, project_folder: Path) -> Source | None:
    """The innermost line of the project itself, as in a recorded graph."""
    positions = [frame.get("sourcePosition", "") for frame in state.get("stackTrace", ())]
    for position in positions or [state.get("sourcePosition", "")]:
        where = urlparse(position)
        if where.scheme not in ("project", "file"):
            continue
        path = Path(unquote(where.path))
        if where.scheme == "project":
            path = project_folder / path.relative_to("/")
        path = path.resolve()
        if path.is_relative_to(root) and path.relative_to(root).parts[0] not in NOT_PROGRAM:
            return Source(file=path.relative_to(root).as_posix(), line=int(where.fragment or 0))
    return None
