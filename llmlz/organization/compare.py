"""Planned policies beside deployed ones.

Owns: what counts as the same policy, and the differences in words.
Does not own: which requests a difference lets through (``llmlz.access`` on ``snapshot_documents``).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from llmlz.access.documents import Origin, Statement, parse
from llmlz.access.organization import LAYERS
from llmlz.graph.model import Graph, texts
from llmlz.organization.planned import Place, Planned, planned
from llmlz.organization.snapshot import Attached, Snapshot, Target

What = Literal["missing", "changed", "wrong target", "additional", "undecided"]
SHOWN = 3
"""How many places of a declarative policy a message names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One policy that is not deployed as it is planned, or deployed and not planned."""

    what: What
    policy: str
    """Its name in AWS."""

    type: str
    target: str
    """Where it is planned, or, for an additional one, where it is."""

    why: str

    def __str__(self) -> str:
        return f"{self.what}: {self.type} {self.policy} on {self.target}: {self.why}"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A planned policy on one of its places."""

    policy: Planned
    place: Place
    target: Target | None
    why: str
    """Why there is no target."""


def compare(graph: Graph, snapshot: Snapshot) -> tuple[Difference, ...]:
    """Every difference; empty when everything planned is deployed, and nothing else of the same types.

    A policy is the same if it has the same name, or says the same, on the same target. Where no target or several could
    be the planned one, the difference is undecided. Policies are compared by what
    they say: white space, the order of statements and values, and Sids do not matter. Policies that AWS manages
    are nobody's addition. Raises ``BadInputError`` for what ``planned`` refuses.
    """
    found: list[Difference] = []
    left = {(t.id, p.id): (t, p) for t in snapshot.targets for p in t.policies if not p.aws_managed}
    absent: list[_Wanted] = []
    for policy in planned(graph):
        for place in policy.places:
            wanted = _Wanted(policy, place, *_target(snapshot, place))
            deployed = _deployed(wanted)
            if deployed is None or wanted.target is None:
                absent.append(wanted)
                continue
            left.pop((wanted.target.id, deployed.id), None)
            found += _changed(policy, wanted.target, deployed)
    for wanted in absent:
        elsewhere = [(t, p) for t, p in left.values() if _same(wanted.policy, p)]
        for target, deployed in elsewhere:
            left.pop((target.id, deployed.id))
        found.append(_absent(wanted, snapshot, [target for target, _ in elsewhere]))
    found += [
        Difference(what="additional", policy=p.name, type=p.type, target=str(t), why="it is not planned here")
        for t, p in left.values()
    ]
    return tuple(found)


def _target(snapshot: Snapshot, place: Place) -> tuple[Target | None, str]:
    """The target that is meant, or why there is none."""
    if place.id is not None:
        found = [target for target in snapshot.targets if target.id == place.id]
    elif place.kind == "root":
        found = [target for target in snapshot.targets if target.kind == "root"]
    else:
        found = [target for target in snapshot.targets if (target.kind, target.name) == (place.kind, place.name)]
    if len(found) == 1:
        return found[0], ""
    return None, f"{len(found)} targets of the snapshot are {place}"


def _deployed(wanted: _Wanted) -> Attached | None:
    """The policy on the target, by its name, else by what it says."""
    here = [p for p in (wanted.target.policies if wanted.target else ()) if _same(wanted.policy, p)]
    by_name = [policy for policy in here if policy.name == wanted.policy.name]
    return next(iter(by_name + here), None)


def _same(policy: Planned, deployed: Attached) -> bool:
    if policy.type != deployed.type or deployed.aws_managed:
        return False
    return policy.name == deployed.name or (
        not policy.unknown and meaning(policy.type, policy.content) == meaning(deployed.type, deployed.content)
    )


def _changed(policy: Planned, target: Target, deployed: Attached) -> Iterator[Difference]:
    what: What = "changed"
    if policy.unknown:
        what, why = "undecided", f"the plan holds {', '.join(policy.unknown)}, known only after a deployment"
    elif meaning(policy.type, policy.content) == meaning(deployed.type, deployed.content):
        return
    else:
        why = _how(policy.type, policy.content, deployed.content)
    yield Difference(what=what, policy=policy.name, type=policy.type, target=str(target), why=why)


def _absent(wanted: _Wanted, snapshot: Snapshot, elsewhere: list[Target]) -> Difference:
    what: What = "missing"
    where = f"it is attached to {', '.join(map(str, elsewhere))}" if elsewhere else "it is attached nowhere"
    if wanted.policy.type not in snapshot.enabled:
        where = "policies of this type are not enabled in the root"
    elif wanted.target is None:
        what, where = "undecided", f"{wanted.why}; {where}"
    elif elsewhere:
        what = "wrong target"
    return Difference(
        what=what,
        policy=wanted.policy.name,
        type=wanted.policy.type,
        target=str(wanted.target or wanted.place),
        why=where,
    )


@lru_cache(maxsize=4096)
def meaning(type_: str, content: str) -> Any:
    """A value that is equal for two policies of a type if they say the same."""
    if type_ in LAYERS:
        document = parse(content, Origin(layer=LAYERS[type_], name=""))
        if not document.undecided:
            return frozenset(_statement(statement) for statement in document.statements)
    return _plain(_loaded(content))


def _statement(statement: Statement) -> Any:
    named = statement.principals
    return (
        statement.effect,
        frozenset(action.lower() for action in statement.actions),
        statement.not_action,
        frozenset(statement.resources),
        statement.not_resource,
        frozenset((c.written, c.key, frozenset(c.values)) for c in statement.conditions),
        named and (named.anyone, frozenset(named.accounts), frozenset(named.arns), frozenset(named.others)),
    )


def _plain(value: Any) -> Any:
    """A JSON value without the order of keys and of texts in lists, which can be compared and hashed."""
    if isinstance(value, dict):
        return "object", frozenset((key, _plain(inner)) for key, inner in value.items())
    if isinstance(value, list) and all(isinstance(inner, str) for inner in value):
        return "texts", frozenset(value)
    if isinstance(value, list):
        return "list", tuple(_plain(inner) for inner in value)
    return type(value), value


def _loaded(content: str) -> Any:
    try:
        return json.loads(content)
    except json.JSONDecodeError:
        return content


def _how(type_: str, wanted: str, deployed: str) -> str:
    """Which statements, or which places of a declarative policy, differ."""
    if type_ in LAYERS:
        ours, theirs = (parse(text, Origin(layer=LAYERS[type_], name="")) for text in (wanted, deployed))
        if ours.undecided or theirs.undecided:
            return f"it cannot be read: {ours.undecided or theirs.undecided}"
        mine, there = ({_statement(s): s.sid for s in document.statements} for document in (ours, theirs))
        lost = [sid for statement, sid in mine.items() if statement not in there]
        new = [sid for statement, sid in there.items() if statement not in mine]
        parts = [f"not deployed: {', '.join(lost)}"] if lost else []
        return "; ".join([*parts, *([f"deployed instead: {', '.join(new)}"] if new else [])])
    ours_at, theirs_at = dict(texts(_loaded(wanted))), dict(texts(_loaded(deployed)))
    paths = sorted(p for p in ours_at.keys() | theirs_at.keys() if ours_at.get(p) != theirs_at.get(p))
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    return f"it differs at {', '.join(paths[:SHOWN])}{more}"
