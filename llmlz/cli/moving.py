"""From an estate, files and a tier to a verdict: where settings, graphs and the judge of moves meet."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from llmlz.cli.loading import estate_at
from llmlz.cli.recording import record_estate
from llmlz.cost.fixed import fixed_cost
from llmlz.cost.prices import load as load_prices
from llmlz.errors import BadInputError
from llmlz.graph.export import State, load_export
from llmlz.graph.known import with_outputs
from llmlz.graph.model import Graph
from llmlz.moves.away import unsettled, whole
from llmlz.moves.judge import judged
from llmlz.moves.model import Finding, Move
from llmlz.moves.planned import plan, settled
from llmlz.moves.rules import Rules, load
from llmlz.rehearsal.merge import merged
from llmlz.rehearsal.terraform import Terraform
from stacks.estate import Estate
from stacks.kinds import OrganizationStack, PlatformStack
from stacks.tier import TIERS, load_tier

DATA = Path(__file__).parents[2] / "stacks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a move is about, before anything is judged."""

    before: Mapping[str, Graph]
    """Stack to graph, as it is."""

    after: Mapping[str, Graph]
    """Stack to graph, as it would be."""

    findings: tuple[Finding, ...] = ()
    """What speaks against it before anything is planned."""

    live: bool = False
    """Whether what is there was read from a live stack."""

    prerequisites: tuple[tuple[str, str, str], ...] = ()
    """What must be there first, why, and whether it is."""


def idle_costs(asked: Asked) -> tuple[Decimal, Decimal]:
    """US dollars a month of all stacks together, before and after; lower bounds where something has no price."""
    prices = load_prices()
    before, after = (
        sum((fixed_cost(graph, prices).total for graph in graphs.values()), Decimal(0))
        for graphs in (asked.before, asked.after)
    )
    return before, after


@cache
def rules() -> Rules:
    """The rules of this release."""
    return load(DATA / "stateful.yaml", DATA / "stateless.yaml", DATA / "immutable.yaml")


def climb(folder: Path, stack: str, tier: str) -> Asked:
    """A platform of the estate at another tier, with its teams and what stands above it.

    Raises ``BadInputError`` for a stack that is no platform, a tier that does not exist, and for whatever the settings of
    the new tier miss.
    """
    now = estate_at(folder)
    platform = _platform(now, stack)
    if tier not in TIERS:
        raise BadInputError(f"--to {tier}: expected one of {', '.join(TIERS)}, or none")
    then = estate_at(folder, {stack: tier})
    names = _around(now, platform.name)
    return Asked(
        before=_some(now, names),
        after=_some(then, names),
        prerequisites=tuple(_prerequisites(platform, tier, then)),
    )


def away(folder: Path, stack: str) -> Asked:
    """A platform that is taken away, with its second regions and what stands on each, in the order in which they go."""
    now = estate_at(folder)
    platform = _platform(now, stack)
    seconds = [other for other in now.platforms() if other.primary and other.primary.name == platform.name]
    names = [name for one in (*seconds, platform) for name in (*now.standing_on(one.name), one.name)]
    return Asked(before=_some(now, names), after={})


def since(folder: Path, files: Sequence[Path]) -> Asked:
    """What files hold (graphs or exports of live stacks), against the same stacks as the estate says now."""
    estate, states = estate_at(folder), [(file, *_read(file)) for file in files]
    now = record_estate(estate, [graph.stack for _, graph, _ in states])
    before: dict[str, Graph] = {}
    after: dict[str, Graph] = {}
    findings: list[Finding] = []
    for file, graph, state in states:
        if graph.stack not in now:
            known = ", ".join(sorted(estate.stacks))
            raise BadInputError(f"--from {file}: it is of stack {graph.stack}; the estate in {folder} has {known}")
        program = now[graph.stack]
        if graph.stack in before:
            raise BadInputError(f"--from {file}: a second file of stack {graph.stack}; expected one for each")
        if state is None:
            before[graph.stack], after[graph.stack] = graph, program
            continue
        before[graph.stack] = replace(
            graph, account=program.account, region=program.region, partition=program.partition
        )
        after[graph.stack] = with_outputs(program, {r.urn: r.outputs for r in graph.resources})
        findings += unsettled(state, rules())
    return Asked(before=before, after=after, findings=tuple(findings), live=any(state for *_, state in states))


