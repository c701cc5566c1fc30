"""What the real provider plans for one graph over the state that another one leaves, without a cloud.

Owns: the settled state of the first graph, which is kept for the next time, and the plan of the second over it.
Does not own: types that the provider does not know (``judge``), or what a change means.
"""

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llmlz.errors import LlmlzError
from llmlz.files import digest, write_whole
from llmlz.graph.model import Graph, token_of
from llmlz.moves.model import Action, Change
from llmlz.rehearsal import names, settle, tool, unverified
from llmlz.rehearsal.merge import one_provider
from llmlz.rehearsal.provider import ProviderBlock
from llmlz.rehearsal.render import Rendered, render, write
from llmlz.rehearsal.schema import Schema
from llmlz.rehearsal.terraform import Terraform

REPLACE = (["delete", "create"], ["create", "delete"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The provider's part of a move."""

    changes: tuple[Change, ...]
    unseen: frozenset[str]
    """URNs that the provider did not get to see, because it does not know their types."""

    left_out: Mapping[str, frozenset[str]]
    """URN to the inputs that the provider did not get to see."""

    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """What one graph leaves behind, as the provider sees it."""

    graph: Graph
    rendered: Rendered
    state: Mapping[str, Any]


def settled(graph: Graph, terraform: Terraform, folder: Path) -> Settled:
    """The state after a perfect deployment of ``graph``; raises ``LlmlzError`` when the provider refuses the graph.

    It is kept in the user's cache under the hash of what was planned, so that only the first move from it waits.
    """
    schema = _schema(terraform, graph)
    rendered = _rendered(graph, schema)
    name = hashlib.sha256(
        json.dumps(
            [rendered.document, graph.account, terraform.version, terraform.provider_version, _own_version()],
            sort_keys=True,
        ).encode()
    ).hexdigest()
    place = tool.cache() / "states"
    if (place / f"{name}.json").is_file():
        kept: dict[str, Any] = json.loads((place / f"{name}.json").read_text(encoding="utf-8"))
        if _addresses(kept) == set(rendered.addresses):
            return Settled(graph, rendered, kept)
    write(rendered, folder)
    terraform.init(folder)
    planned = terraform.plan(folder)
    if planned.plan is None:
        raise LlmlzError(f"the provider refuses what there is: {'; '.join(d.summary for d in planned.errors)}")
    state = settle.settled_state(planned.plan, rendered, _provider(graph), schema)
    write_whole(place, {f"{name}.json": json.dumps(state)})
    return Settled(graph, rendered, state)


def over(graph: Graph, state: Mapping[str, Any], terraform: Terraform) -> Settled:
    """A state that was kept, as the starting point of a plan; ``graph`` is what it was computed from."""
    return Settled(graph, _rendered(graph, _schema(terraform, graph)), state)


def plan(before: Settled, after: Graph, terraform: Terraform, folder: Path) -> Planned:
    """The changes from a settled state to a graph; raises ``LlmlzError`` when the provider refuses the graph."""
    seconds: dict[str, float] = {}
    with _timed(seconds, "render"):
        schema = _schema(terraform, after)
        rendered = _rendered(after, schema)
        write(rendered, folder)
        settle.write_state(before.state, folder)
    with _timed(seconds, "plan"):
        terraform.init(folder)
        planned = terraform.plan(folder)
    if planned.plan is None:
        raise LlmlzError(f"the provider refuses what there would be: {'; '.join(map(_words, planned.errors))}")
    addresses = {**before.rendered.addresses, **rendered.addresses}
    return Planned(
        changes=tuple(_changes(planned.plan["resource_changes"], addresses, schema)),
        unseen=_unseen(before.graph, before.rendered) | _unseen(after, rendered),
        left_out=_together(before.rendered.missed, rendered.missed),
        seconds=seconds,
    )


def _changes(found: Iterable[Mapping[str, Any]], addresses: Mapping[str, str], schema: Schema) -> Iterator[Change]:
    for one in found:
        action = _action(one["change"]["actions"])
        if action is None:
            continue
        urn = addresses[one["address"]]
        token = token_of(urn)
        named = _properties(one["change"], action)
        yield Change(urn=urn, type=token, action=action, properties=_pulumi_names(named, token, one["type"], schema))


def _action(actions: list[str]) -> Action | None:
    if actions in REPLACE:
        return "replace"
    one: dict[str, Action] = {"create": "create", "update": "update", "delete": "delete"}
    return one.get(actions[0])


def _properties(change: Mapping[str, Any], action: Action) -> list[str]:
    if action == "replace":
        return sorted({str(path[0]) for path in change.get("replace_paths") or ()})
    if action != "update":
        return []
    before, after, unknown = change["before"], change["after"], change.get("after_unknown") or {}
    return sorted(n for n in {*before, *after, *unknown} if before.get(n) != after.get(n) or unknown.get(n))


def _pulumi_names(arguments: list[str], token: str, type_: str, schema: Schema) -> tuple[str, ...]:
    back = {argument.name: name for name, argument in schema.block(type_).properties.items()}
    back |= {name: renamed for renamed, name in names.properties(token).items() if name}
    return tuple(sorted(back.get(name, names.camel(name)) for name in arguments if name != "tags_all"))


def _rendered(graph: Graph, schema: Schema) -> Rendered:
    rendered = render(graph, _provider(graph), schema, unverified.committed())
    one_provider(rendered.document, schema)
    return rendered


def _provider(graph: Graph) -> ProviderBlock:
    return ProviderBlock.offline(graph.region, graph.account)


def _schema(terraform: Terraform, graph: Graph) -> Schema:
    return terraform.schema({names.terraform_type(resource.type) or "" for resource in graph.custom()})


def _unseen(graph: Graph, rendered: Rendered) -> frozenset[str]:
    """Resources that are in the graph and not in the document."""
    return frozenset(resource.urn for resource in graph.custom()) - frozenset(rendered.addresses.values())


def _together(*missed: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """What either document lacks of a resource."""
    return {urn: frozenset().union(*(one.get(urn, ()) for one in missed)) for urn in {u for one in missed for u in one}}


def _addresses(state: Mapping[str, Any]) -> set[str]:
    return {f"{resource['type']}.{resource['name']}" for resource in state.get("resources", ())}


def _words(diagnostic: Any) -> str:
    where = f"{diagnostic.address}: " if diagnostic.address else ""
    return f"{where}{diagnostic.summary} {' '.join(diagnostic.detail.split())}".strip()


def _own_version() -> str:
    """Hash of what computes states: another computation, another state."""
    folder = Path(settle.__file__).parent
    return digest([*folder.glob("*.py"), *(folder / "data").iterdir()])


@contextmanager
def _timed(seconds: dict[str, float], step: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds[step] = round(time.perf_counter() - started, 2)
