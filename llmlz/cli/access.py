"""``llmlz access``: who may call what."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from llmlz.cli.loading import estate_at, require_stack
from llmlz.cli.options import DEFAULT_STACK, EXAMPLE, EstateOption, JsonOption, StackOption, console, print_json
from llmlz.errors import BadInputError, ChecksFailedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from llmlz.access.matrix import Row
    from llmlz.graph.model import Graph
    from stacks.estate import Estate


ACTION = "bedrock:InvokeModel"


def access(
    stack: StackOption = DEFAULT_STACK,
    estate: EstateOption = EXAMPLE,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="ROLE PROFILE", help="Say statement by statement why a role may or may not call."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say which role may call which model on a platform, with a guardrail and without; by evaluation, not by sampling.

    Evaluated are the roles' own policies and their permission boundary. Exits with 1 when something cannot be decided.
    """
    from llmlz.cli.accessing import rows  # noqa: PLC0415
    from llmlz.cli.recording import record_estate  # noqa: PLC0415
    from stacks.kinds import TeamStack  # noqa: PLC0415

    found = estate_at(estate)
    require_stack(found, stack)
    chosen = found.stack(stack)
    platform = chosen.platform.name if isinstance(chosen, TeamStack) else stack
    graphs = record_estate(found)
    if explain:
        lines = _explained(found, graphs, platform, *explain)
        if as_json:
            print_json(lines)
        else:
            console().print("\n\n".join("\n".join(check) for check in lines), highlight=False)
        return
    matrix = [row for row in rows(found, graphs, platform) if stack in (platform, row.stack)]
    if as_json:
        print_json([asdict(row) for row in matrix])
    else:
        _print(matrix)
    undecided = [row for row in matrix if row.outcome == "indeterminate"]
    if undecided:
        raise ChecksFailedError(f"{stack}: {len(undecided)} calls cannot be decided, such as {undecided[0].reason}")


def _print(matrix: "list[Row]") -> None:
    for row in (row for row in matrix if row.outcome != "denied"):
        how = "with the guardrail" if row.guardrail else "without a guardrail"
        console().print(f"{row.outcome}  {row.role}  {row.action}  {row.target}  {how}  {row.source}", highlight=False)
    denied = [row for row in matrix if row.outcome == "denied"]
    foreign = [row for row in denied if not row.direct]
    console().print(
        f"\n{len(matrix)} calls evaluated, {len(matrix) - len(denied)} allowed or undecided, {len(denied)} denied"
        f" ({len(foreign)} of profiles, {len(denied) - len(foreign)} of models without a profile)",
        highlight=False,
    )


def _explained(
    found: "Estate", graphs: "Mapping[str, Graph]", platform: str, role_name: str, profile: str
) -> list[tuple[str, ...]]:
    """The lines about each authorisation check of one call."""
    from llmlz.access.calls import checks, decide_call, guardrail_versions, targets  # noqa: PLC0415
    from llmlz.access.explain import explain as explained  # noqa: PLC0415
    from llmlz.cli.accessing import destinations, roles  # noqa: PLC0415
    from llmlz.graph.inventory import named  # noqa: PLC0415

    known = {role.name: role for name in graphs for role in roles(found, graphs, name)}
    routes = destinations(found)
    goals = {target.name: target for graph in graphs.values() for target in targets(graph, routes)}
    if role_name not in known:
        raise BadInputError(f"--explain {role_name}: no such role; there are {', '.join(sorted(known))}")
    if profile not in goals:
        raise BadInputError(f"--explain {profile}: no such profile or model; there are {', '.join(sorted(goals))}")
    role = known[role_name]
    versions = guardrail_versions(graphs[platform])
    guardrail = versions[-1] if versions else None
    requests = checks(role, goals[profile], ACTION, guardrail)
    decision = decide_call(role, goals[profile], ACTION, guardrail)
    blocks = [
        tuple(named(line, list(graphs.values())) for line in explained(request, role.identity, role.boundary))
        for request in requests
    ]
    return [
        *blocks,
        (f"the call: {decision.outcome.upper()}, because {named(decision.reason, list(graphs.values()))}",),
    ]