def verdict(asked: Asked) -> Move:
    """The move, judged by the provider's plan and the rows; raises ``ToolMissingError`` without a provider."""
    terraform = Terraform.find()
    before, after = merged(list(asked.before.values())), merged(list(asked.after.values()))
    with tempfile.TemporaryDirectory(prefix="llmlz-move-") as folder:
        state = settled(before, terraform, Path(folder) / "before")
        planned = plan(state, after, terraform, Path(folder) / "after")
        move = judged(before, after, planned, rules(), live=asked.live)
    marks = {graph.stack: graph for graph in (*asked.before.values(), *asked.after.values())}
    return replace(
        move,
        changes=tuple(replace(change, urn=_unmarked(change.urn, marks)) for change in move.changes),
        findings=(*asked.findings, *(replace(one, urn=_unmarked(one.urn, marks)) for one in move.findings)),
    )


def nothing_left(asked: Asked) -> Move:
    """What taking everything away deletes: no plan is needed for that."""
    return whole(asked.before.values(), rules())


def _read(file: Path) -> tuple[Graph, State | None]:
    """A graph, and the state of the live stack that it is of."""
    try:
        raw: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if "deployment" in raw:
            state = load_export(raw)
            return state.graph, state
        return Graph.from_json(json.dumps(raw)), None
    except OSError as error:
        raise BadInputError(f"--from {file}: {error.strerror}; expected a file that is there") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        expected = "what llmlz record --json or pulumi stack export prints"
        raise BadInputError(f"--from {file}: expected {expected} ({error})") from None


def _platform(estate: Estate, name: str) -> PlatformStack:
    found = estate.stacks.get(name)
    if not isinstance(found, PlatformStack):
        known = ", ".join(platform.name for platform in estate.platforms()) or "there is none"
        raise BadInputError(f"--stack {name}: expected a platform stack of {estate.folder}: {known}")
    return found


def _around(estate: Estate, platform: str) -> list[str]:
    """The stacks whose graphs a platform's tier decides: itself, what is above it, its runtime and its teams."""
    return [
        stack.name
        for stack in estate.stacks.values()
        if stack.name == platform
        or isinstance(stack, OrganizationStack)
        or (not isinstance(stack, PlatformStack) and stack.platform.name == platform)
    ]


def _some(estate: Estate, names: Sequence[str]) -> dict[str, Graph]:
    """Graphs of these stacks, in their order; teams that are not among them are not recorded."""
    graphs = record_estate(estate, names)
    return {name: graphs[name] for name in names}


def _prerequisites(platform: PlatformStack, tier: str, then: Estate) -> list[tuple[str, str, str]]:
    """What the tiers between need; the organization is looked up, the rest is for people to see to."""
    between = TIERS[TIERS.index(platform.tier) + 1 : TIERS.index(tier) + 1]
    needed = {what: why for name in between for what, why in load_tier(name).prerequisites.items()}
    above = then.stack(platform.name)
    there = isinstance(above, PlatformStack) and above.organization is not None
    return [(what, why, "there" if what == "organization" and there else "see to it") for what, why in needed.items()]


def _unmarked(urn: str, graphs: Mapping[str, Graph]) -> str:
    stack = urn.split("::", maxsplit=1)[0].rpartition(":")[2]
    graph = graphs.get(stack)
    return urn.replace(f"::{graph.project}::{stack}$", f"::{graph.project}::", 1) if graph else urn
