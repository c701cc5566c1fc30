"""The graph: plain, frozen, ordered values, and their JSON form.

Owns: the types and their serialisation.
Does not own: how a graph comes about (``record``, ``preview``, ``export``) or what is read from it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

Kind = Literal["custom", "component", "provider", "read"]
"""``read`` is a resource that the program looks at and does not own, such as a stack reference."""

FORMAT = 1
"""Version of the JSON form."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Source:
    """The line of a program that made a resource."""

    file: str
    """Path from the root of the repository, with forward slashes."""

    line: int
    """Counted from one."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """One input that is built from an output of another resource."""

    at: str
    """Path of the input, such as ``policy`` or ``rules[0].kmsKeyArn``."""

    to: str
    """URN of the other resource."""

    output: str | None = None
    """Path of the output there; ``None`` where only the dependency is known and the text does not show it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What a program asks of the engine for one resource."""

    aliases: tuple[str, ...] = ()
    """Former URNs or names under which the state may still know the resource."""

    custom_timeouts: Mapping[str, str] = field(default_factory=dict)
    """Operation to duration, such as ``{"create": "30m"}``."""

    delete_before_replace: bool = False
    depends_on: tuple[str, ...] = ()
    """URNs of every resource that must exist first, whatever the reason."""

    ignore_changes: tuple[str, ...] = ()
    import_id: str | None = None
    protect: bool = False
    replace_on_changes: tuple[str, ...] = ()
    retain_on_delete: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One registration."""

    urn: str
    type: str
    """Pulumi token, such as ``aws:kms/key:Key``."""

    name: str
    """Logical name."""

    kind: Kind
    parent: str | None
    """URN of the parent; ``None`` where the stack itself is the parent."""

    inputs: Mapping[str, Any]
    """Plain JSON values by their Pulumi names; outputs of other resources appear as stand-ins."""

    options: Options = field(default_factory=Options)
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """What a component registered; for resources from a live state, what the provider answered."""

    provider: str | None = None
    """URN of the explicit provider; ``None`` for components, and for resources on a default provider."""

    references: tuple[Reference, ...] = ()
    secrets: tuple[str, ...] = ()
    """Paths of inputs that are secret. A recorded graph keeps their values: no real secret exists then."""

    source: Source | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standin:
    """A plausible text or number that takes the place of an output nobody knows before deployment."""

    urn: str
    path: str
    value: str | int | float


@dataclass(frozen=True, kw_only=True)
class Graph:
    """All resources of one stack, ordered by URN."""

    project: str
    stack: str
    resources: tuple[Resource, ...]
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """What the stack exports."""

    standins: Mapping[str, Standin] = field(default_factory=dict)
    """Core of a stand-in (the part that is unique in any text) to what it stands for."""

    account: str = ""
    region: str = ""
    partition: str = "aws"

    @cached_property
    def by_urn(self) -> Mapping[str, Resource]:
        """URN to resource."""
        return {resource.urn: resource for resource in self.resources}

    def of_type(self, *tokens: str) -> tuple[Resource, ...]:
        """Resources whose type is one of ``tokens``, in the graph's order."""
        return tuple(resource for resource in self.resources if resource.type in tokens)

    def custom(self) -> tuple[Resource, ...]:
        """Resources that a provider makes: no components, providers or reads."""
        return tuple(resource for resource in self.resources if resource.kind == "custom")

    def named(self, name: str, token: str | None = None) -> Resource:
        """The one resource with this logical name (and type); raises ``KeyError`` when it is not exactly one."""
        found = [r for r in self.resources if r.name == name and token in (None, r.type)]
        if len(found) != 1:
            raise KeyError(f"{len(found)} resources are called {name!r}" + (f" with type {token}" if token else ""))
        return found[0]

    def to_json(self) -> str:
        """Stable text: equal graphs give equal bytes."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=2, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Graph":
        """The graph that ``to_json`` wrote; raises ``ValueError`` for another format."""
        raw = json.loads(text)
        if raw.pop("format", None) != FORMAT:
            raise ValueError(f"not a graph of format {FORMAT}")
        raw["resources"] = tuple(_resource(r) for r in raw["resources"])
        raw["standins"] = {core: Standin(**s) for core, s in raw["standins"].items()}
        return cls(**raw)


def _resource(raw: dict[str, Any]) -> Resource:
    options: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in raw.pop("options").items()}
    source = raw.pop("source")
    return Resource(
        **{
            **raw,
            "options": Options(**options),
            "references": tuple(Reference(**r) for r in raw["references"]),
            "secrets": tuple(raw["secrets"]),
            "source": Source(**source) if source else None,
        }
    )


def stack_urn(project: str, stack: str) -> str:
    """The URN of a stack itself."""
    return f"urn:pulumi:{stack}::{project}::pulumi:pulumi:Stack::{project}-{stack}"


def token_of(urn: str) -> str:
    """The resource's own type: ``aws:kms/key:Key`` in ``urn:pulumi:dev::shop::llmlz:index:Logs$aws:kms/key:Key::k``."""
    return urn.split("::")[2].rpartition("$")[2]


def texts(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a plain value with its path: ``a.b[0]`` and the text, number, flag or ``None`` there."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from texts(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from texts(inner, f"{path}[{index}]")
    else:
        yield path, value
