"""Whether a move loses anything: by what the provider plans, and by what AWS does that no plan shows.

Owns: the changes of types that the provider does not know, and every finding with its way out.
Does not own: the plan (``planned``), the rows (``rules``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from llmlz.engine.differ import changes as differences
from llmlz.graph.model import Graph, Resource
from llmlz.moves.model import Change, Finding, Move
from llmlz.moves.pairs import Pairs, inputs, pairs
from llmlz.moves.planned import Planned
from llmlz.moves.rules import Row, Rules

NAMES = ("name", "bucket", "clusterIdentifier", "vectorBucketName", "indexName", "family", "parameter")
"""Inputs that are physical names."""


def judged(before: Graph, after: Graph, planned: Planned, rules: Rules) -> Move:
    """The whole move."""
    found = pairs(before, after)
    changes = _by_rows(found, planned.unseen, rules)
    changes += [change for change in planned.changes if change.urn not in planned.unseen]
    changes = sorted(_forced(changes, found, rules), key=lambda change: (change.action, change.urn))
    findings = list(dict.fromkeys([*_losses(changes, found, rules), *_odd(changes, found, planned, rules)]))
    return Move(changes=tuple(changes), findings=tuple(findings), seconds=planned.seconds)


def _by_rows(found: Pairs, unseen: frozenset[str], rules: Rules) -> list[Change]:
    """Changes of resources that the provider does not know."""
    changes = [_change(new, "create") for new in found.new if new.urn in unseen]
    changes += [_change(gone, "delete") for gone in found.gone if gone.urn in unseen]
    for old, new in found.both:
        if {old.urn, new.urn} & unseen and (paths := _paths(old, new)):
            changes.append(replace(_change(new, "update"), properties=paths))
    return changes


def _change(resource: Resource, action: str) -> Change:
    return Change(urn=resource.urn, type=resource.type, action=action, judged_by="rows")  # type: ignore[arg-type]


def _paths(old: Resource, new: Resource) -> tuple[str, ...]:
    ignored = new.options.ignore_changes
    return tuple(change.path for change in differences(new.type, inputs(old, ignored), inputs(new, ignored)))


def _forced(changes: Sequence[Change], found: Pairs, rules: Rules) -> Iterator[Change]:
    """Updates that are replacements by a row, or by an option of the program."""
    by_urn = {new.urn: (old, new) for old, new in found.both}
    for change in changes:
        if change.action == "update" and change.urn in by_urn:
            old, new = by_urn[change.urn]
            rows = [row for row in _met(old, new, rules) if row.effect == "replaced"]
            asked = [p for p in _paths(old, new) for w in new.options.replace_on_changes if p.startswith(w)]
            if rows or asked:
                yield replace(change, action="replace", properties=(*(row.property for row in rows), *asked))
                continue
        yield change


def _met(old: Resource, new: Resource, rules: Rules) -> tuple[Row, ...]:
    ignored = new.options.ignore_changes
    return rules.met(new.type, inputs(old, ignored), inputs(new, ignored))


def _losses(changes: Sequence[Change], found: Pairs, rules: Rules) -> Iterator[Finding]:
    """Replacements and deletions of what holds state, or is protected."""
    before = {new.urn: (old, new) for old, new in found.both} | {gone.urn: (gone, gone) for gone in found.gone}
    for change in changes:
        if change.action not in ("replace", "delete"):
            continue
        old, new = before[change.urn]
        lost = rules.stateful.get(change.type)
        if old.options.retain_on_delete or (lost is None and not old.options.protect):
            continue
        rule = "protected" if lost is None else "replaced" if change.action == "replace" else "deleted"
        yield Finding(
            rule=rule,  # type: ignore[arg-type]
            urn=change.urn,
            type=change.type,
            properties=change.properties,
            because=f"lost would be {lost}" if lost else "the engine refuses: it is protected",
            way_out=_way_out(change, old, new, found, rules),
            source=new.source,
        )


def _way_out(change: Change, old: Resource, new: Resource, found: Pairs, rules: Rules) -> str:
    if change.action == "delete":
        twins = [r.name for r in found.new if r.type == change.type]
        if twins:
            return f"if it is now called {' or '.join(sorted(twins))}, give that the alias {old.name!r}; else keep it"
        return "keep it, or take its data elsewhere, unprotect it and delete it by itself before the move"
    rows = [row for row in _met(old, new, rules) if row.effect in ("replaced", "refused")]
    if rows:
        return rows[0].way_out
    if set(change.properties) & set(NAMES):
        return "keep the name that it was born with: names carry neither a tier nor a release"
    what = ", ".join(change.properties) or "the inputs"
    return f"keep {what} as it was born, make a new one beside it, or move the data in a step of its own"


def _odd(changes: Sequence[Change], found: Pairs, planned: Planned, rules: Rules) -> Iterator[Finding]:
    """What AWS refuses or never takes back, and what nobody here can decide."""
    actions = {change.urn: change.action for change in changes}
    for old, new in found.both:
        for row in _met(old, new, rules):
            if row.effect in ("refused", "irreversible"):
                yield _finding(row.effect, new, (row.property,), row.because, row.way_out)
        if new.type in rules.stateful and actions.get(new.urn) != "replace":
            unknown = _undecided(old, new, planned, rules)
            if unknown:
                yield _finding(
                    "undecided",
                    new,
                    unknown,
                    "the provider at hand does not know this input, and no row says what AWS does with a change of it",
                    "look it up, and add a row to stacks/immutable.yaml",
                )


def _undecided(old: Resource, new: Resource, planned: Planned, rules: Rules) -> tuple[str, ...]:
    left_out = {*planned.left_out.get(old.urn, ()), *planned.left_out.get(new.urn, ())}
    whole = bool({old.urn, new.urn} & planned.unseen)
    changed = [path for path in _paths(old, new) if whole or any(_same(path, one) for one in left_out)]
    return tuple(path for path in changed if not rules.says_of(new.type, path))


def _same(path: str, left_out: str) -> bool:
    return path.partition(".")[0].partition("[")[0] == left_out.partition(".")[0].partition("[")[0]


def _finding(rule: str, resource: Resource, properties: tuple[str, ...], because: str, way_out: str) -> Finding:
    return Finding(
        rule=rule,  # type: ignore[arg-type]
        urn=resource.urn,
        type=resource.type,
        properties=properties,
        because=because,
        way_out=way_out,
        source=resource.source,
    )
