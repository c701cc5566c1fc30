"""Who may call what: every role against every model of the given stacks, with and without a guardrail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from llmlz.access.calls import ACTIONS, Target, decide_call, targets
from llmlz.access.evaluate import Outcome
from llmlz.access.layers import Role, from_graph
from llmlz.access.world import Surroundings
from llmlz.graph.model import Graph, Source

TEAM_TAG = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One role, one target, one action, one guardrail: may it call?"""

    stack: str
    """Stack of the role."""

    role: str
    """Logical name of the role."""

    team: str | None
    """Tag ``team`` of the role."""

    target: str
    """Logical name of the inference profile, or the id of a foundation model that is called directly."""

    direct: bool
    """The foundation model is called without a profile."""

    region: str
    action: str
    guardrail: str | None
    """``<guardrail ARN>:<version>`` given with the call, or ``None``."""

    outcome: Outcome
    statement: str | None
    """Sid of the statement that decided; ``None`` where none did."""

    source: Source | None
    """The line of that statement's policy, else of the role."""

    reason: str
    layer: str = ""
    """Layer that decided; empty where doubt did."""


def matrix(
    graphs: Sequence[Graph],
    boundaries: Mapping[str, str],
    *,
    destinations: Mapping[str, Sequence[str]],
    guardrails: Sequence[str],
    managed: Mapping[str, str] | None = None,
    around: Surroundings | None = None,
) -> tuple[Row, ...]:
    """All rows, in the order of the graphs, roles and targets.

    ``boundaries`` and ``managed`` are policy texts by ARN, see ``layers.from_graph``; ``destinations`` are the regions
    of system-defined profiles, see ``calls.targets``; ``guardrails`` are the identifiers to try besides calling
    without one; ``around`` are the layers of the account, see ``surroundings``.
    """
    roles = [(graph, role) for graph in graphs for role in from_graph(graph, boundaries, managed, around)]
    found = dict.fromkeys(target for graph in graphs for target in targets(graph, destinations))
    return tuple(
        _row(graph, role, target, action, guardrail)
        for graph, role in roles
        for target in found
        for action in ACTIONS
        for guardrail in (None, *guardrails)
    )


def _row(graph: Graph, role: Role, target: Target, action: str, guardrail: str | None) -> Row:
    decision = decide_call(role, target, action, guardrail)
    statement = decision.statement
    return Row(
        stack=graph.stack,
        role=role.name,
        team=role.tags.get(TEAM_TAG),
        target=target.name,
        direct=target.profile is None,
        region=target.region,
        action=action,
        guardrail=guardrail,
        outcome=decision.outcome,
        statement=statement.sid if statement else None,
        source=(statement.origin.source if statement else None) or role.source,
        reason=decision.reason,
        layer=decision.layer,
    )
