"""What is wrong with holdings and models: pure functions of what was read, and of the time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from llmlz.inventory.facts import Node, PlaceFacts
from llmlz.inventory.model import Finding, FindingKind, Holding, Model

PLATFORM = "platform"
"""What stands as the team in tags of what all teams share."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """What counts as long, and who belongs to us."""

    now: datetime
    """The time of the inventory."""

    idle: timedelta
    """From when on something unused is a finding; what is younger may still be starting."""

    expiring: timedelta
    """Until when an end is a finding."""

    accounts: frozenset[str]
    """Accounts of the estate."""

    complete: bool = True
    """Whether every place of the estate was asked; what was not asked cannot be said to be somebody else's."""


def problem(kind: FindingKind, what: str, where: str, fix: str) -> Finding:
    """Something is to be done."""
    return Finding(kind=kind, outcome="problem", what=what, where=where, fix=fix)


def undecided(kind: FindingKind, what: str, where: str, fix: str) -> Finding:
    """Nobody can say."""
    return Finding(kind=kind, outcome="indeterminate", what=what, where=where, fix=fix)


def spot_of(one: Holding) -> str:
    """Where a holding is, as findings name it."""
    return " ".join(part for part in (one.account, one.region, one.cluster, one.node or one.instance) if part)


def judge_place(place: PlaceFacts, found: Iterable[Holding], bounds: Bounds) -> Iterator[Finding]:
    """Nodes and instances of one place."""
    nodes = {(cluster.name, node.name): node for cluster in place.clusters for node in cluster.nodes}
    launched = {one.id: one.launched for one in place.instances or ()}
    read = {cluster.name for cluster in place.clusters}
    ended = {
        (cluster.name, pod.node): pod.ended
        for cluster in place.clusters
        for pod in sorted(
            (one for one in cluster.pods if one.ended is not None), key=lambda one: one.ended or bounds.now
        )
    }
    for one in found:
        node = nodes.get((one.cluster, one.node))
        if node is not None:
            yield from _node(one, node, ended.get((one.cluster, one.node)), bounds)
        elif one.cluster in read and bounds.now - launched[one.instance] >= bounds.idle:
            yield problem(
                "no-gpu",
                f"{one.instance_type} runs for {told(bounds.now - launched[one.instance])} and is no node of its cluster",
                spot_of(one),
                "look at its log and at the access entry of its role, or end it",
            )
        elif one.cluster and one.cluster not in read:
            yield undecided(
                "unreadable",
                f"{one.gpus} accelerators are of cluster {one.cluster}, which was not read: who holds them is not known",
                spot_of(one),
                "let this command read the cluster, or tag it managed-by=llmlz",
            )
        yield from _untagged(one)
        if one.expires is not None:
            what = f"{one.gpus} accelerators in capacity block {one.reservation}"
            yield from ending(
                what, one.expires, spot_of(one), "save what runs on it: AWS ends instances half an hour before", bounds
            )


def _node(one: Holding, node: Node, ended: datetime | None, bounds: Bounds) -> Iterator[Finding]:
    where = spot_of(one)
    if node.divided:
        yield undecided(
            "unreadable",
            "it offers parts of accelerators, which are not counted here",
            where,
            "count them by hand, or give pods whole accelerators",
        )
    elif not one.known:
        yield undecided(
            "unreadable",
            "a pod on it asks for parts of accelerators, or by a resource claim: what is free is not known",
            where,
            "count them by hand, or let pods ask for whole accelerators",
        )
    elif one.gpus == 0 and bounds.now - node.created >= bounds.idle:
        yield problem(
            "no-gpu",
            f"it joined {told(bounds.now - node.created)} ago and offers no accelerator",
            where,
            "see that the device plugin runs on it and tolerates its taints, or replace the node",
        )
    if one.over:
        yield problem(
            "over-committed",
            f"pods hold {one.allocated} accelerators, and it offers {one.gpus}",
            where,
            "a device has failed: cordon the node, and let its pods move",
        )
    if one.known and one.gpus and one.allocated == 0:
        yield from _idle(one, node, ended, bounds)


def _idle(one: Holding, node: Node, ended: datetime | None, bounds: Bounds) -> Iterator[Finding]:
    """Since a recorded moment, or else since some moment after the last that is known of.

    Pods that were deleted leave no trace on a node, so without a record nobody knows how long it has been idle.
    """
    latest = max(moment for moment in (node.created, ended, node.quiet_since) if moment is not None)
    if bounds.now - latest < bounds.idle:
        return
    what = f"none of its {one.gpus} accelerators is held"
    fix = "remove the node, or shorten consolidateAfter of its pool"
    if node.quiet_since is not None:
        yield problem("idle", f"{what} for {told(bounds.now - latest)}", spot_of(one), fix)
    else:
        more = f"{what}, and nothing records since when: at most {told(bounds.now - latest)}"
        yield undecided("idle", more, spot_of(one), f"look again in {told(bounds.idle)}; then {fix}")


def _untagged(one: Holding) -> Iterator[Finding]:
    for share in one.shares:
        if not share.team:
            by = f"namespace {share.namespace}" if share.namespace else f"instance {one.instance}"
            label = f"label {share.namespace} with llmlz.io/team" if share.namespace else "tag the instance with team"
            yield problem("untagged", f"{by} holds {share.gpus} accelerators, of no team", spot_of(one), label)


def judge_models(found: Iterable[Model], bounds: Bounds) -> Iterator[Finding]:
    """Models and throughputs."""
    for one in found:
        where = f"{one.account} {one.region} {one.name}"
        if one.team == "":
            yield problem("untagged", f"{one.kind} {one.name} names no team", where, "tag it with team")
        if one.expires is not None:
            fix = (
                "end it, or commit again: without either it goes on at the price without commitment"
                if one.kind == "provisioned"
                else "move to a model that stays (docs/guides/add-a-team.md)"
            )
            yield from ending(f"{one.kind} {one.name}", one.expires, where, fix, bounds)


def ending(what: str, end: datetime, where: str, fix: str, bounds: Bounds) -> Iterator[Finding]:
    """Something that ended, or ends soon."""
    if end <= bounds.now:
        yield problem("expiring", f"{what} ended on {end:%Y-%m-%d %H:%M}", where, fix)
    elif end - bounds.now <= bounds.expiring:
        yield problem("expiring", f"{what} ends on {end:%Y-%m-%d %H:%M}, in {told(end - bounds.now)}", where, fix)


def told(length: timedelta) -> str:
    """A length of time for people: days, hours or minutes, rounded down."""
    for unit, seconds in (("day", 86400), ("hour", 3600), ("minute", 60)):
        number = int(length.total_seconds() // seconds)
        if number >= 1:
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "less than a minute"
