"""What a move takes away: replacements and deletions of what holds state, is protected, or has been classified by nobody."""

from collections.abc import Iterator, Sequence

from llmlz.graph.model import Resource
from llmlz.moves.model import Change, Finding, Rule
from llmlz.moves.pairs import Pairs, met
from llmlz.moves.rules import Rules

NAMES = (
    "bucket",
    "clusterIdentifier",
    "collectionName",
    "creationToken",
    "family",
    "indexName",
    "name",
    "parameter",
    "vectorBucketName",
)
"""Inputs that are physical names."""


def losses(changes: Sequence[Change], found: Pairs, rules: Rules) -> Iterator[Finding]:
    """A finding for each replacement and deletion that loses something, or of which nobody knows whether it does."""
    before = {new.urn: (old, new) for old, new in found.both} | {gone.urn: (gone, gone) for gone in found.gone}
    for change in changes:
        if change.urn not in before:
            continue
        old, new = before[change.urn]
        rule, because = loss(change, rules, protected=old.options.protect, retained=old.options.retain_on_delete)
        if rule is not None:
            yield Finding(
                rule=rule,
                urn=change.urn,
                type=change.type,
                properties=change.properties,
                because=because,
                way_out=_way_out(change, old, new, found, rules),
                source=new.source,
            )


def loss(change: Change, rules: Rules, *, protected: bool, retained: bool) -> tuple[Rule | None, str]:
    """What a replacement or a deletion takes away, and why it matters; ``None`` where nothing is lost.

    What is retained leaves the state and stays in the cloud, unless it is protected, which stops the engine, or replaced:
    then the program goes on with an empty one.
    """
    kept = change.action == "delete" and retained and not protected
    if change.action not in ("replace", "delete") or kept:
        return None, ""
    lost, noted = rules.stateful.get(change.type), rules.stateless.get(change.type)
    if lost is not None:
        return ("replaced" if change.action == "replace" else "deleted"), f"lost would be {lost}"
    if protected:
        return "protected", "the engine refuses: it is protected"
    if noted is None:
        return "undecided", "nobody has said whether this type holds anything that cannot be made again"
    return ("irreversible", f"gone for good is {noted}") if noted else (None, "")


def _way_out(change: Change, old: Resource, new: Resource, found: Pairs, rules: Rules) -> str:
    if change.type not in rules.stateful and change.type not in rules.stateless:
        return "look it up, and add the type to stacks/stateful.yaml or stacks/stateless.yaml"
    if rules.stateless.get(change.type) and not old.options.protect:
        return "keep it, or tell whoever counts on it before the move"
    if change.action == "delete":
        twins = sorted(r.name for r in found.new if r.type == change.type)
        kept = f"if it is now called {' or '.join(twins)}, give that the alias {old.name!r}; else keep it"
        return (
            kept
            if twins
            else "keep it, or take its data elsewhere, unprotect it and delete it by itself before the move"
        )
    rows = [row for row in met(old, new, rules) if row.effect in ("replaced", "refused")]
    return rows[0].way_out if rows else _kept(change)


def _kept(change: Change) -> str:
    """What to do about inputs that force a replacement, where no row knows better."""
    if set(change.properties) & set(NAMES):
        return "keep the name that it was born with: names carry neither a tier nor a release"
    what = ", ".join(change.properties) or "the inputs"
    return f"keep {what} as it was born, make a new one beside it, or move the data in a step of its own"
