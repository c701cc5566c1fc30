"""What a plan does not show: refusals and losses that rows know, places that changed, and what nobody here can decide.

Everything that holds state and is not clearly kept is a finding; a plan that says less than the graphs is one too.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from llmlz.engine.differ import covers
from llmlz.graph.model import Graph, Resource, token_of
from llmlz.moves.losses import NAMES
from llmlz.moves.model import Action, Change, Finding, Rule
from llmlz.moves.pairs import Pairs, changed, met
from llmlz.moves.planned import Planned
from llmlz.moves.rules import Effect, Rules

SAID: Mapping[Effect, Rule] = {"refused": "refused", "irreversible": "irreversible", "loses": "loses"}
PLACES = ("region", "allowedAccountIds", "assumeRoles")
"""Inputs of an explicit provider that say where its resources are."""


def doubts(changes: Sequence[Change], found: Pairs, planned: Planned, rules: Rules, *, live: bool) -> Iterator[Finding]:
    """Every such finding."""
    actions: dict[str, Action] = {change.urn: change.action for change in changes}
    yield from _from_rows(found, rules)
    yield from _disagreements(actions, found, planned)
    for old, new in found.both:
        holds = new.type in rules.stateful or old.options.protect
        if not holds or actions.get(new.urn) == "replace":
            continue
        yield from _moved_away(old, new, found)
        yield from _unnamed(old, new)
        if unknown := _undecided(old, new, planned, rules):
            says = "the provider at hand does not know this input, and no row says what AWS does with a change of it"
            yield finding("undecided", new, unknown, says, "look it up, and add a row to stacks/immutable.yaml")
        replaced = [r.to for r in new.references if actions.get(r.to) == "replace"] if live else []
        if replaced:
            says = f"it is made from outputs of {replaced[0].rpartition('::')[2]}, which is replaced"
            way_out = "keep that, or judge the preview of the live stack (--preview), which knows what follows from it"
            yield finding("undecided", new, (), says, way_out)


def _from_rows(found: Pairs, rules: Rules) -> Iterator[Finding]:
    """What AWS refuses, deletes in an update, or never takes back."""
    for old, new in found.both:
        for row in met(old, new, rules):
            if row.effect in SAID:
                yield finding(SAID[row.effect], new, (row.property,), row.because, row.way_out)
    for new in found.new:
        for row in rules.met(new.type, {}, new.inputs):
            if row.change == "set" and row.effect == "irreversible":
                yield finding("irreversible", new, (row.property,), row.because, row.way_out)


def _disagreements(actions: Mapping[str, Action], found: Pairs, planned: Planned) -> Iterator[Finding]:
    """A plan that does not do what the graphs say: a state that is not the one of the first graph, or a lost resource."""
    wanted: list[tuple[Resource, Action | None]] = [
        *((gone, "delete") for gone in found.gone),
        *((new, "create") for new in found.new),
        *((new, None) for old, new in found.both if not {old.urn, new.urn} & planned.unseen),
    ]
    for resource, action in wanted:
        does = actions.get(resource.urn)
        if does != action if action else does in ("create", "delete"):
            says = f"the graphs say {action or 'that it stays'}, and the plan says {does or 'nothing'}"
            yield finding(
                "undecided", resource, (), says, "remove the kept states (llmlz/states in the cache), and ask again"
            )
    known = {r.urn for pair in found.both for r in pair} | {r.urn for r in (*found.gone, *found.new)}
    for urn in sorted(set(actions) - known):
        yield Finding(
            rule="undecided",
            urn=urn,
            type=token_of(urn),
            properties=(),
            because="the plan changes it, and neither graph has it",
            way_out="remove the kept states (llmlz/states in the cache), and ask again",
        )


def _moved_away(old: Resource, new: Resource, found: Pairs) -> Iterator[Finding]:
    """Another account or region: the engine makes it again there, and a plan of one document does not show that."""
    before, after = place(found.before, old), place(found.after, new)
    if before != after:
        shown = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        says = f"it would be made again elsewhere: {', '.join(f'{n} {before.get(n)} to {after.get(n)}' for n in shown)}"
        yield finding("replaced", new, tuple(shown), says, "keep account and region; another one is another stack")


def place(graph: Graph, resource: Resource) -> dict[str, str]:
    """Where a resource is: what its provider says, and its own region over that; an empty one is not known."""
    provider = graph.by_urn.get(resource.provider or "")
    given: dict[str, Any] = {name: provider.inputs.get(name) for name in PLACES} if provider else {}
    own = resource.inputs.get("region")
    if isinstance(own, str):
        given["region"] = own
    return {name: _plain(value) for name, value in given.items() if value is not None}


def _plain(value: Any) -> str:
    """A list is the same list when it travels as JSON."""
    found = json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value
    return found if isinstance(found, str) else json.dumps(found, sort_keys=True)


def _unnamed(old: Resource, new: Resource) -> Iterator[Finding]:
    """A physical name that is no longer said: the engine would make one up."""
    for name in NAMES:
        if isinstance(old.inputs.get(name), str) and new.inputs.get(name) is None:
            says = "the engine makes up another name where none is said, and so another resource"
            yield finding("replaced", new, (name,), says, "keep the name that it was born with")


def _undecided(old: Resource, new: Resource, planned: Planned, rules: Rules) -> tuple[str, ...]:
    left_out = {*planned.left_out.get(old.urn, ()), *planned.left_out.get(new.urn, ())}
    whole = bool({old.urn, new.urn} & planned.unseen)
    paths = [path for path in changed(old, new) if whole or any(_top(path) == _top(one) for one in left_out)]
    known = [row.property for row in met(old, new, rules)]
    return tuple(path for path in paths if not any(covers(whole, path) for whole in known))


def _top(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def finding(rule: Rule, resource: Resource, properties: tuple[str, ...], because: str, way_out: str) -> Finding:
    """A finding about one resource."""
    return Finding(
        rule=rule,
        urn=resource.urn,
        type=resource.type,
        properties=properties,
        because=because,
        way_out=way_out,
        source=resource.source,
    )
