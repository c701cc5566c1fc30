"""Whether a move loses anything: by what the provider plans, and by what AWS does that no plan shows.

Owns: the changes of types that the provider does not know, what becomes of the plan's, and the order of judging.
Does not own: the plan (``planned``), the rows (``rules``), what is wrong with a change (``losses``, ``doubts``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from llmlz.engine.differ import covers
from llmlz.graph.model import Graph, Resource
from llmlz.moves.doubts import doubts
from llmlz.moves.losses import losses
from llmlz.moves.model import Change, Move
from llmlz.moves.pairs import Pairs, changed, met, pairs
from llmlz.moves.planned import Planned
from llmlz.moves.rules import Rules


def judged(before: Graph, after: Graph, planned: Planned, rules: Rules, *, live: bool = False) -> Move:
    """The whole move; ``live`` says that outputs of the live stack stand where references were."""
    found = pairs(before, after)
    changes = _by_rows(found, planned.unseen)
    changes += [change for change in planned.changes if change.urn not in planned.unseen]
    changes = sorted(_forced(changes, found, rules), key=lambda change: (change.action, change.urn))
    findings = [*losses(changes, found, rules), *doubts(changes, found, planned, rules, live=live)]
    return Move(changes=tuple(changes), findings=tuple(dict.fromkeys(findings)), seconds=planned.seconds)


def _by_rows(found: Pairs, unseen: frozenset[str]) -> list[Change]:
    """Changes of resources that the provider does not know."""
    changes = [_change(new, "create") for new in found.new if new.urn in unseen]
    changes += [_change(gone, "delete") for gone in found.gone if gone.urn in unseen]
    for old, new in found.both:
        if {old.urn, new.urn} & unseen and (paths := changed(old, new)):
            changes.append(replace(_change(new, "update"), properties=paths))
    return changes


def _change(resource: Resource, action: str) -> Change:
    return Change(urn=resource.urn, type=resource.type, action=action, judged_by="rows")  # type: ignore[arg-type]


def _forced(changes: Sequence[Change], found: Pairs, rules: Rules) -> Iterator[Change]:
    """What the plan calls an update, or nothing, and a row or an option of the program makes a replacement."""
    by_urn = {change.urn: change for change in changes}
    pairs_by_urn = {new.urn: (old, new) for old, new in found.both}
    for urn in dict.fromkeys([*by_urn, *pairs_by_urn]):
        change = by_urn.get(urn)
        if urn in pairs_by_urn and (change is None or change.action == "update"):
            old, new = pairs_by_urn[urn]
            rows = [row.property for row in met(old, new, rules) if row.effect == "replaced"]
            asked = [p for p in changed(old, new) for whole in new.options.replace_on_changes if covers(whole, p)]
            if rows or asked:
                shown = change or replace(_change(new, "update"))
                yield replace(shown, action="replace", properties=tuple(dict.fromkeys((*rows, *asked))))
                continue
        if change is not None:
            yield change
