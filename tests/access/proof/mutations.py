"""Classic mistakes in access policies, as rows of ``mutations.yaml``, and how each is planted into a recorded estate.

Owns: the grammar of a row. Does not own: how a graph is changed (``change``), who notices (``test_mutations``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from llmlz.access.bundle import Bundle
from llmlz.access.proof.names import Names, filled
from llmlz.graph.model import Graph
from tests.access.proof import change
from tests.generated import ORGANIZATION, platform_of

FILE = Path(__file__).with_name("mutations.yaml")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One mistake, and what must come of it: one of ``property``, ``refused`` and ``equivalent``."""

    name: str
    family: str
    tier: str
    """Tier of the platform around which it is planted."""

    edits: tuple[Mapping[str, Any], ...]
    layer: str = ""
    """Layer whose proof must break while all other layers are open; ``all layers`` for what only shows together."""

    property: str = ""
    refused: str = ""
    """Words of the message, where nobody can decide about the document any more."""

    store: str = ""
    """Engine of the vector store around which it is planted; the one that the generated estate has if empty."""

    equivalent: str = ""
    """Why nothing that is promised changes: the proof must stay as it is, and the row is not counted."""

    def __str__(self) -> str:
        return f"{self.family}: {self.name}"


def load(path: Path = FILE) -> tuple[Mutation, ...]:
    """All rows, in their order; raises ``KeyError`` or ``ValueError`` for a row that is not understood."""
    raw = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    return tuple(_mutation(family, name, dict(row)) for family, rows in raw.items() for name, row in rows.items())


def _mutation(family: str, name: str, row: Json) -> Mutation:
    layer, _, property_ = row.pop("broken", "").partition("/")
    tier, refused, equivalent = row.pop("at"), row.pop("refused", ""), row.pop("equivalent", "")
    store = row.pop("store", "")
    if sum(map(bool, (property_, refused, equivalent))) != 1:
        raise ValueError(f"{name}: expected one of broken, refused and equivalent")
    edits = row.pop("edits", None) or [{key: row.pop(key) for key in list(row)}]
    if row:
        raise ValueError(f"{name}: not understood beside edits: {', '.join(row)}")
    return Mutation(
        name=name,
        family=family,
        tier=tier,
        edits=tuple(edits),
        layer=layer,
        property=property_,
        refused=refused,
        store=store,
        equivalent=equivalent,
    )


def around(bundle: Bundle, tier: str) -> Bundle:
    """The part of an estate that a mistake at this tier reaches: one platform, its teams and the organization."""
    (platform,) = (platform for platform in bundle.intent.platforms if platform.stack == platform_of(tier))
    stacks = {platform.stack, ORGANIZATION, *(team.stack for team in platform.teams)}
    graphs = {name: graph for name, graph in bundle.graphs.items() if name in stacks}
    boundaries = {arn: text for arn, text in bundle.intent.boundaries.items() if arn.split(":")[4] == platform.account}
    return Bundle(graphs=graphs, intent=replace(bundle.intent, platforms=(platform,), boundaries=boundaries))


def planted(mutation: Mutation, bundle: Bundle, names: Names) -> Bundle:
    """The estate with the mistake in it; ``names`` stand for what the row writes with ``$``.

    Raises ``KeyError`` and ``ValueError`` for a row that fits the estate no more.
    """
    for edit in mutation.edits:
        bundle = _edited(mutation.tier, {key: _filled(value, names) for key, value in edit.items()}, bundle)
    return bundle


def _edited(tier: str, edit: Json, bundle: Bundle) -> Bundle:
    (platform,) = bundle.intent.platforms
    where, _, name = edit.pop("in").partition("/")
    if where == "boundary":
        return change.planted(bundle, intent=change.changed_boundary(bundle.intent, name, _document(edit)))
    stacks = {
        "organization": ORGANIZATION,
        "platform": platform.stack,
        "runtime": platform.runtime,
        "team": platform.teams[0].stack,
    }
    starts = {"organization": f"unit-{tier}-", "platform": "", "runtime": "", "team": f"{platform.teams[0].team}-"}
    graph, name = bundle.graphs[stacks[where]], starts[where] + name
    if edit.pop("gone", False):
        return change.planted(bundle, change.without(graph, name))
    if (given := edit.pop("input", None)) is not None:
        value = _of(graph, edit.pop("like")) if "like" in edit else edit.pop("value")
        return change.planted(bundle, change.changed(graph, name, given, lambda _: value))
    inputs = graph.named(name).inputs
    (at,) = (key for key, text in inputs.items() if isinstance(text, str) and '"Statement"' in text)
    return change.planted(bundle, change.changed(graph, name, at, _document(edit)))


def _of(graph: Graph, place: str) -> Any:
    """What another resource of the stack has as an input, written as ``<resource>/<input>``."""
    name, _, given = place.partition("/")
    return graph.named(name).inputs[given]


def _document(edit: Json) -> change.Change:
    """The change of one document, or of one of its statements."""
    sid, more, lost = edit.pop("statement", None), edit.pop("add", ()), edit.pop("lost", False)
    acts = [(act, path, value) for verb, act in VERBS.items() for path, value in edit.pop(verb, {}).items()]
    if edit:
        raise KeyError(f"not understood: {', '.join(edit)}")

    def changed(target: Json) -> Json | None:
        for act, path, value in acts:
            *above, last = path.split("/")
            holder = target
            for step in above:
                holder = holder[step]
            act(holder, last, value)
        return None if lost else target

    def whole(document: Json) -> Any:
        document = {**document, "Statement": [*document["Statement"], *more]}
        return change.statement(sid, changed)(document) if sid else changed(document)

    return whole


def _set(holder: Json, key: str, value: Any) -> None:
    if value is None:
        del holder[key]
    else:
        holder[key] = value


def _with(holder: Json, key: str, values: Sequence[str]) -> None:
    holder[key] = [*_listed(holder[key]), *values]


def _without(holder: Json, key: str, values: Sequence[str]) -> None:
    before = _listed(holder[key])
    holder[key] = [value for value in before if value not in values]
    if len(holder[key]) != len(before) - len(values):
        raise KeyError(f"{key} has not all of {', '.join(values)}")


def _rename(holder: Json, key: str, name: str) -> None:
    holder[name] = holder.pop(key)


VERBS: Mapping[str, Callable[[Json, str, Any], None]] = {
    "set": _set,
    "with": _with,
    "without": _without,
    "rename": _rename,
}
"""What a row does to an element; the path to it goes from element to element, with slashes between."""


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def _filled(value: Any, names: Names) -> Any:
    """The value with its $names replaced; a name with several values becomes several items of the list around it."""
    if isinstance(value, str):
        texts = filled(value, names)
        return texts[0] if len(texts) == 1 else list(texts)
    if isinstance(value, Mapping):
        return {key: _filled(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [item for inner in value for item in _listed(_filled(inner, names))]
    return value
