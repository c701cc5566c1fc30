"""``llmlz access``: who may call what."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmlz.cli.loading import estate_at, require_stack
from llmlz.cli.options import DEFAULT_STACK, EXAMPLE, EstateOption, JsonOption, StackOption, console, print_json
from llmlz.errors import BadInputError, ChecksFailedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from llmlz.graph.model import Graph
    from stacks.estate import Estate


ACTION = "bedrock:InvokeModel"


def access(  # noqa: PLR0917  # Typer reads options from the signature
    stack: StackOption = DEFAULT_STACK,
    estate: EstateOption = EXAMPLE,
    explain: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="ROLE PROFILE", help="Say statement by statement why a role may or may not call."),
    ] = None,
    prove: Annotated[
        bool,
        typer.Option("--prove", help="Prove every property of access for the whole estate, over all requests."),
    ] = False,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="FILE", help="Prove that nothing is allowed which the saved estate refused."),
    ] = None,
    listed: Annotated[
        Path | None,
        typer.Option("--listed", metavar="FILE", help="Additions that --against accepts: a YAML list of shapes."),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="FILE", help="Save the recorded estate, for a later --against or --from."),
    ] = None,
    saved: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Take the estate from a saved file instead of recording it."),
    ] = None,
    outputs: Annotated[
        Path | None,
        typer.Option("--outputs", metavar="FOLDER", help="Live outputs, <stack>.json each, in the place of stand-ins."),
    ] = None,
    deployed: Annotated[
        Path | None,
        typer.Option("--deployed", metavar="FILE", help="Policies of the organization as read back, to be proved."),
    ] = None,
    processes: Annotated[int, typer.Option("--processes", min=1, help="Processes that prove.")] = 2,
    anew: Annotated[bool, typer.Option("--anew", help="Prove everything again, whatever was proved before.")] = False,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FOLDER", help="Write the matrix as Markdown, CSV, JSON and HTML."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say which role may call which model on a platform, with a guardrail and without; or prove it for all requests.

    Every layer takes part: policies of the organization, endpoints, boundaries, roles and resources. Exits with 1 when
    something cannot be decided, or a property is not proved.
    """
    from llmlz.access.grid import grid  # noqa: PLC0415
    from llmlz.cli import access_proof, access_tables  # noqa: PLC0415
    from llmlz.cli.accessing import rows  # noqa: PLC0415
    from llmlz.cli.recording import record_estate  # noqa: PLC0415
    from stacks.kinds import OrganizationStack, TeamStack  # noqa: PLC0415

    if prove or against or save:
        if stack != DEFAULT_STACK or explain or write or (prove and against) or (listed and not against):
            raise BadInputError(
                "--prove, --against (with --listed) and --save are about the whole estate: one question at a time,"
                " without --stack, --explain and --write"
            )
        access_proof.run(
            estate,
            prove=prove,
            against=against,
            listed=listed,
            save=save,
            saved=saved,
            processes=processes,
            anew=anew,
            outputs=outputs,
            deployed=deployed,
            as_json=as_json,
        )
        return
    if listed or saved:
        raise BadInputError("--listed belongs to --against, and --from to --prove or --against")
    if explain and write:
        raise BadInputError("--explain is about one call and --write about all: expected one of them")
    found = estate_at(estate)
    require_stack(found, stack)
    chosen = found.stack(stack)
    if isinstance(chosen, OrganizationStack):
        raise BadInputError(
            f"--stack {stack}: an organization calls no model; expected a platform or a team, or --prove"
        )
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
    unguarded = access_tables.unguarded(found)
    shown = grid(matrix, list(graphs.values()), unguarded) if write or not as_json else None
    written = access_tables.write(shown, write) if shown and write else ()
    if as_json:
        print_json([asdict(row) for row in matrix])
    elif shown:
        access_tables.show(shown)
        for path in written:
            console().print(f"written: {path}", highlight=False, markup=False)
    undecided = [row for row in matrix if row.outcome == "indeterminate"]
    if undecided:
        raise ChecksFailedError(f"{stack}: {len(undecided)} calls cannot be decided, such as {undecided[0].reason}")


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
        tuple(named(line, list(graphs.values())) for line in explained(request, role.world())) for request in requests
    ]
    return [
        *blocks,
        (f"the call: {decision.outcome.upper()}, because {named(decision.reason, list(graphs.values()))}",),
    ]
